// SPDX-License-Identifier: Apache-2.0
#include <redoubt/sealed/envelope.hpp>

#include <algorithm>
#include <stdexcept>

#include <redoubt/base/random.hpp>
#include <redoubt/base/reader.hpp>
#include <redoubt/crypto/hkdf.hpp>

#include "parts.hpp"

namespace redoubt::sealed {
namespace {

namespace aes_gcm = crypto::aes_gcm;

constexpr Byte version = 0x01;

/// One for each purpose, so that a purpose is crossed by no mistake in the additional data alone.
GuardedBytes sealing_key(const WrapKey& key, Purpose purpose) {
    GuardedBytes derived(aes_gcm::key_size);
    const std::string info = "redoubt seal v1 " + std::string(name(purpose));
    crypto::hkdf_sha256({.key = KeyAccess::bytes(key), .info = bytes_of(info)}, derived.bytes());
    return derived;
}

Bytes additional_data(const WrapId& id, Purpose purpose, ByteView public_key) {
    Bytes data;
    append(data, bytes_of(name(purpose)));
    append(data, bytes_of("/" + id.text() + "/"));
    append(data, public_key);
    return data;
}

}  // namespace

Bytes seal_by(const Nonce& nonce, const WrapKey& key, const WrapId& id, Purpose purpose,
              ByteView public_key, ByteView secret) {
    if (public_key.size() != public_key_size || secret.size() != secret_size) {
        throw std::logic_error("a sealed secret has 32 bytes, and its public key 48");
    }
    const GuardedBytes derived = sealing_key(key, purpose);
    const Bytes data = additional_data(id, purpose, public_key);
    Bytes sealed = {version};
    append(sealed, nonce);
    append(sealed, aes_gcm::encrypt({derived.view(), nonce, data}, secret));
    return sealed;
}

Bytes seal(const WrapKey& key, const WrapId& id, Purpose purpose, ByteView public_key,
           ByteView secret) {
    Nonce nonce{};
    fill_with_random(nonce);
    return seal_by(nonce, key, id, purpose, public_key, secret);
}

Result<GuardedBytes> unseal(const WrapKey& key, const WrapId& id, Purpose purpose,
                            ByteView public_key, ByteView sealed) {
    if (sealed.size() != sealed_size) {
        return fail(Code::DamagedKey, "the sealed key has " + std::to_string(sealed.size()) +
                                          " bytes, not " + std::to_string(sealed_size) +
                                          ": it was altered, find out who wrote it");
    }
    Reader reader(sealed);
    if (const Byte read = reader.u8(); read != version) {
        return fail(
            Code::DamagedKey,
            "the sealed key is of version " + std::to_string(read) +
                ", which this program does not know: it was altered, or a newer program wrote it");
    }
    const auto nonce = reader.array<aes_gcm::nonce_size>();
    const GuardedBytes derived = sealing_key(key, purpose);
    const Bytes data = additional_data(id, purpose, public_key);
    auto secret = aes_gcm::decrypt({derived.view(), nonce, data}, reader.rest());
    if (!secret) {
        return fail(
            Code::DamagedKey,
            "the sealed key was altered, or is of another key, wrap or purpose: find out who "
            "wrote it");
    }
    return std::move(*secret);
}

}  // namespace redoubt::sealed
