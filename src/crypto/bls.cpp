// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/bls.hpp>

#include <cstdint>
#include <stdexcept>
#include <vector>

#include <redoubt/base/random.hpp>
#include <redoubt/base/secret.hpp>

#include "bls_points.hpp"

namespace redoubt::crypto::bls {
namespace {

/// The domain separation tag: draft-irtf-cfrg-bls-signature, 4.2.3.
ByteView tag_of(Domain domain) {
    switch (domain) {
        case Domain::Message: return bytes_of("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_");
        case Domain::Possession: return bytes_of("BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_");
    }
    throw std::logic_error("a domain without its tag");
}

/// Has blst use the scalar, and leaves nothing of it behind: blst wipes little of its stack, of
/// which it uses 25 KB.
template <class Use>
void with_scalar(ByteView big_endian, Use use) {
    blst_scalar scalar;
    blst_scalar_from_bendian(&scalar, big_endian.data());
    use(scalar);
    wipe(scalar.b);
    wipe_stack();
}

/// On the curve, and not the point at infinity. Whether it is in the subgroup is seen where it is
/// used.
std::optional<blst_p2_affine> parse_signature(const RawSignature& signature) {
    blst_p2_affine point;
    if (signature.size() != signature_size(SignatureScheme::Bls12381) ||
        blst_p2_uncompress(&point, signature.data()) != BLST_SUCCESS ||
        blst_p2_affine_is_inf(&point)) {
        return std::nullopt;
    }
    return point;
}

/// Of the random factors of a sum.
constexpr std::size_t factor_bits = 64;

}  // namespace

std::optional<SecretKey> SecretKey::parse(ByteView big_endian) {
    if (big_endian.size() != size) return std::nullopt;
    bool is_valid = false;
    with_scalar(big_endian, [&](const blst_scalar& s) { is_valid = blst_sk_check(&s); });
    if (!is_valid) return std::nullopt;
    return SecretKey(GuardedBytes::copy_of(big_endian));
}

SecretKey SecretKey::generate(ByteView entropy) {
    if (entropy.size() < size) throw std::logic_error("too little entropy for a BLS key");
    GuardedBytes big_endian(size);
    blst_scalar scalar;
    blst_keygen(&scalar, entropy.data(), entropy.size(), nullptr, 0);
    blst_bendian_from_scalar(big_endian.bytes().data(), &scalar);
    wipe(scalar.b);
    wipe_stack();
    return SecretKey(std::move(big_endian));
}

SecretKey SecretKey::child(std::uint32_t index) const {
    GuardedBytes big_endian(size);
    with_scalar(this->big_endian(), [&](const blst_scalar& parent) {
        blst_scalar derived;
        blst_derive_child_eip2333(&derived, &parent, index);
        blst_bendian_from_scalar(big_endian.bytes().data(), &derived);
        wipe(derived.b);
    });
    return SecretKey(std::move(big_endian));
}

PublicKey SecretKey::public_key() const {
    blst_p1_affine point;
    with_scalar(big_endian(),
                [&](const blst_scalar& s) { blst_sk_to_pk2_in_g1(nullptr, &point, &s); });
    return PointAccess::make(point);
}

RawSignature SecretKey::sign(ByteView message, Domain domain) const {
    const ByteView tag = tag_of(domain);
    blst_p2 point;
    blst_hash_to_g2(&point, message.data(), message.size(), tag.data(), tag.size(), nullptr, 0);
    with_scalar(big_endian(),
                [&](const blst_scalar& s) { blst_sign_pk_in_g1(&point, &point, &s); });
    ByteArray<signature_size(SignatureScheme::Bls12381)> signature{};
    blst_p2_compress(signature.data(), &point);
    return RawSignature(signature);
}

std::optional<blst_p1_affine> parse_public_key(ByteView encoded) {
    blst_p1_affine point;
    if (encoded.size() != public_key_size ||
        blst_p1_uncompress(&point, encoded.data()) != BLST_SUCCESS ||
        blst_p1_affine_is_inf(&point) || !blst_p1_affine_in_g1(&point)) {
        return std::nullopt;
    }
    return point;
}

bool verify(const blst_p1_affine& key, ByteView message, Domain domain,
            const RawSignature& signature) {
    const auto point = parse_signature(signature);
    const ByteView tag = tag_of(domain);
    // Refuses a signature outside of the subgroup, too.
    return point && blst_core_verify_pk_in_g1(&key, &*point, true, message.data(), message.size(),
                                              tag.data(), tag.size(), nullptr, 0) == BLST_SUCCESS;
}

bool verify_all(std::span<const Claim> claims) {
    const ByteView tag = tag_of(Domain::Message);
    std::vector<std::uint64_t> memory(blst_pairing_sizeof() / sizeof(std::uint64_t) + 1);
    auto* const sum = reinterpret_cast<blst_pairing*>(memory.data());
    blst_pairing_init(sum, true, tag.data(), tag.size());
    for (const Claim& claim : claims) {
        const blst_p1_affine* const key = PointAccess::find(claim.signer);
        const auto point = parse_signature(claim.signature);
        ByteArray<factor_bits / 8> factor{};
        fill_with_random(factor);
        // Never zero, which would leave the claim out.
        factor[0] = static_cast<Byte>(factor[0] | 1U);
        // Refuses a signature outside of the subgroup, too; keys were looked at when they were
        // parsed.
        if (key == nullptr || !point ||
            blst_pairing_chk_n_mul_n_aggr_pk_in_g1(
                sum, key, false, &*point, true, factor.data(), factor_bits, claim.message.data(),
                claim.message.size(), nullptr, 0) != BLST_SUCCESS) {
            return false;
        }
    }
    blst_pairing_commit(sum);
    return claims.empty() || blst_pairing_finalverify(sum, nullptr);
}

bool verify_possession(const PublicKey& signer, const PublicKey& of, const RawSignature& proof) {
    if (signer.scheme() != SignatureScheme::Bls12381 || of.scheme() != signer.scheme()) {
        return false;
    }
    const auto key = parse_public_key(signer.encoded());
    return key && verify(*key, of.encoded(), Domain::Possession, proof);
}

}  // namespace redoubt::crypto::bls
