// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/types.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

#include <redoubt/crypto/hash.hpp>
#include <redoubt/tezos/base58.hpp>

namespace redoubt::tezos {
namespace {

using namespace std::string_view_literals;

/// What a scheme's texts begin with before base58 makes "tz1" and the like of it.
struct Prefixes {
    SignatureScheme scheme;
    Byte tag;
    std::string_view hash, public_key, signature;
};
constexpr std::array prefixes = {
    Prefixes{SignatureScheme::Ed25519, 0, "\x06\xa1\x9f"sv, "\x0d\x0f\x25\xd9"sv,
             "\x09\xf5\xcd\x86\x12"sv},
    Prefixes{SignatureScheme::Secp256k1, 1, "\x06\xa1\xa1"sv, "\x03\xfe\xe2\x56"sv,
             "\x0d\x73\x65\x13\x3f"sv},
    Prefixes{SignatureScheme::P256, 2, "\x06\xa1\xa4"sv, "\x03\xb2\x8b\x7f"sv,
             "\x36\xf0\x2c\x34"sv},
    Prefixes{SignatureScheme::Bls12381, 3, "\x06\xa1\xa6"sv, "\x06\x95\x87\xcc"sv,
             "\x28\xab\x40\xcf"sv},
};
constexpr std::string_view chain_id_prefix = "\x57\x52\x00"sv;
constexpr std::string_view generic_signature_prefix = "\x04\x82\x2b"sv;

const Prefixes& prefixes_of(SignatureScheme scheme) {
    const auto* const found = std::ranges::find(prefixes, scheme, &Prefixes::scheme);
    if (found == prefixes.end()) throw std::logic_error("a signature scheme without its prefixes");
    return *found;
}

std::string encode(std::string_view prefix, ByteView payload) {
    Bytes bytes;
    append(bytes, bytes_of(prefix));
    append(bytes, payload);
    return to_base58check(bytes);
}

/// What stands behind `prefix`, if that is so many bytes.
std::optional<ByteView> payload_of(ByteView decoded, std::string_view prefix, std::size_t size) {
    if (decoded.size() != prefix.size() + size) return std::nullopt;
    if (!std::ranges::equal(decoded.first(prefix.size()), bytes_of(prefix))) return std::nullopt;
    return decoded.last(size);
}

template <std::size_t N>
std::optional<ByteArray<N>> payload_of(ByteView decoded, std::string_view prefix) {
    const auto bytes = payload_of(decoded, prefix, N);
    if (!bytes) return std::nullopt;
    ByteArray<N> payload{};
    std::ranges::copy(*bytes, payload.begin());
    return payload;
}

}  // namespace

Byte tag_of(SignatureScheme scheme) { return prefixes_of(scheme).tag; }

KeyHash hash_of(const PublicKey& key) { return {key.scheme(), crypto::blake2b_160(key.encoded())}; }

std::string to_text(const ChainId& chain) { return encode(chain_id_prefix, chain.value()); }

std::string to_text(const KeyHash& hash) {
    return encode(prefixes_of(hash.scheme).hash, hash.hash);
}

std::string to_text(const PublicKey& key) {
    return encode(prefixes_of(key.scheme()).public_key, key.encoded());
}

std::string to_text(SignatureScheme scheme, const RawSignature& signature) {
    return encode(prefixes_of(scheme).signature, signature);
}

std::optional<ChainId> parse_chain_id(std::string_view text) {
    const auto decoded = from_base58check(text);
    if (!decoded) return std::nullopt;
    const auto payload = payload_of<4>(*decoded, chain_id_prefix);
    if (!payload) return std::nullopt;
    return ChainId(*payload);
}

std::optional<KeyHash> parse_key_hash(std::string_view text) {
    const auto decoded = from_base58check(text);
    if (!decoded) return std::nullopt;
    for (const Prefixes& kind : prefixes) {
        if (const auto hash = payload_of<20>(*decoded, kind.hash))
            return KeyHash{kind.scheme, *hash};
    }
    return std::nullopt;
}

std::optional<PublicKey> parse_public_key(std::string_view text) {
    const auto decoded = from_base58check(text);
    if (!decoded) return std::nullopt;
    for (const Prefixes& kind : prefixes) {
        const ByteView bytes = *decoded;
        const std::size_t prefix_size = kind.public_key.size();
        if (bytes.size() > prefix_size &&
            std::ranges::equal(bytes.first(prefix_size), bytes_of(kind.public_key))) {
            return PublicKey::parse(kind.scheme, bytes.subspan(prefix_size));
        }
    }
    return std::nullopt;
}

std::optional<SignatureText> parse_signature(std::string_view text) {
    const auto decoded = from_base58check(text);
    if (!decoded) return std::nullopt;
    for (const Prefixes& kind : prefixes) {
        const std::size_t size = crypto::signature_size(kind.scheme);
        if (const auto raw = payload_of(*decoded, kind.signature, size)) {
            return SignatureText{kind.scheme, RawSignature(*raw)};
        }
    }
    if (const auto raw = payload_of<64>(*decoded, generic_signature_prefix)) {
        return SignatureText{std::nullopt, *raw};
    }
    return std::nullopt;
}

}  // namespace redoubt::tezos
