// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "questions.hpp"

/// What is asked, and looked at, of any key of KMS.
namespace redoubt::tezos_operator::doctor {

inline constexpr std::string_view no_such_key = "NotFoundException";

/// Bodies of calls about the key: with nothing but its ARN; for its policy.
[[nodiscard]] std::string key_body(const std::string& arn);
[[nodiscard]] std::string key_policy_body(const std::string& arn);

/// Where else the key is, each ARN after a space. `key` is its KeyMetadata.
[[nodiscard]] std::string other_regions(const Json& key, std::string_view arn);
/// Whether ListGrants has any, or no list.
[[nodiscard]] bool has_grants(const aws::Reply& reply);
/// Of whoever may change a policy, or replicate its key, those that are not one role or user.
[[nodiscard]] std::string wide_changers(std::string_view policy, std::string_view arn);

}  // namespace redoubt::tezos_operator::doctor
