// SPDX-License-Identifier: Apache-2.0
// Tezos' texts: keys, addresses, signatures, chain ids. The input: a text, or the bytes of one.
#include <algorithm>

#include <redoubt/base/encoding.hpp>
#include <redoubt/tezos/base58.hpp>
#include <redoubt/tezos/secret_key.hpp>
#include <redoubt/tezos/types.hpp>

#include "check.hpp"

namespace redoubt::fuzz::base58 {
namespace {

/// What a text is, by the table of octez' base58.ml: prefix, bytes after it, first letters, length.
struct Kind {
    std::string_view prefix;
    std::size_t size;
    std::string_view letters;
    std::size_t length;
};
constexpr std::array kinds = {
    Kind{"575200", 4, "Net", 15},         Kind{"06a19f", 20, "tz1", 36},
    Kind{"06a1a1", 20, "tz2", 36},        Kind{"06a1a4", 20, "tz3", 36},
    Kind{"0d0f25d9", 32, "edpk", 54},     Kind{"03fee256", 33, "sppk", 55},
    Kind{"03b28b7f", 33, "p2pk", 55},     Kind{"09f5cd8612", 64, "edsig", 99},
    Kind{"0d7365133f", 64, "spsig1", 99}, Kind{"36f02c34", 64, "p2sig", 98},
    Kind{"04822b", 64, "sig", 96},        Kind{"06a1a6", 20, "tz4", 36},
    Kind{"069587cc", 48, "BLpk", 76},     Kind{"28ab40cf", 96, "BLsig", 142},
};

const Kind* kind_of(ByteView bytes) {
    const auto found = std::ranges::find_if(kinds, [bytes](const Kind& kind) {
        return bytes.size() == kind.prefix.size() / 2 + kind.size &&
               to_hex(bytes).starts_with(kind.prefix);
    });
    return found == kinds.end() ? nullptr : found;
}

struct Readings {
    std::optional<tezos::ChainId> chain;
    std::optional<tezos::KeyHash> hash;
    std::optional<tezos::PublicKey> key;
    std::optional<tezos::SignatureText> signature;
};

Readings readings_of(std::string_view text) {
    return {tezos::parse_chain_id(text), tezos::parse_key_hash(text), tezos::parse_public_key(text),
            tezos::parse_signature(text)};
}

std::string written(const Readings& read) {
    if (read.chain) return tezos::to_text(*read.chain);
    if (read.hash) return tezos::to_text(*read.hash);
    if (read.key) return tezos::to_text(*read.key);
    if (read.signature && read.signature->scheme) {
        return tezos::to_text(*read.signature->scheme, read.signature->raw);
    }
    return {};
}

void check_readings(std::string_view text, ByteView bytes) {
    const Readings read = readings_of(text);
    const int count = int{read.chain.has_value()} + int{read.hash.has_value()} +
                      int{read.key.has_value()} + int{read.signature.has_value()};
    check(count <= 1, "a text is one thing at most");
    const Kind* kind = kind_of(bytes);
    check(kind != nullptr || count == 0, "what has no kind's prefix and length is nothing");
    if (kind == nullptr) return;
    check(text.starts_with(kind->letters) && text.size() == kind->length,
          "a kind's texts have its letters and its length");
    // A public key that is no point on its curve is none.
    const bool is_key = kind->letters.ends_with("pk");
    check(is_key || count == 1, "what has a kind's prefix and length is of that kind");
    const bool is_generic = kind->letters == "sig";
    check(count == 0 || is_generic || written(read) == text, "what is read is written as it was");
}

/// A text that somebody sends.
void read_text(std::string_view text) {
    const auto bytes = tezos::from_base58check(text);
    if (!bytes) {
        const Readings read = readings_of(text);
        check(!read.chain && !read.hash && !read.key && !read.signature,
              "what is no base58 with its checksum is nothing");
        return;
    }
    check(text.size() <= tezos::max_base58_length, "no longer text is read");
    check(tezos::to_base58check(*bytes) == text, "one spelling for each value");
    check_readings(text, *bytes);
}

/// The text of bytes that somebody gave a checksum.
void read_bytes(ByteView bytes) {
    const std::string text = tezos::to_base58check(bytes);
    const auto decoded = tezos::from_base58check(text);
    check(decoded.has_value() == (text.size() <= tezos::max_base58_length),
          "what is not too long is read");
    if (!decoded) return;
    check(std::ranges::equal(*decoded, bytes), "what is written is what is read");
    check_readings(text, bytes);
    std::string damaged = text;
    char& last = damaged.back();
    last = last == '2' ? '3' : '2';
    check(!tezos::from_base58check(damaged), "a changed character is seen");
}

/// What only a secret's text is, wherever it is read.
void read_secret(ByteView text) {
    const auto key = tezos::parse_bls_secret(text);
    const auto bytes = tezos::from_base58check(text_of(text));
    check(!key || (bytes && bytes->size() == 36), "a secret's text has its checksum");
    check(!key || std::ranges::equal(tezos::to_text(*key).view(), text), "and one spelling");
    const bool is_prefixed = bytes && bytes->size() == 36 && to_hex(*bytes).starts_with("0396c028");
    if (!is_prefixed || key) return;
    Bytes scalar(bytes->rbegin(), bytes->rbegin() + 32);
    check(!crypto::bls::SecretKey::parse(scalar), "what is refused is no scalar");
}

}  // namespace

void one_input(ByteView input) {
    read_text(text_of(input));
    read_secret(input);
    read_bytes(input);
}

}  // namespace redoubt::fuzz::base58
