// SPDX-License-Identifier: Apache-2.0
// Parses what it reads: a key's scheme and a payload in hex a line in; out, its kind, chain, level
// and round, or the code of its refusal. So that a second parser, in another language, can be asked
// the same (test_payload.py).

#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

#include <redoubt/base/encoding.hpp>
#include <redoubt/tezos/payload.hpp>

namespace {

using redoubt::tezos::SignatureScheme;

struct Scheme {
    std::string_view name;
    SignatureScheme scheme;
};
constexpr std::array schemes = {
    Scheme{"ed25519", SignatureScheme::Ed25519}, Scheme{"secp256k1", SignatureScheme::Secp256k1},
    Scheme{"p256", SignatureScheme::P256}, Scheme{"bls12_381", SignatureScheme::Bls12381}};

std::string parse(std::string_view line) {
    const std::size_t space = std::min(line.find(' '), line.size());
    const auto* const scheme = std::ranges::find(schemes, line.substr(0, space), &Scheme::name);
    const auto payload = redoubt::from_hex(line.substr(std::min(space + 1, line.size())));
    if (scheme == schemes.end() || !payload) throw std::runtime_error("cannot read the line");
    const auto message = redoubt::tezos::parse_payload(*payload, scheme->scheme);
    if (!message) return std::string(name(message.error().code));
    return std::string(name(message->kind)) + " " + redoubt::to_hex(message->chain.value()) + " " +
           std::to_string(message->at.level.value()) + " " +
           std::to_string(message->at.round.value());
}

}  // namespace

int main() {
    try {
        for (std::string line; std::getline(std::cin, line);) std::cout << parse(line) << '\n';
    } catch (const std::exception& error) {
        std::cerr << "payload-tool: " << error.what() << '\n';
        return 1;
    }
}
