// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/ethereum/interchange.hpp>

#include "imported_keys.hpp"

/// What keys that come in have signed elsewhere, and what that means here.
namespace redoubt::ethereum_operator {

/// Nothing that was signed elsewhere is above these.
struct Marks {
    ethereum::Epoch source;
    ethereum::Epoch target;
    ethereum::Slot slot;
};

[[nodiscard]] Marks marks_of(const ethereum::SignedMaxima& maxima);

/// Why these are not believed. Errors: bad_request for what the table can't hold; too_far_ahead for
/// what the chain has not come to, unless forced.
[[nodiscard]] std::optional<Error> doubt(const Context& context, const Marks& marks,
                                         bool is_forced);

/// Of each key, from `data`, `epoch`, `source` and `force`. Errors: bad_request (nothing is said of
/// a key; an epoch or slot that the table can't hold), wrong_network, too_far_ahead.
[[nodiscard]] Result<std::vector<Marks>> read_marks(const Json& fields,
                                                    const ImportedKeys& imported,
                                                    const Context& context);

/// With what the table has: each of them only rises.
[[nodiscard]] Marks lifted(const std::optional<ethereum_adapters::Validator>& there,
                           const Marks& marks);

/// That a key which has its secret here can't sign what it is said to have signed elsewhere: no
/// answer may look as if that were prevented. Error: bad_request.
[[nodiscard]] std::optional<Error> refuse_unprotected(
    const std::optional<ethereum_adapters::Validator>& there, const Marks& marks);

}  // namespace redoubt::ethereum_operator
