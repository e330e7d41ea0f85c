// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include <redoubt/adapters/sealed/unsealing.hpp>
#include <redoubt/backup/age.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/operator/command.hpp>
#include <redoubt/sealed/shares.hpp>

/// Secrets sealed before anybody sees them, for keys of any chain. Nothing of this writes.
namespace redoubt::sealed_operator {

/// What new keys are sealed under, and who can open their backups.
struct Sealing {
    std::vector<aws::KeyArn> wrapping_keys = {};
    /// Empty: nobody, and that was said. Nothing: it was not.
    std::optional<std::vector<backup::Recipient>> backup_recipients = {};
};

/// What a chain's commands seal and unseal with; all of it outlives this.
struct Tools {
    sealed_adapters::SealedSources sources;
    const sealed_adapters::WrapLayout& layout;
    aws::Service& kms;  // of the function's own Region, which is asked for random bytes
    const Sealing& sealing;
};

/// Among how many KMS keys a wrap is divided, and how many of them open it.
struct Division {
    std::vector<aws::KeyArn> kms_keys;
    unsigned threshold = 0;
};

/// `threshold`, and in `kms_keys` some of the wrapping keys (all, if absent). Errors: bad_request,
/// also without any wrapping key.
[[nodiscard]] Result<Division> read_division(const Json& fields, const Sealing& sealing);

/// All wrapping keys. Error: bad_request, if two of them are one KMS key.
[[nodiscard]] Result<Division> divide_among_all(const Sealing& sealing, unsigned threshold);

/// That it was said who gets backups. Error: bad_request.
[[nodiscard]] std::optional<Error> demand_backup(const Sealing& sealing);

/// For each recipient, armoured; nothing if there are none, which was said.
[[nodiscard]] Result<std::optional<std::string>> back_up(const Sealing& sealing, ByteView text);

/// What KMS gives to the randomness of a wrap or of a key: this machine adds as much, so that
/// neither knows a secret alone.
inline constexpr std::size_t random_share = 32;
/// That, `count` times. Errors: those of KMS.
[[nodiscard]] Result<GuardedBytes> draw_random(const Tools& tools, std::size_t count,
                                               SteadyTime deadline);
/// Both halves of it, of one share of KMS's: 64 bytes.
[[nodiscard]] GuardedBytes add_random(ByteView of_kms);

/// Whether KMS is asked to open again what it has just encrypted, which needs the right to.
enum class Trial : bool { None, EachShare };

/// A wrap's key and what the table is to hold of it.
struct NewWrap {
    sealed::WrapKey key;
    sealed::Wrap wrap;
};
/// A new one of that name. Errors: those of `divide`.
[[nodiscard]] Result<NewWrap> make_wrap(const Tools& tools, const sealed::WrapId& id,
                                        const Division& division, ByteView of_kms, Trial trial,
                                        SteadyTime deadline);

/// A new one with random bytes of KMS, each of whose shares KMS has opened again: where it may be
/// asked to. Errors: those of both.
[[nodiscard]] Result<NewWrap> make_tried_wrap(const Tools& tools, const Division& division,
                                              SteadyTime deadline);

/// That wrap with new shares, as `division` says. Errors: those of `encrypt_shares`.
[[nodiscard]] Result<NewWrap> divide(const Tools& tools, NewWrap whole, const Division& division,
                                     Trial trial, SteadyTime deadline);

/// `shares` of `whole`, each encrypted by the KMS key of its place, all at once. Errors: internal,
/// before any call, unless every `threshold` of them give the wrap's key again; kms_refused,
/// kms_unavailable, credentials_expired, deadline, the first of them with the KMS key's ARN.
[[nodiscard]] Result<std::vector<sealed::EncryptedShare>> encrypt_shares(
    const Tools& tools, const NewWrap& whole, const std::vector<sealed::Share>& shares,
    const std::vector<aws::KeyArn>& kms_keys, Trial trial, SteadyTime deadline);

/// The secret of that public key as the table holds it. Error: internal, if what was just sealed
/// does not open, which no input brings about.
[[nodiscard]] Result<Bytes> seal_secret(const crypto::bls::SecretKey& secret, ByteView public_key,
                                        const NewWrap& wrap);

/// That of the last, for whatever else was made and did not come out right.
[[nodiscard]] std::unexpected<Error> not_right();

}  // namespace redoubt::sealed_operator
