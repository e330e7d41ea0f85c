// SPDX-License-Identifier: Apache-2.0
// Does what src/sealed does, a line a question, so that others' implementations can be asked the
// same (test_sealed.py). Bytes are in hex; a share is its place, a colon and its bytes.
//   derive INPUT ID                                K and its check
//   split K THRESHOLD N                            shares
//   combine SHARE...                               K
//   seal K ID PURPOSE PUBLIC_KEY SECRET            the envelope
//   unseal K ID PURPOSE PUBLIC_KEY SEALED          the secret, or the code of the refusal
#include <exception>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <redoubt/base/encoding.hpp>
#include <sealed/parts.hpp>

namespace {

using namespace redoubt;
using namespace redoubt::sealed;

using Words = std::vector<std::string>;

template <class T>
T known(std::optional<T> value, const std::string& text) {
    if (!value) throw std::runtime_error("cannot read " + text);
    return *std::move(value);
}

Bytes hex(const std::string& text) { return known(from_hex(text), text); }
WrapKey key(const std::string& text) {
    return KeyAccess::made_of(GuardedBytes::copy_of(hex(text)));
}
WrapId id(const std::string& text) { return known(WrapId::parse(text), text); }
Purpose purpose(const std::string& text) { return known(parse_purpose(text), text); }

unsigned number(const std::string& text) { return static_cast<unsigned>(std::stoul(text)); }

std::string derive(const Words& words) {
    const WrapKey made = derived(hex(words.at(1)));
    return to_hex(KeyAccess::bytes(made)) + " " + to_hex(made.check(id(words.at(2))));
}

std::string split_key(const Words& words) {
    const auto shares = split(key(words.at(1)), number(words.at(2)), number(words.at(3))).value();
    std::string text;
    for (const Share& share : shares) {
        text += std::to_string(share.x) + ":" + to_hex(share.bytes.view()) + " ";
    }
    return text;
}

std::string combine(const Words& words) {
    std::vector<Share> shares;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::size_t colon = words[i].find(':');
        const Bytes bytes = hex(words[i].substr(colon + 1));
        shares.push_back({number(words[i].substr(0, colon)), GuardedBytes::copy_of(bytes)});
    }
    std::vector<const Share*> all;
    for (const Share& share : shares) all.push_back(&share);
    return to_hex(value_at(0, all).view());
}

std::string answer(const Words& words) {
    const std::string& question = words.at(0);
    if (question == "derive") return derive(words);
    if (question == "split") return split_key(words);
    if (question == "combine") return combine(words);
    const WrapKey wrap_key = key(words.at(1));
    const WrapId wrap_id = id(words.at(2));
    const Purpose what_for = purpose(words.at(3));
    const Bytes public_key = hex(words.at(4));
    const Bytes text = hex(words.at(5));
    if (question == "seal") return to_hex(seal(wrap_key, wrap_id, what_for, public_key, text));
    if (question != "unseal") throw std::runtime_error("no such question: " + question);
    const auto secret = unseal(wrap_key, wrap_id, what_for, public_key, text);
    return secret ? to_hex(secret->view()) : std::string(name(secret.error().code));
}

}  // namespace

int main() {
    try {
        for (std::string line; std::getline(std::cin, line);) {
            std::istringstream in(line);
            Words words;
            for (std::string word; in >> word;) words.push_back(word);
            std::cout << answer(words) << '\n';
        }
    } catch (const std::exception& error) {
        std::cerr << "sealed-tool: " << error.what() << '\n';
        return 1;
    }
}
