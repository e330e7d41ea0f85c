// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>

namespace redoubt::tezos_operator::doctor {

/// Who a policy lets do something.
struct Principal {
    std::string name;
    bool is_one;  // one role or user; else all that IAM, a service or anybody makes of it
};

/// Whom the policy of `resource`, as text, lets do `action` there, given those who may without it
/// (`before`; none for a KMS key). What it doesn't understand narrows nothing: an Allow is taken as
/// wide as its words can be, a Deny counts only in the form that this project's own policies have.
/// Nothing if it is no policy.
[[nodiscard]] std::optional<std::vector<Principal>> who_may(std::string_view policy,
                                                            std::string_view action,
                                                            std::string_view resource,
                                                            std::vector<Principal> before = {});

/// Their names, each after a space; of those alone that are not one role or user.
[[nodiscard]] std::string list_principals(const std::vector<Principal>& principals, bool only_wide);

}  // namespace redoubt::tezos_operator::doctor
