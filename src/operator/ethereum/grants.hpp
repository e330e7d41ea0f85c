// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/adapters/ethereum/access_table.hpp>
#include <redoubt/operator/ethereum/commands.hpp>

/// What an operator gives to tokens and roles, as commands have it.
namespace redoubt::ethereum_operator {

/// `ops`, one of `keys`, `tags` and `all`, `not_after`, `label`. Keys are not looked up. Error:
/// bad_request.
[[nodiscard]] Result<access::Grant> read_grant(const Json& fields, WallTime now);

/// `principal`, of a role or of a session of it. Error: bad_request.
[[nodiscard]] Result<access::RoleArn> read_principal(const Json& fields);

/// As it was given, and `expired`.
[[nodiscard]] Json members_of(const access::Grant& grant, WallTime now);

}  // namespace redoubt::ethereum_operator
