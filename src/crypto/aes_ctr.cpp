// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/aes_ctr.hpp>

#include <openssl/evp.h>

#include <limits>
#include <stdexcept>

#include <redoubt/base/handle.hpp>

namespace redoubt::crypto::aes_ctr {
namespace {

using Context = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;  // wipes the key when it goes

}  // namespace

void apply(ByteView key, ByteView iv, ByteView in, std::span<Byte> out) {
    const Context context(EVP_CIPHER_CTX_new());
    int length = 0;
    if (key.size() != key_size || iv.size() != iv_size || out.size() != in.size() ||
        in.size() > std::numeric_limits<int>::max() || !context ||
        EVP_EncryptInit_ex2(context.get(), EVP_aes_128_ctr(), key.data(), iv.data(), nullptr) !=
            1 ||
        EVP_EncryptUpdate(context.get(), out.data(), &length, in.data(),
                          static_cast<int>(in.size())) != 1 ||
        static_cast<std::size_t>(length) != in.size()) {
        throw std::runtime_error("AES-128-CTR failed");
    }
}

}  // namespace redoubt::crypto::aes_ctr
