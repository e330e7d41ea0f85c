// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/hkdf.hpp>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <stdexcept>
#include <string>
#include <vector>

#include <redoubt/base/handle.hpp>

namespace redoubt::crypto {
namespace {

using Kdf = Handle<EVP_KDF, EVP_KDF_free>;
using KdfContext = Handle<EVP_KDF_CTX, EVP_KDF_CTX_free>;

/// OpenSSL takes parameters by pointers to what is not constant, and only reads them.
OSSL_PARAM parameter(const char* name, ByteView bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<Byte*>(bytes.data()), bytes.size());
}

}  // namespace

void hkdf_sha256(const HkdfInput& input, std::span<Byte> out) {
    static const Kdf hkdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    const KdfContext context(hkdf ? EVP_KDF_CTX_new(hkdf.get()) : nullptr);
    std::string digest = "SHA256";
    std::vector<OSSL_PARAM> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
        parameter(OSSL_KDF_PARAM_KEY, input.key)};
    // An empty one is left out: OpenSSL takes a null pointer for a mistake.
    if (!input.salt.empty()) parameters.push_back(parameter(OSSL_KDF_PARAM_SALT, input.salt));
    if (!input.info.empty()) parameters.push_back(parameter(OSSL_KDF_PARAM_INFO, input.info));
    parameters.push_back(OSSL_PARAM_construct_end());
    // The context keeps a copy of the key, which it wipes when it goes.
    if (!context || input.key.empty() || out.empty() ||
        EVP_KDF_derive(context.get(), out.data(), out.size(), parameters.data()) != 1) {
        throw std::runtime_error("HKDF-SHA256 failed");
    }
}

}  // namespace redoubt::crypto
