// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/adapters/sealed/unsealing.hpp>
#include <redoubt/base/clock.hpp>

namespace redoubt::ethereum_adapters {

/// The wraps of a table, opened once a process each: by one round of KMS. What fails in passing is
/// tried again by whoever needs it; what stays closed, at most every
/// `sealed_adapters::pause_after_refusal`.
class OpenedWraps {
public:
    using OnOpening = std::function<void(const sealed_adapters::Opening&)>;

    /// All that `sources` name outlives it.
    OpenedWraps(sealed_adapters::SealedSources sources, OnOpening on_opening)
        : sources_(sources), on_opening_(std::move(on_opening)) {}

    /// Tries all of these that are closed, side by side.
    void open(const std::vector<sealed::WrapId>& ids, SteadyTime deadline);
    /// Opens it unless it is open. Errors: wrap_unavailable, wrap_refused, credentials_expired.
    [[nodiscard]] Result<const sealed::WrapKey*> find(const sealed::WrapId& id,
                                                      SteadyTime deadline);

private:
    struct Entry {
        Result<sealed::Opened> opened;
        std::optional<Moment> refused_at;  // one that stays closed
    };
    [[nodiscard]] std::vector<Result<Json>> read(const std::vector<sealed::WrapId>& ids,
                                                 SteadyTime deadline);

    sealed_adapters::SealedSources sources_;
    OnOpening on_opening_;
    std::map<std::string, Entry> entries_;
};

}  // namespace redoubt::ethereum_adapters
