// SPDX-License-Identifier: Apache-2.0
#include "keystore_file.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include <redoubt/base/json.hpp>

#include "fields.hpp"

// EIP-2335's JSON schema, and, of what it leaves open, what has any use.
namespace redoubt::ethereum {
namespace {

constexpr std::size_t max_json = std::size_t{16} * 1024;
constexpr std::size_t min_salt = 16, max_salt = 64;

// What a stranger's file may cost here. Usual are n = 2^18, r = 8, p = 1, and 2^18 rounds.
constexpr std::uint64_t max_r = 32, max_p = 16;
constexpr std::uint64_t max_n_r = std::uint64_t{1} << 21U;  // 256 MB
constexpr std::uint64_t max_n_r_p = std::uint64_t{1} << 22U;
constexpr std::uint64_t max_rounds = std::uint64_t{1} << 23U;
// Below this the deposit tool neither writes nor reads.
constexpr std::uint64_t strong_n_r_p = std::uint64_t{1} << 20U;
constexpr std::uint64_t strong_rounds = std::uint64_t{1} << 18U;

std::uint64_t work(const crypto::Scrypt& scrypt) { return scrypt.n * scrypt.r * scrypt.p; }

void expect_text(Fields& fields, std::string_view name, std::string_view value) {
    if (fields.text(name) != value) fields.refuse(name, "is not `" + std::string(value) + "`");
}

/// RFC 7914, 6, has the last rule.
crypto::Scrypt scrypt_of(Fields& params) {
    params.only({"dklen", "n", "r", "p", "salt"});
    const std::uint64_t n = params.integer("n", {2, max_n_r}), r = params.integer("r", {1, max_r}),
                        p = params.integer("p", {1, max_p});
    if (params.failed()) return {};
    if (!std::has_single_bit(n)) params.refuse("n", "is not a power of two");
    if (n * r > max_n_r) params.refuse("n", "times r asks for more than 256 MB of memory");
    if (n * r * p > max_n_r_p) params.refuse("p", "times n times r asks for too much work");
    if (r == 1 && n >= 65536) params.refuse("n", "is above what r allows");
    return {n, static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(p)};
}

crypto::Pbkdf2 pbkdf2_of(Fields& params) {
    params.only({"dklen", "c", "prf", "salt"});
    expect_text(params, "prf", "hmac-sha256");
    const std::uint64_t rounds = params.integer("c", {1, max_rounds});
    return {crypto::Prf::HmacSha256, static_cast<std::uint32_t>(rounds)};
}

void read_kdf(Fields kdf, KeystoreFile& file) {
    kdf.only({"function", "params", "message"});
    expect_text(kdf, "message", "");
    Fields params = kdf.object("params");
    static_cast<void>(params.integer("dklen", {32, 32}));
    if (const std::string& function = kdf.text("function"); function == "scrypt") {
        file.kdf = scrypt_of(params);
    } else if (function == "pbkdf2") {
        file.kdf = pbkdf2_of(params);
    } else {
        kdf.refuse("function", "is not `scrypt` or `pbkdf2`");
    }
    file.salt = params.bare_hex("salt", {min_salt, max_salt});
}

void read_checksum(Fields checksum, KeystoreFile& file) {
    checksum.only({"function", "params", "message"});
    expect_text(checksum, "function", "sha256");
    checksum.object("params").only({});
    file.checksum = checksum.bare_bytes<32>("message");
}

void read_cipher(Fields cipher, KeystoreFile& file) {
    cipher.only({"function", "params", "message"});
    expect_text(cipher, "function", "aes-128-ctr");
    Fields params = cipher.object("params");
    params.only({"iv"});
    file.iv = params.bare_bytes<16>("iv");
    file.cipher_text = cipher.bare_bytes<32>("message");
}

/// RFC 4122, 3: 8-4-4-4-12 digits.
bool is_uuid(std::string_view text) {
    constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    static constexpr std::string_view digits = "0123456789abcdefABCDEF";
    return std::ranges::equal(text, form, [](char given, char formed) {
        return formed == '-' ? given == '-' : digits.contains(given);
    });
}

Json module(std::string_view function, Json params, std::string message) {
    return {{"function", function}, {"params", std::move(params)}, {"message", std::move(message)}};
}

struct KdfJson {
    const Bytes& salt;

    Json operator()(const crypto::Scrypt& scrypt) const {
        const Json params = {{"dklen", 32},
                             {"n", scrypt.n},
                             {"r", scrypt.r},
                             {"p", scrypt.p},
                             {"salt", to_hex(salt)}};
        return module("scrypt", params, "");
    }
    Json operator()(const crypto::Pbkdf2& pbkdf2) const {
        const Json params = {{"dklen", 32},
                             {"c", pbkdf2.iterations},
                             {"prf", "hmac-sha256"},
                             {"salt", to_hex(salt)}};
        return module("pbkdf2", params, "");
    }
};

}  // namespace

Result<KeystoreFile> parse_keystore(std::string_view json) {
    if (json.size() > max_json) {
        return fail(Code::BadRequest, "the keystore has more than 16 KB");
    }
    const auto document = parse_json(json);
    if (!document) return fail(Code::BadRequest, "the keystore is not JSON");
    std::optional<Error> mistake;
    Fields top({*document, "keystore"}, mistake);
    KeystoreFile file;
    // Whatever else stands beside these is the writer's own, a name or a note.
    static_cast<void>(top.integer("version", {4, 4}));
    Fields crypto = top.object("crypto");
    crypto.only({"kdf", "checksum", "cipher"});
    read_kdf(crypto.object("kdf"), file);
    read_checksum(crypto.object("checksum"), file);
    read_cipher(crypto.object("cipher"), file);
    file.path = top.text("path");
    file.uuid = top.text("uuid");
    if (!is_uuid(file.uuid)) top.refuse("uuid", "is not a UUID");
    if (top.has("pubkey")) file.public_key = PublicKey{top.bare_bytes<48>("pubkey")};
    if (mistake) return std::unexpected(*mistake);
    return file;
}

std::string to_json(const KeystoreFile& file) {
    const Json crypto = {
        {"kdf", std::visit(KdfJson{file.salt}, file.kdf)},
        {"checksum", module("sha256", Json::object(), to_hex(file.checksum))},
        {"cipher", module("aes-128-ctr", {{"iv", to_hex(file.iv)}}, to_hex(file.cipher_text))}};
    Json top = {{"crypto", crypto},
                {"description", ""},
                {"path", file.path},
                {"uuid", file.uuid},
                {"version", 4}};
    if (file.public_key) top["pubkey"] = to_hex(file.public_key->bytes);
    return dump(top);
}

bool is_weak(const Kdf& kdf) {
    if (const auto* scrypt = std::get_if<crypto::Scrypt>(&kdf)) {
        return work(*scrypt) < strong_n_r_p;
    }
    return std::get<crypto::Pbkdf2>(kdf).iterations < strong_rounds;
}

}  // namespace redoubt::ethereum
