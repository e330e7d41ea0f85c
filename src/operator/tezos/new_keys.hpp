// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/adapters/tezos/sealed_table.hpp>
#include <redoubt/operator/sealed/sealing.hpp>
#include <redoubt/operator/tezos/commands.hpp>

/// Secrets made here, and sealed before anybody sees them. Nothing of this writes.
namespace redoubt::tezos_operator {

using sealed_operator::Division;
using sealed_operator::NewWrap;

/// What the commands seal and unseal with.
[[nodiscard]] sealed_operator::Tools tools_of(const Context& context);

/// Of what KMS gave to it, and as much of this machine's.
[[nodiscard]] crypto::bls::SecretKey make_secret(ByteView of_kms);

/// What the table is to hold of a key: its backup encrypted, its possession proved. Error:
/// internal, if what was just made is not right, which no input brings about.
[[nodiscard]] Result<tezos_adapters::SealedItem> seal_key(const Context& context,
                                                          const crypto::bls::SecretKey& secret,
                                                          const NewWrap& wrap);

/// `{public_key, pkh, proof, wrap, backup}`
[[nodiscard]] Json to_json(const tezos_adapters::SealedItem& key);

}  // namespace redoubt::tezos_operator
