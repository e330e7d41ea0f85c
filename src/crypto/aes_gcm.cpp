// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/aes_gcm.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

#include <redoubt/base/handle.hpp>

namespace redoubt::crypto::aes_gcm {
namespace {

using Cipher = Handle<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;  // wipes the key when it goes

enum class Direction : int { Decrypt, Encrypt };  // as OpenSSL counts them

int as_int(std::size_t size) {
    if (size > 0x7fffffffU) throw std::length_error("AES-GCM: too long");
    return static_cast<int>(size);
}

void expect(bool succeeded) {
    if (!succeeded) throw std::runtime_error("AES-256-GCM failed");
}

/// Key and nonce set (12 bytes is OpenSSL's own length), the additional data read.
CipherContext begun(const Settings& settings, Direction direction) {
    static const Cipher cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
    CipherContext context(EVP_CIPHER_CTX_new());
    expect(cipher && context && settings.key.size() == key_size);
    expect(EVP_CipherInit_ex2(context.get(), cipher.get(), settings.key.data(),
                              settings.nonce.data(), static_cast<int>(direction), nullptr) == 1);
    int length = 0;
    const ByteView data = settings.additional_data;
    expect(data.empty() || EVP_CipherUpdate(context.get(), nullptr, &length, data.data(),
                                            as_int(data.size())) == 1);
    return context;
}

void update(EVP_CIPHER_CTX* context, ByteView in, std::span<Byte> out) {
    int length = 0;
    expect(in.empty() ||
           EVP_CipherUpdate(context, out.data(), &length, in.data(), as_int(in.size())) == 1);
    expect(length == as_int(in.size()));
}

}  // namespace

Bytes encrypt(const Settings& settings, ByteView plaintext) {
    const CipherContext context = begun(settings, Direction::Encrypt);
    Bytes sealed(plaintext.size() + tag_size);
    update(context.get(), plaintext, sealed);
    Byte* tag = sealed.data() + plaintext.size();
    int none = 0;
    expect(EVP_CipherFinal_ex(context.get(), tag, &none) == 1);
    expect(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, tag) == 1);
    return sealed;
}

std::optional<GuardedBytes> decrypt(const Settings& settings, ByteView sealed) {
    if (sealed.size() < tag_size) return std::nullopt;
    const ByteView ciphertext = sealed.first(sealed.size() - tag_size);
    ByteArray<tag_size> tag{};
    std::ranges::copy(sealed.last(tag_size), tag.begin());
    const CipherContext context = begun(settings, Direction::Decrypt);
    expect(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
    GuardedBytes plaintext(ciphertext.size());
    update(context.get(), ciphertext, plaintext.bytes());
    // Compares the tags, in constant time. What did not fit is wiped on the way out.
    Byte* end = tag.data();  // where nothing more is written
    int none = 0;
    if (EVP_CipherFinal_ex(context.get(), end, &none) != 1) return std::nullopt;
    return plaintext;
}

}  // namespace redoubt::crypto::aes_gcm
