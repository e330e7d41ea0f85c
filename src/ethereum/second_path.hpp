// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <redoubt/crypto/public_key.hpp>
#include <redoubt/ethereum/types.hpp>

/// What checks products of this folder by another way than they were made: no tree of ssz.hpp, no
/// domain of domain.hpp, but one hash after the other, as the deposit contract has them.
namespace redoubt::ethereum::second_path {

/// Of exactly 64 bytes.
[[nodiscard]] Root hashed(ByteView left, ByteView right);
/// 8 bytes, little-endian, and zeros.
[[nodiscard]] Root padded(std::uint64_t number);
/// As many bytes, up to 32, and zeros.
[[nodiscard]] Root padded(ByteView bytes);
/// Of 48 bytes in two chunks.
[[nodiscard]] Root root_of_key(const PublicKey& key);

/// What a signature is for: the domain's last byte but three zeros, which are in front of nothing
/// else here.
struct Purpose {
    Byte domain;  // the first of its type's four bytes, the others are zero
    ForkVersion version;
    Root genesis_root;
};

/// The point of a key: of the group, and not its zero; else nothing.
using Signer = crypto::PublicKey;
[[nodiscard]] std::optional<Signer> find_signer(const PublicKey& key);

/// That a key signed something.
struct Claim {
    Signer signer;
    Root signed_root;
    crypto::RawSignature signature;
};
/// That `signer` signed the object with that root for that purpose.
[[nodiscard]] Claim claim(const Signer& signer, const Root& object, const Purpose& purpose,
                          const SignatureBytes& signature);

[[nodiscard]] bool is_right(const Claim& claim);
/// The same of all of them, in half the time.
[[nodiscard]] bool are_right(const std::vector<Claim>& claims);

}  // namespace redoubt::ethereum::second_path
