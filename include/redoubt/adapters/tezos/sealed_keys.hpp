// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <redoubt/adapters/sealed/unsealing.hpp>
#include <redoubt/adapters/tezos/sealed_table.hpp>
#include <redoubt/crypto/bls.hpp>

namespace redoubt::tezos_adapters {

using sealed_adapters::Opening;
using sealed_adapters::SealedSources;

/// The keys that the table holds, sealed: in clear only here, once they were opened.
///
/// They are read, and opened by one round of KMS a wrap. What fails in passing is tried again by
/// whoever needs the key; what stays, at most every `pause_after_refusal`, so that a KMS key that
/// was switched on again heals.
class SealedKeys {
public:
    static constexpr Milliseconds pause_after_refusal = sealed_adapters::pause_after_refusal;

    /// `keys` outlives it, too.
    SealedKeys(SealedSources sources, const tezos::Keys& keys, const Clock& clock,
               std::function<void(const Opening&)> on_opening);

    /// Tries all that are closed; `beside` is run with the calls to KMS, also if there are none.
    void open(SteadyTime deadline, std::span<io::Exchange* const> beside = {});

    /// Sees to it that a key is open; one that is costs no call. Errors: wrap_unavailable,
    /// wrap_refused, damaged_key, credentials_expired.
    [[nodiscard]] std::optional<Error> prepare(const tezos::KeyInfo& key, SteadyTime deadline);

    /// The secret of an open key; or why it is closed, without a call.
    [[nodiscard]] Result<const crypto::bls::SecretKey*> find(const tezos::KeyInfo& key) const;

private:
    struct Entry {
        const tezos::KeyInfo& key;
        std::optional<crypto::bls::SecretKey> secret;
        Error reason;                      // why it is closed
        std::optional<Moment> refused_at;  // one that stays closed
    };
    [[nodiscard]] Moment now() const { return {clock_.wall(), clock_.steady()}; }
    [[nodiscard]] const Entry& entry_of(const tezos::KeyInfo& key) const;
    void settle(Entry& entry, Result<crypto::bls::SecretKey> outcome, Opening& told);

    SealedSources sources_;
    std::vector<Entry> entries_;
    const Clock& clock_;
    std::function<void(const Opening&)> on_opening_;
};

}  // namespace redoubt::tezos_adapters
