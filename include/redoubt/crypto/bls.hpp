// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include <redoubt/base/guarded.hpp>
#include <redoubt/crypto/public_key.hpp>

/// BLS12-381 with public keys in G1, in its proof-of-possession scheme
/// (draft-irtf-cfrg-bls-signature, 3.3), the one that Tezos and Ethereum use. Verifying is
/// `PublicKey::verify`.
namespace redoubt::crypto::bls {

/// What a signature is for; one for the one never passes for the other.
enum class Domain : std::uint8_t { Message, Possession };

/// A scalar, in pages of its own. No call leaves a copy of it elsewhere in memory.
class SecretKey {
public:
    static constexpr std::size_t size = 32;

    /// Of 32 bytes that are above zero and below the group order; else nothing.
    [[nodiscard]] static std::optional<SecretKey> parse(ByteView big_endian);
    /// By the draft's KeyGen from at least 32 secret bytes, which the caller wipes. Throws for
    /// fewer. Of a seed this is EIP-2333's master key.
    [[nodiscard]] static SecretKey generate(ByteView entropy);
    /// EIP-2333's child key. Who knows a key can derive its children, not its parent.
    [[nodiscard]] SecretKey child(std::uint32_t index) const;

    [[nodiscard]] PublicKey public_key() const;
    [[nodiscard]] RawSignature sign(ByteView message, Domain domain) const;
    [[nodiscard]] ByteView big_endian() const { return scalar_.view(); }

private:
    explicit SecretKey(GuardedBytes scalar) : scalar_(std::move(scalar)) {}

    GuardedBytes scalar_;  // big-endian
};

/// That a signature of a message is a key's. What it names outlives it.
struct Claim {
    const PublicKey& signer;
    ByteView message;
    const RawSignature& signature;
};
/// Whether all of them are right. Many at once take half as long as one after the other: their sum
/// is verified, each of them times a random factor, so that no wrong ones make up for each other (a
/// chance of 2^-63).
[[nodiscard]] bool verify_all(std::span<const Claim> claims);

/// Whether `signer` proved possession of `of`: usually itself, and a key may vouch for another.
[[nodiscard]] bool verify_possession(const PublicKey& signer, const PublicKey& of,
                                     const RawSignature& proof);

}  // namespace redoubt::crypto::bls
