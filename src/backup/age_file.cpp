// SPDX-License-Identifier: Apache-2.0
#include "age_file.hpp"

#include <algorithm>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/chacha20_poly1305.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/crypto/hkdf.hpp>
#include <redoubt/crypto/x25519.hpp>

// file    = header nonce payload
// header  = "age-encryption.org/v1" LF 1*stanza "---" " " mac LF
// stanza  = "-> X25519 " share LF body LF
// payload = chunks of 64 KiB, each with its tag: here the last is the first
//
// share, body and mac are of 32 bytes each, in base64 without padding: one line.
namespace redoubt::backup {
namespace {

std::string unpadded(ByteView bytes) {
    std::string text = to_base64(bytes);
    text.erase(std::ranges::find(text, '='), text.end());
    return text;
}

GuardedBytes derived(const crypto::HkdfInput& input) {
    GuardedBytes key(32);
    crypto::hkdf_sha256(input, key.bytes());
    return key;
}

/// What lets one recipient find the file key.
std::optional<std::string> stanza(const Recipient& recipient, const GuardedBytes& ephemeral,
                                  const GuardedBytes& file_key) {
    const ByteArray<32> share = crypto::x25519_point(ephemeral.view());
    const auto shared = crypto::x25519(ephemeral.view(), recipient.point());
    if (!shared) return std::nullopt;
    Bytes salt(share.begin(), share.end());
    append(salt, recipient.point());
    const GuardedBytes wrap_key = derived(
        {.key = shared->view(), .salt = salt, .info = bytes_of("age-encryption.org/v1/X25519")});
    // This key is of this stanza alone, so the nonce may be zero.
    const Bytes body = crypto::chacha20_poly1305(wrap_key.view(), {}, file_key.view());
    return "-> X25519 " + unpadded(share) + "\n" + unpadded(body) + "\n";
}

std::optional<std::string> header(std::span<const Recipient> recipients, const Randomness& random) {
    std::string text = "age-encryption.org/v1\n";
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        const auto added = stanza(recipients[i], random.ephemeral.at(i), random.file_key);
        if (!added) return std::nullopt;
        text += *added;
    }
    text += "---";
    const GuardedBytes mac_key =
        derived({.key = random.file_key.view(), .info = bytes_of("header")});
    return text + " " + unpadded(crypto::hmac_sha256(mac_key.view(), bytes_of(text))) + "\n";
}

Bytes payload(ByteView plaintext, const Randomness& random) {
    const GuardedBytes key =
        derived({.key = random.file_key.view(), .salt = random.nonce, .info = bytes_of("payload")});
    // Eleven bytes count the chunks; the twelfth says that none follows.
    ByteArray<12> chunk{};
    chunk.back() = 1;
    return crypto::chacha20_poly1305(key.view(), chunk, plaintext);
}

}  // namespace

std::optional<Bytes> age_file(ByteView plaintext, std::span<const Recipient> recipients,
                              const Randomness& random) {
    const auto text = header(recipients, random);
    if (!text) return std::nullopt;
    const ByteView begin = bytes_of(*text);
    Bytes file(begin.begin(), begin.end());
    append(file, random.nonce);
    append(file, payload(plaintext, random));
    return file;
}

std::string armoured(ByteView file) {
    constexpr std::size_t columns = 64;
    const std::string base64 = to_base64(file);
    std::string text = "-----BEGIN AGE ENCRYPTED FILE-----\n";
    for (std::size_t at = 0; at < base64.size(); at += columns) {
        text += base64.substr(at, columns) + "\n";
    }
    return text + "-----END AGE ENCRYPTED FILE-----\n";
}

}  // namespace redoubt::backup
