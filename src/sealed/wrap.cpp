// SPDX-License-Identifier: Apache-2.0
#include <redoubt/sealed/wrap.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/random.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/crypto/hkdf.hpp>

#include "parts.hpp"

namespace redoubt::sealed {

std::string_view name(Purpose purpose) {
    switch (purpose) {
        case Purpose::TezosConsensus: return "tezos-consensus";
        case Purpose::EthereumValidator: return "ethereum-validator";
    }
    throw std::logic_error("no such purpose");
}

std::optional<Purpose> parse_purpose(std::string_view text) {
    for (const Purpose purpose : {Purpose::TezosConsensus, Purpose::EthereumValidator}) {
        if (text == name(purpose)) return purpose;
    }
    return std::nullopt;
}

std::string WrapId::text() const { return to_hex(bytes); }

std::optional<WrapId> WrapId::parse(std::string_view text) {
    const auto read = from_hex(text);
    WrapId id;
    if (!read || read->size() != id.bytes.size()) return std::nullopt;
    std::ranges::copy(*read, id.bytes.begin());
    if (id.text() != text) return std::nullopt;
    return id;
}

WrapId WrapId::make() {
    WrapId id;
    fill_with_random(id.bytes);
    return id;
}

WrapId WrapId::made_for(ByteView public_key) {
    std::string named = "redoubt wrap id v1";
    named.append(public_key.begin(), public_key.end());
    const auto hash = crypto::sha256(bytes_of(named));
    WrapId id;
    std::ranges::copy(ByteView(hash).first(id.bytes.size()), id.bytes.begin());
    return id;
}

WrapKey derived(ByteView input) {
    GuardedBytes key(WrapKey::size);
    crypto::hkdf_sha256({.key = input, .info = bytes_of("redoubt wrap v1")}, key.bytes());
    return KeyAccess::made_of(std::move(key));
}

WrapKey WrapKey::make(ByteView random_of_kms) {
    if (random_of_kms.size() != size) throw std::logic_error("a wrap takes 32 bytes of KMS");
    GuardedBytes input(2 * size);
    fill_with_random(input.bytes().first(size));
    std::ranges::copy(random_of_kms, input.bytes().last(size).begin());
    return derived(input.view());
}

ByteArray<32> WrapKey::check(const WrapId& id) const {
    return crypto::hmac_sha256(bytes_.view(), bytes_of("redoubt wrap check v1" + id.text()));
}

Context share_context(const WrapId& id, unsigned x, unsigned n, Purpose purpose) {
    return {{"redoubt:wrap", id.text()},
            {"redoubt:share", std::to_string(x) + "/" + std::to_string(n)},
            {"redoubt:purpose", std::string(name(purpose))}};
}

}  // namespace redoubt::sealed
