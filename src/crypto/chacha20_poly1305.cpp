// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/chacha20_poly1305.hpp>

#include <openssl/evp.h>

#include <limits>
#include <stdexcept>

#include <redoubt/base/handle.hpp>

namespace redoubt::crypto {
namespace {

using StreamCipher = Handle<EVP_CIPHER, EVP_CIPHER_free>;
using StreamContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
constexpr std::size_t poly1305_size = 16;

}  // namespace

Bytes chacha20_poly1305(ByteView key, const ByteArray<12>& nonce, ByteView plaintext) {
    const StreamCipher cipher(EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr));
    const StreamContext context(EVP_CIPHER_CTX_new());
    if (key.size() != 32 || plaintext.size() > std::numeric_limits<int>::max() - poly1305_size) {
        throw std::logic_error("not a key or a plaintext for ChaCha20-Poly1305");
    }
    Bytes sealed(plaintext.size() + poly1305_size);
    int written = 0;
    int rest = 0;
    if (!cipher || !context ||
        EVP_EncryptInit_ex2(context.get(), cipher.get(), key.data(), nonce.data(), nullptr) != 1 ||
        EVP_EncryptUpdate(context.get(), sealed.data(), &written, plaintext.data(),
                          static_cast<int>(plaintext.size())) != 1 ||
        EVP_EncryptFinal_ex(context.get(), sealed.data() + written, &rest) != 1 || rest != 0 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, poly1305_size,
                            sealed.data() + plaintext.size()) != 1) {
        throw std::runtime_error("ChaCha20-Poly1305 failed");
    }
    return sealed;
}

}  // namespace redoubt::crypto
