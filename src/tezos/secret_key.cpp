// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/secret_key.hpp>

#include <algorithm>

#include <redoubt/tezos/base58.hpp>

namespace redoubt::tezos {
namespace {

using crypto::bls::SecretKey;

constexpr ByteArray<4> secret_prefix = {0x03, 0x96, 0xc0, 0x28};
constexpr std::size_t text_size = 54;

}  // namespace

GuardedBytes to_text(const SecretKey& key) {
    GuardedBytes bytes(secret_prefix.size() + SecretKey::size);
    const auto scalar = std::ranges::copy(secret_prefix, bytes.bytes().begin()).out;
    std::ranges::reverse_copy(key.big_endian(), scalar);
    return to_secret_base58check(bytes.view(), text_size);
}

std::optional<SecretKey> parse_bls_secret(ByteView text) {
    if (text.size() != text_size) return std::nullopt;
    auto bytes = from_secret_base58check(text, secret_prefix.size() + SecretKey::size);
    if (!bytes || !std::ranges::equal(bytes->view().first(secret_prefix.size()), secret_prefix)) {
        return std::nullopt;
    }
    const auto scalar = bytes->bytes().subspan(secret_prefix.size());
    std::ranges::reverse(scalar);
    return SecretKey::parse(scalar);
}

}  // namespace redoubt::tezos
