// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <redoubt/access/grant.hpp>
#include <redoubt/aws/dynamodb/dynamodb.hpp>

/// Who may ask for signatures, in the table of validators: items `token/<id>` and
/// `principal/<role's ARN>`.
///
/// | attribute   | type | meaning                                                             |
/// |-------------|------|---------------------------------------------------------------------|
/// | `hash`      | B    | SHA-256 of a token's secret; of tokens alone                        |
/// | `ops`       | SS   | names of rights, as in <redoubt/access/rights.hpp>                  |
/// | `keys`      | SS   | with these public keys, `0x` and lower-case hex; or                 |
/// | `tags`      | SS   | with those that bear one of these; or                               |
/// | `all`       | BOOL | with all                                                            |
/// | `not_after` | N    | seconds since 1970, the last one; absent: no end                    |
/// | `path`      | BOOL | true: for the path and nowhere else; of tokens alone; absent: false |
/// | `label`     | S    | whose it is, in an operator's words; absent: none                   |
namespace redoubt::ethereum_adapters {

inline constexpr std::string_view token_prefix = "token/";
inline constexpr std::string_view principal_prefix = "principal/";

[[nodiscard]] aws::dynamodb::ItemKey token_key(const access::TokenId& id);
[[nodiscard]] aws::dynamodb::ItemKey principal_key(const access::RoleArn& role);

[[nodiscard]] ObjectText to_item(const access::Token& token);
[[nodiscard]] ObjectText to_item(const access::Principal& principal);

/// Nothing unless it is an item of that kind, each attribute is of its type, and exactly one of
/// `keys`, `tags` and `all` (true) is there.
[[nodiscard]] std::optional<access::Token> parse_token_item(const Json& item);
[[nodiscard]] std::optional<access::Principal> parse_principal_item(const Json& item);

}  // namespace redoubt::ethereum_adapters
