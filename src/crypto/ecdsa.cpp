// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/ecdsa.hpp>

#include <algorithm>

#include <redoubt/base/reader.hpp>

namespace redoubt::crypto {
namespace {

using Scalar = ByteArray<32>;  // big-endian

// Group orders: SEC 2 version 2, sections 2.4.1 and 2.4.2.
constexpr Scalar secp256k1_order = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
constexpr Scalar p256_order = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                               0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                               0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

/// Of a scheme that has an s to be low or high; null for others.
const Scalar* order_of(SignatureScheme scheme) {
    switch (scheme) {
        case SignatureScheme::Secp256k1: return &secp256k1_order;
        case SignatureScheme::P256: return &p256_order;
        case SignatureScheme::Ed25519:
        case SignatureScheme::Bls12381: return nullptr;
    }
    return nullptr;
}

/// order - s, for s below the order.
Scalar negated(const Scalar& order, const Scalar& s) {
    Scalar out{};
    int borrow = 0;
    for (std::size_t i = out.size(); i-- > 0;) {
        const int difference = order[i] - s[i] - borrow;
        borrow = difference < 0 ? 1 : 0;
        out[i] = static_cast<Byte>(difference + borrow * 256);
    }
    return out;
}

/// Of a signature of 64 bytes.
Scalar s_of(const RawSignature& signature) {
    Scalar s{};
    std::ranges::copy(ByteView(signature).last(s.size()), s.begin());
    return s;
}

/// INTEGER: 02, length, big-endian two's complement in the fewest bytes.
std::optional<Scalar> read_integer(Reader& der, const Scalar& order) {
    if (der.u8() != 0x02) return std::nullopt;
    const std::size_t length = der.u8();
    ByteView bytes = der.take(length);
    if (bytes.empty() || (bytes[0] & 0x80U) != 0) return std::nullopt;
    if (bytes[0] == 0) {
        // A zero byte may only shield a set top bit; so zero itself is refused here, too.
        if (bytes.size() < 2 || (bytes[1] & 0x80U) == 0) return std::nullopt;
        bytes = bytes.subspan(1);
    }
    Scalar value{};
    if (bytes.size() > value.size()) return std::nullopt;
    std::copy_backward(bytes.begin(), bytes.end(), value.end());
    if (value >= order) return std::nullopt;
    return value;
}

}  // namespace

std::optional<RawSignature> parse_der_signature(SignatureScheme scheme, ByteView der) {
    const Scalar* const order = order_of(scheme);
    if (order == nullptr) return std::nullopt;
    Reader reader(der);
    if (reader.u8() != 0x30) return std::nullopt;
    const std::size_t length = reader.u8();
    if (length != reader.rest().size()) return std::nullopt;
    const auto r = read_integer(reader, *order);
    const auto s = read_integer(reader, *order);
    if (!r || !s || !reader.complete()) return std::nullopt;
    ByteArray<64> signature{};
    std::ranges::copy(*r, signature.begin());
    std::ranges::copy(*s, signature.begin() + 32);
    return RawSignature(signature);
}

bool has_low_s(SignatureScheme scheme, const RawSignature& signature) {
    if (signature.size() != signature_size(scheme)) return false;
    const Scalar* const order = order_of(scheme);
    if (order == nullptr) return true;
    const Scalar s = s_of(signature);
    return s <= negated(*order, s);
}

RawSignature with_low_s(SignatureScheme scheme, const RawSignature& signature) {
    const Scalar* const order = order_of(scheme);
    if (order == nullptr || signature.size() != signature_size(scheme)) return signature;
    if (has_low_s(scheme, signature)) return signature;
    RawSignature lowered = signature;
    std::ranges::copy(negated(*order, s_of(signature)), lowered.begin() + 32);
    return lowered;
}

}  // namespace redoubt::crypto
