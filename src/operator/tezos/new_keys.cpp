// SPDX-License-Identifier: Apache-2.0
#include "new_keys.hpp"

#include <algorithm>

#include <redoubt/tezos/secret_key.hpp>

namespace redoubt::tezos_operator {
namespace {

using crypto::bls::Domain;
using crypto::bls::SecretKey;
using tezos_adapters::SealedItem;

/// Its text and a newline.
GuardedBytes line_of(const SecretKey& secret) {
    const GuardedBytes text = tezos::to_text(secret);
    GuardedBytes line(text.size() + 1);
    std::ranges::copy(text.view(), line.bytes().begin());
    line.bytes().back() = '\n';
    return line;
}

}  // namespace

sealed_operator::Tools tools_of(const Context& context) {
    return {{context.dynamodb, context.table, context.wrapping_kms, context.sealing.wrapping_keys,
             context.runner},
            tezos_adapters::wrap_layout,
            context.kms,
            context.sealing};
}

SecretKey make_secret(ByteView of_kms) {
    return SecretKey::generate(sealed_operator::add_random(of_kms).view());
}

Result<SealedItem> seal_key(const Context& context, const SecretKey& secret, const NewWrap& wrap) {
    const crypto::PublicKey key = secret.public_key();
    const auto proof = secret.sign(key.encoded(), Domain::Possession);
    if (!crypto::bls::verify_possession(key, key, proof)) return sealed_operator::not_right();
    auto sealed = sealed_operator::seal_secret(secret, key.encoded(), wrap);
    if (!sealed) return std::unexpected(sealed.error());
    auto backup = sealed_operator::back_up(context.sealing, line_of(secret).view());
    if (!backup) return std::unexpected(backup.error());
    return SealedItem{key,
                      std::move(*sealed),
                      wrap.wrap.id,
                      wrap.wrap.made_ms,
                      std::move(*backup),
                      tezos::to_text(key.scheme(), proof)};
}

Json to_json(const SealedItem& key) {
    return {{"public_key", tezos::to_text(key.public_key)},
            {"pkh", tezos::to_text(tezos::hash_of(key.public_key))},
            {"proof", key.proof ? Json(*key.proof) : Json()},
            {"wrap", key.wrap.text()},
            {"backup", key.backup ? Json(*key.backup) : Json()}};
}

}  // namespace redoubt::tezos_operator
