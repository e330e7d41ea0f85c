// SPDX-License-Identifier: Apache-2.0
#include "symmetric_key.hpp"

#include <openssl/evp.h>

#include <stdexcept>

#include <redoubt/base/handle.hpp>

#include "random.hpp"

namespace redoubt::standins {

namespace {

using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

// A ciphertext: the length of the key's id, the id, the nonce, what is encrypted, the tag.
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

void must(bool fine) {
    if (!fine) throw std::runtime_error("OpenSSL: AES-256-GCM");
}

int length(ByteView bytes) { return static_cast<int>(bytes.size()); }

/// With key, nonce and what is authenticated beside: the object's text, whose names are sorted.
CipherContext begin(ByteView key, ByteView nonce, const std::string& beside, bool encrypts) {
    CipherContext context(EVP_CIPHER_CTX_new());
    int size = 0;
    must(context &&
         EVP_CipherInit_ex2(context.get(), EVP_aes_256_gcm(), key.data(), nonce.data(),
                            encrypts ? 1 : 0, nullptr) == 1 &&
         EVP_CipherUpdate(context.get(), nullptr, &size, bytes_of(beside).data(),
                          length(bytes_of(beside))) == 1);
    return context;
}

}  // namespace

SymmetricKey::SymmetricKey(std::string id) : id_(std::move(id)), key_(random_bytes(32)) {}

Bytes SymmetricKey::encrypt(ByteView plaintext, const Json& context) const {
    const Bytes nonce = random_bytes(nonce_size);
    const CipherContext cipher = begin(key_, nonce, id_ + dump(context), true);
    Bytes body(plaintext.size());
    Bytes tag(tag_size);
    int size = 0;
    must(EVP_CipherUpdate(cipher.get(), body.data(), &size, plaintext.data(), length(plaintext)) ==
             1 &&
         EVP_CipherFinal_ex(cipher.get(), body.data() + size, &size) == 1 &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, tag.data()) == 1);
    Bytes out = {static_cast<Byte>(id_.size())};
    append(out, bytes_of(id_));
    append(out, nonce);
    append(out, body);
    append(out, tag);
    return out;
}

std::optional<Bytes> SymmetricKey::decrypt(ByteView ciphertext, const Json& context) const {
    if (id_in(ciphertext) != id_) return std::nullopt;
    const ByteView rest = ciphertext.subspan(1 + id_.size());
    if (rest.size() < nonce_size + tag_size) return std::nullopt;
    const ByteView body = rest.subspan(nonce_size, rest.size() - nonce_size - tag_size);
    Bytes tag(rest.end() - tag_size, rest.end());
    const CipherContext cipher = begin(key_, rest.first(nonce_size), id_ + dump(context), false);
    Bytes out(body.size());
    int size = 0;
    must(EVP_CipherUpdate(cipher.get(), out.data(), &size, body.data(), length(body)) == 1 &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
    if (EVP_CipherFinal_ex(cipher.get(), out.data() + size, &size) != 1) return std::nullopt;
    return out;
}

std::string SymmetricKey::id_in(ByteView ciphertext) {
    if (ciphertext.empty() || ciphertext.size() <= ciphertext.front()) return {};
    return std::string(text_of(ciphertext.subspan(1, ciphertext.front())));
}

}  // namespace redoubt::standins
