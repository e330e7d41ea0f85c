// SPDX-License-Identifier: Apache-2.0
#include "second_path.hpp"

#include <algorithm>
#include <stdexcept>

#include <redoubt/crypto/bls.hpp>
#include <redoubt/crypto/hash.hpp>

namespace redoubt::ethereum::second_path {

Root hashed(ByteView left, ByteView right) {
    if (left.size() + right.size() != 64) throw std::logic_error("a node has two halves");
    ByteArray<64> both{};
    std::ranges::copy(right, std::ranges::copy(left, both.begin()).out);
    return crypto::sha256(both);
}

Root padded(std::uint64_t number) {
    Root root{};
    for (std::size_t i = 0; i < 8; ++i) root[i] = static_cast<Byte>(number >> (8 * i));
    return root;
}

Root padded(ByteView bytes) {
    Root root{};
    if (bytes.size() > root.size()) throw std::logic_error("more than a chunk");
    std::ranges::copy(bytes, root.begin());
    return root;
}

Root root_of_key(const PublicKey& key) {
    const ByteView bytes = key.bytes;
    return hashed(bytes.first(32), padded(bytes.subspan(32)));
}

std::optional<Signer> find_signer(const PublicKey& key) {
    return Signer::parse(crypto::SignatureScheme::Bls12381, key.bytes);
}

Claim claim(const Signer& signer, const Root& object, const Purpose& purpose,
            const SignatureBytes& signature) {
    const Root fork = hashed(padded(purpose.version), purpose.genesis_root);
    Root domain{purpose.domain};
    std::ranges::copy(ByteView(fork).first(28), domain.begin() + 4);
    const Root signed_root = hashed(object, domain);
    return {signer, signed_root, crypto::RawSignature(signature)};
}

bool is_right(const Claim& claim) {
    return claim.signer.verify(crypto::message_of(claim.signed_root), claim.signature,
                               crypto::HighS::Refused);
}

bool are_right(const std::vector<Claim>& claims) {
    std::vector<crypto::bls::Claim> all;
    for (const Claim& one : claims) all.push_back({one.signer, one.signed_root, one.signature});
    return crypto::bls::verify_all(all);
}

}  // namespace redoubt::ethereum::second_path
