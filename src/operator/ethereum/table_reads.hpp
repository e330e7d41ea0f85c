// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/operator/ethereum/commands.hpp>

/// What commands read of the table. Errors: those of the table, and what is said.
namespace redoubt::ethereum_operator {

/// What the commands seal and unseal with.
[[nodiscard]] sealed_operator::Tools tools_of(const Context& context);

/// Items by their names, by one consistent read; null where there is none.
[[nodiscard]] Result<std::vector<Json>> read_items(const Context& context,
                                                   const std::vector<aws::dynamodb::ItemKey>& keys,
                                                   SteadyTime deadline);

/// That an item says that this table is of this function's network, and goes by its own name.
/// Error: wrong_network.
[[nodiscard]] std::optional<Error> judge_network(const Context& context, const Json& item);

/// The same of the item that is there now.
[[nodiscard]] std::optional<Error> check_network(const Context& context, SteadyTime deadline);

/// Whether a command takes any table, or only one that judge_network() finds to be ours: of a copy
/// nobody knows what its keys have signed since.
enum class Tables : std::uint8_t { Any, Ours };

/// Those validators, in their order. Errors: unknown_key, damaged_row, wrong_network.
[[nodiscard]] Result<std::vector<ethereum_adapters::Validator>> read_validators(
    const Context& context, const std::vector<ethereum::PublicKey>& keys, Tables tables,
    SteadyTime deadline);

/// How far a table was looked through: its parts, which are read side by side.
struct ScanPosition {
    struct Part {
        std::optional<std::string> after = {};  // the `id` looked at last; nothing: none yet
        bool is_done = false;
    };
    static constexpr unsigned parts_count = 16;
    std::array<Part, parts_count> parts{};

    [[nodiscard]] bool is_done() const;
};

/// What is looked for: items whose names begin with one of these, and which attributes beside `id`.
struct ScanFor {
    std::vector<std::string> prefixes;
    std::vector<std::string> attributes;
    unsigned items_of_a_part = ~0U;  // at a time, if that is fewer than the usual
};
/// Looks on, until it has found as many, and those that came with them, or all. `position` moves
/// on.
[[nodiscard]] Result<std::vector<Json>> scan_items(const Context& context, const ScanFor& wanted,
                                                   ScanPosition& position, std::size_t enough,
                                                   SteadyTime deadline);

struct ScanPage {
    std::vector<ethereum_adapters::Validator> validators;
    std::vector<std::string> damaged;  // public keys whose items can't be read
};
/// The same of validators; signing roots, which few need, if they are asked for.
enum class Roots : bool { LeftOut, Read };
[[nodiscard]] Result<ScanPage> scan_validators(const Context& context, ScanPosition& position,
                                               std::size_t enough, SteadyTime deadline,
                                               Roots roots = Roots::LeftOut);

}  // namespace redoubt::ethereum_operator
