// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/x25519.hpp>

#include <openssl/evp.h>

#include <stdexcept>

#include <redoubt/base/handle.hpp>

namespace redoubt::crypto {
namespace {

using X25519Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using X25519Context = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

X25519Key secret_key(ByteView secret) {
    X25519Key key(
        EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr, secret.data(), secret.size()));
    if (!key) throw std::runtime_error("OpenSSL refused a secret of X25519");
    return key;
}

}  // namespace

std::optional<GuardedBytes> x25519(ByteView secret, const ByteArray<32>& point) {
    const X25519Key ours = secret_key(secret);
    const X25519Key theirs(
        EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, point.data(), point.size()));
    const X25519Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, ours.get(), nullptr));
    if (!theirs || !context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer_ex(context.get(), theirs.get(), 0) != 1) {
        throw std::runtime_error("OpenSSL refused a point of X25519");
    }
    GuardedBytes shared(point.size());
    std::size_t size = shared.size();
    // All that can fail here is that the result is zero.
    if (EVP_PKEY_derive(context.get(), shared.bytes().data(), &size) != 1) return std::nullopt;
    return shared;
}

ByteArray<32> x25519_point(ByteView secret) {
    ByteArray<32> point{};
    std::size_t size = point.size();
    if (EVP_PKEY_get_raw_public_key(secret_key(secret).get(), point.data(), &size) != 1) {
        throw std::runtime_error("OpenSSL gave no point of X25519");
    }
    return point;
}

}  // namespace redoubt::crypto
