// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <redoubt/adapters/tezos/sealed_table.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/operator/tezos/commands.hpp>

/// Secrets made here, and sealed before anybody sees them. Nothing of this writes.
namespace redoubt::tezos_operator {

/// Among how many KMS keys a wrap is divided, and how many of them open it.
struct Division {
    std::vector<aws::KeyArn> kms_keys;
    unsigned threshold = 0;
};

/// `threshold`, and in `kms_keys` some of the wrapping keys (all, if absent). Errors: bad_request,
/// also without any wrapping key.
[[nodiscard]] Result<Division> read_division(const Json& fields, const Context& context);

/// That it was said who gets backups. Error: bad_request.
[[nodiscard]] std::optional<Error> demand_backup(const Context& context);

/// What KMS gives to the randomness of a wrap or of a key: this machine adds as much, so that
/// neither knows a secret alone.
inline constexpr std::size_t random_share = 32;
/// That, `count` times. Errors: those of KMS.
[[nodiscard]] Result<GuardedBytes> draw_random(const Context& context, std::size_t count,
                                               SteadyTime deadline);

[[nodiscard]] crypto::bls::SecretKey make_secret(ByteView of_kms);

/// Whether KMS is asked to open again what it has just encrypted, which needs the right to.
enum class Trial : bool { None, EachShare };

/// A wrap's key and what the table is to hold of it.
struct NewWrap {
    sealed::WrapKey key;
    sealed::Wrap wrap;
};
/// Its shares encrypted by KMS, all at once. Errors: kms_refused, kms_unavailable,
/// credentials_expired, deadline, the first of them with the KMS key's ARN.
[[nodiscard]] Result<NewWrap> make_wrap(const Context& context, const Division& division,
                                        ByteView of_kms, Trial trial, SteadyTime deadline);

/// Shares of that key for the wrap of that id. Errors: the same.
[[nodiscard]] Result<std::vector<sealed::EncryptedShare>> encrypt_shares(
    const Context& context, const sealed::WrapKey& key, const sealed::WrapId& id,
    const Division& division, Trial trial, SteadyTime deadline);

/// The secret of that key as the table holds it. Error: internal, if what was just sealed does not
/// open, which no input brings about.
[[nodiscard]] Result<Bytes> seal_secret(const crypto::bls::SecretKey& secret,
                                        const crypto::PublicKey& key, const NewWrap& wrap);

/// What the table is to hold of a key: its backup encrypted, its possession proved. Errors:
/// internal, as above.
[[nodiscard]] Result<tezos_adapters::SealedItem> seal_key(const Context& context,
                                                          const crypto::bls::SecretKey& secret,
                                                          const NewWrap& wrap);

/// `{public_key, pkh, proof, wrap, backup}`
[[nodiscard]] Json to_json(const tezos_adapters::SealedItem& key);

}  // namespace redoubt::tezos_operator
