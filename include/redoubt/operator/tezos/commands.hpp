// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/aws/service.hpp>
#include <redoubt/io/exchange.hpp>
#include <redoubt/operator/command.hpp>
#include <redoubt/tezos/keys.hpp>

namespace redoubt::tezos_operator {

/// What the commands work with; it outlives them.
struct Context {
    std::string version;
    std::string table;
    std::vector<std::string> key_arns;  // in the order of `consensus_keys`
    tezos::Keys consensus_keys;
    tezos::Keys authorized_keys;
    aws::Service& dynamodb;
    io::ExchangeRunner& runner;
};

/// All of them. Watermarks can only be raised.
[[nodiscard]] std::vector<operators::Command> commands(const Context& context);
std::vector<operators::Command> commands(Context&&) = delete;

/// Versions, keys, rows, limits, and the clock against AWS's. No fields.
[[nodiscard]] operators::Command status(const Context& context);

/// Creates the rows that are missing at `level`, on `chain`, of `keys` (all, if absent), and
/// touches none that exists. Signs only above `level`.
[[nodiscard]] operators::Command arm(const Context& context);

/// Lifts rows to `level` and `round` (the highest, if absent) on `chain`, of `keys` (all, if
/// absent), and never lowers one; beyond the pace fence only with `force`.
[[nodiscard]] operators::Command raise(const Context& context);

}  // namespace redoubt::tezos_operator
