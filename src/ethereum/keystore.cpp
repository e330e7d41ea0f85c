// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/keystore.hpp>

#include <algorithm>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/nfkd.hpp>
#include <redoubt/base/random.hpp>
#include <redoubt/base/secret.hpp>
#include <redoubt/crypto/aes_ctr.hpp>
#include <redoubt/crypto/hash.hpp>

#include "keystore_parts.hpp"

// EIP-2335: a password makes a key of 32 bytes, whose first half is AES's; the second is hashed,
// with the cipher text, into the checksum.
namespace redoubt::ethereum {
namespace {

constexpr std::size_t max_password = 1024;
constexpr std::size_t min_characters = 12;
constexpr std::size_t key_size = 32;

ByteArray<32> checksum(const GuardedBytes& key, ByteView cipher_text) {
    const ByteView half = key.view().subspan(key_size / 2);
    GuardedBytes hashed(half.size() + cipher_text.size());
    const auto end = std::ranges::copy(half, hashed.bytes().begin()).out;
    std::ranges::copy(cipher_text, end);
    return crypto::sha256(hashed.view());
}

GuardedBytes crypted(const GuardedBytes& key, const KeystoreFile& file, ByteView in) {
    GuardedBytes out(in.size());
    crypto::aes_ctr::apply(key.view().first(crypto::aes_ctr::key_size), file.iv, in, out.bytes());
    return out;
}

PublicKey public_key_of(const crypto::bls::SecretKey& secret) {
    PublicKey key;
    std::ranges::copy(secret.public_key().encoded(), key.bytes.begin());
    return key;
}

/// C0 (below the space), DEL and C1, U+0080 to U+009F, which UTF-8 has as C2 and their last byte.
GuardedBytes without_control_codes(ByteView utf8) {
    GuardedBytes kept(utf8.size());
    std::size_t size = 0;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const bool is_c1 = utf8[i] == 0xc2 && utf8[i + 1] < 0xa0;
        if (is_c1) ++i;
        if (is_c1 || utf8[i] < 0x20 || utf8[i] == 0x7f) continue;
        kept.bytes()[size] = utf8[i];
        ++size;
    }
    return GuardedBytes::copy_of(kept.view().first(size));
}

std::size_t count_characters(ByteView utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](Byte byte) { return (byte & 0xc0U) != 0x80; }));
}

/// RFC 4122, 4.4: random, and saying so.
std::string uuid_text(ByteArray<16> bytes) {
    bytes[6] = static_cast<Byte>((bytes[6] & 0x0fU) | 0x40U);
    bytes[8] = static_cast<Byte>((bytes[8] & 0x3fU) | 0x80U);
    std::string text = to_hex(bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
    return text;
}

Kdf usual(KeystoreKdf kdf) {
    if (kdf == KeystoreKdf::Pbkdf2) return crypto::Pbkdf2{crypto::Prf::HmacSha256, 1U << 18U};
    return crypto::Scrypt{1U << 18U, 8, 1};
}

std::unexpected<Error> bad_password() {
    return fail(Code::BadRequest,
                "the password is not UTF-8 of at most " + std::to_string(max_password) + " bytes");
}

}  // namespace

std::optional<GuardedBytes> normal_password(std::string_view password) {
    if (password.size() > max_password) return std::nullopt;
    const auto normal = nfkd(password);
    if (!normal) return std::nullopt;
    return without_control_codes(normal->view());
}

GuardedBytes decryption_key(const Kdf& kdf, ByteView salt, ByteView password) {
    return std::visit(
        [&](const auto& chosen) { return crypto::derive_key(chosen, password, salt, key_size); },
        kdf);
}

KeystoreFile encrypted(const KeystoreRandomness& random, const Kdf& kdf, const GuardedBytes& key,
                       const crypto::bls::SecretKey& secret, std::string_view path) {
    KeystoreFile file;
    file.kdf = kdf;
    file.salt.assign(random.salt.begin(), random.salt.end());
    file.iv = random.iv;
    std::ranges::copy(crypted(key, file, secret.big_endian()).view(), file.cipher_text.begin());
    file.checksum = checksum(key, file.cipher_text);
    file.public_key = public_key_of(secret);
    file.path = path;
    file.uuid = uuid_text(random.uuid);
    wipe_stack();
    return file;
}

Result<crypto::bls::SecretKey> decrypted(const KeystoreFile& file, const GuardedBytes& key) {
    if (!equal_in_constant_time(checksum(key, file.cipher_text), file.checksum)) {
        return fail(Code::BadRequest,
                    "keystore, crypto, checksum, message: it is another password's, or the file "
                    "was altered");
    }
    auto secret = crypto::bls::SecretKey::parse(crypted(key, file, file.cipher_text).view());
    wipe_stack();
    if (!secret) {
        return fail(Code::BadRequest,
                    "keystore, crypto, cipher, message: what it holds is not a BLS secret");
    }
    if (file.public_key && *file.public_key != public_key_of(*secret)) {
        return fail(Code::BadRequest, "keystore, pubkey: it is not the public key of the secret");
    }
    return std::move(*secret);
}

Result<crypto::bls::SecretKey> open_keystore(std::string_view json, std::string_view password,
                                             WeakKdf weak) {
    const auto file = parse_keystore(json);
    if (!file) return std::unexpected(file.error());
    if (weak == WeakKdf::Refused && is_weak(file->kdf)) {
        return fail(Code::BadRequest,
                    "keystore, crypto, kdf, params: the password is too cheap to guess by trying: "
                    "scrypt with n r p from 2^20 on, or PBKDF2 with c from 2^18 on, is taken");
    }
    const auto normal = normal_password(password);
    if (!normal) return bad_password();
    return decrypted(*file, decryption_key(file->kdf, file->salt, normal->view()));
}

Result<KeystoreWriter> KeystoreWriter::begin(std::string_view password, KeystoreKdf kdf) {
    const auto normal = normal_password(password);
    if (!normal) return bad_password();
    if (count_characters(normal->view()) < min_characters) {
        return fail(Code::BadRequest,
                    "the keystore's password has fewer than 12 characters that count");
    }
    ByteArray<32> salt{};
    fill_with_random(salt);
    return KeystoreWriter(kdf, salt, decryption_key(usual(kdf), salt, normal->view()));
}

Result<std::string> KeystoreWriter::write(const crypto::bls::SecretKey& secret,
                                          std::string_view path) const {
    KeystoreRandomness random{salt_, {}, {}};
    fill_with_random(random.iv);
    fill_with_random(random.uuid);
    std::string json = to_json(encrypted(random, usual(kdf_), key_, secret, path));
    const auto file = parse_keystore(json);
    if (!file) return fail(Code::Internal, "a keystore was made that is none");
    const auto opened = decrypted(*file, key_);
    if (!opened || !equal_in_constant_time(opened->big_endian(), secret.big_endian())) {
        return fail(Code::Internal, "a keystore does not open to the secret that it was made of");
    }
    return json;
}

}  // namespace redoubt::ethereum
