// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/mnemonic.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include <redoubt/base/nfkd.hpp>
#include <redoubt/base/secret.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/crypto/kdf.hpp>

#include "word_list.hpp"

// BIP-39: entropy of 4 n bytes and the first n bits of its SHA-256, cut into 3 n groups of 11 bits,
// each the number of a word.
namespace redoubt::ethereum {
namespace {

constexpr std::size_t max_words = 24;
constexpr std::size_t bits_of_word = 11;
constexpr std::size_t max_text = 1024;  // ten times what 24 words need
constexpr std::size_t max_passphrase = 1024;
constexpr std::string_view salt_prefix = "mnemonic";  // before the passphrase
constexpr std::uint32_t seed_rounds = 2048;

/// The words' bits: entropy and, behind it, the checksum's byte.
constexpr std::size_t max_packed = Mnemonic::entropy_size + 1;

/// Numbers of words, in pages of their own.
class Indices {
public:
    void push(std::uint16_t index) {
        memory_.bytes()[2 * size_] = static_cast<Byte>(index >> 8U);
        memory_.bytes()[2 * size_ + 1] = static_cast<Byte>(index & 0xffU);
        ++size_;
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] unsigned at(std::size_t i) const {
        return memory_.view()[2 * i] * 256U + memory_.view()[2 * i + 1];
    }

private:
    GuardedBytes memory_{2 * max_words};
    std::size_t size_ = 0;
};

bool bit(ByteView bytes, std::size_t at) {
    return (unsigned{bytes[at / 8]} >> (7 - at % 8) & 1U) != 0;
}

/// Behind the entropy, as many of its hash's bits as the checksum has, and zeros.
void append_checksum(std::span<Byte> packed, std::size_t entropy_size) {
    ByteArray<32> hash = crypto::sha256(packed.first(entropy_size));
    const auto bits = static_cast<unsigned>(entropy_size / 4);
    packed[entropy_size] = static_cast<Byte>(hash[0] & (0xff00U >> bits));
    wipe(hash);
}

GuardedBytes packed(const Indices& indices) {
    GuardedBytes bytes(max_packed);
    for (std::size_t at = 0; at < indices.size() * bits_of_word; ++at) {
        const unsigned index = indices.at(at / bits_of_word);
        const unsigned value = index >> (bits_of_word - 1 - at % bits_of_word) & 1U;
        bytes.bytes()[at / 8] = static_cast<Byte>(bytes.bytes()[at / 8] | value << (7 - at % 8));
    }
    return bytes;
}

bool checksum_is_right(const Indices& indices) {
    const GuardedBytes given = packed(indices);
    const std::size_t entropy_size = indices.size() / 3 * 4;
    GuardedBytes expected = GuardedBytes::copy_of(given.view());
    append_checksum(expected.bytes(), entropy_size);
    return equal_in_constant_time(given.view(), expected.view());
}

GuardedBytes text_of_words(const Indices& indices) {
    std::size_t size = indices.size() - 1;
    for (std::size_t i = 0; i < indices.size(); ++i) size += english_word(indices.at(i)).size();
    GuardedBytes text(size);
    auto to = text.bytes().begin();
    for (std::size_t i = 0; i < indices.size(); ++i) {
        if (i != 0) *to++ = ' ';
        to = std::ranges::copy(english_word(indices.at(i)), to).out;
    }
    return text;
}

/// Cuts off the first word, and the white space before it; empty if there is none.
std::string_view take_word(std::string_view& rest) {
    constexpr std::string_view spaces = " \t\r\n\v\f";
    rest.remove_prefix(std::min(rest.find_first_not_of(spaces), rest.size()));
    const std::string_view word = rest.substr(0, rest.find_first_of(spaces));
    rest.remove_prefix(word.size());
    return word;
}

/// Of words that are not in the list.
struct Unknown {
    std::size_t first = 0;  // counted from 1
    std::size_t count = 0;
};

/// That it is in another language, if most words are; else which word is wrong.
std::unexpected<Error> unknown_word(std::string_view text, const Unknown& unknown,
                                    std::size_t words) {
    const bool most = 2 * unknown.count > words;
    const auto normal = most ? nfkd(text) : std::nullopt;
    const auto language =
        normal ? other_language(text_of(normal->view())) : std::optional<std::string_view>();
    if (language) {
        return fail(Code::BadRequest, "the mnemonic is in BIP-39's list for " +
                                          std::string(*language) +
                                          ": only the English list is known here");
    }
    return fail(Code::BadRequest, "word " + std::to_string(unknown.first) +
                                      " of the mnemonic is not in BIP-39's English list, whose "
                                      "words are in lower case and whole");
}

}  // namespace

Mnemonic Mnemonic::generate(ByteView entropy) {
    if (entropy.size() < 16 || entropy.size() > entropy_size || entropy.size() % 4 != 0) {
        throw std::logic_error("no mnemonic has that much entropy");
    }
    GuardedBytes bytes(max_packed);
    std::ranges::copy(entropy, bytes.bytes().begin());
    append_checksum(bytes.bytes(), entropy.size());
    Indices indices;
    for (std::size_t word = 0; word < entropy.size() / 4 * 3; ++word) {
        unsigned index = 0;
        for (std::size_t i = 0; i < bits_of_word; ++i) {
            index = index * 2 + (bit(bytes.view(), word * bits_of_word + i) ? 1 : 0);
        }
        indices.push(static_cast<std::uint16_t>(index));
    }
    return Mnemonic(text_of_words(indices));
}

Result<Mnemonic> Mnemonic::parse(std::string_view text) {
    if (text.size() > max_text) {
        return fail(Code::BadRequest, "the mnemonic has " + std::to_string(text.size()) +
                                          " bytes, at most " + std::to_string(max_text) + " count");
    }
    std::size_t count = 0;
    Unknown unknown;
    Indices indices;
    std::string_view rest = text;
    for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) {
        ++count;
        const auto index = english_index(word);
        if (!index && ++unknown.count == 1) unknown.first = count;
        if (count <= max_words) indices.push(index.value_or(0));
    }
    if (unknown.count != 0) return unknown_word(text, unknown, count);
    if (count < 12 || count > max_words || count % 3 != 0) {
        return fail(Code::BadRequest, "the mnemonic has " + std::to_string(count) +
                                          " words, not 12, 15, 18, 21 or 24");
    }
    if (!checksum_is_right(indices)) {
        return fail(Code::BadRequest,
                    "the mnemonic's last word does not hold the others' checksum: a word is "
                    "wrong, or two changed places");
    }
    return Mnemonic(text_of_words(indices));
}

Result<GuardedBytes> Mnemonic::seed(std::string_view passphrase) const {
    const auto normal =
        passphrase.size() > max_passphrase ? std::optional<GuardedBytes>() : nfkd(passphrase);
    if (!normal) {
        return fail(Code::BadRequest, "the mnemonic's passphrase is not UTF-8 of at most " +
                                          std::to_string(max_passphrase) + " bytes");
    }
    GuardedBytes salt(salt_prefix.size() + normal->size());
    const auto end = std::ranges::copy(salt_prefix, salt.bytes().begin()).out;
    std::ranges::copy(normal->view(), end);
    return crypto::derive_key(crypto::Pbkdf2{crypto::Prf::HmacSha512, seed_rounds}, words_.view(),
                              salt.view(), seed_size);
}

std::vector<GuardedBytes> Mnemonic::seeds(std::span<const Mnemonic> all) {
    std::vector<ByteView> words;
    for (const Mnemonic& one : all) words.push_back(one.words_.view());
    return crypto::derive_seeds(seed_rounds, words, bytes_of(salt_prefix));
}

}  // namespace redoubt::ethereum
