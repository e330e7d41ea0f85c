// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

/// What iam-policies/key-policy.json and table-policy.json come to, for a signer's and an
/// operator's role of an account. (A test holds `doctor` to both.)
namespace redoubt::standins {

[[nodiscard]] std::string sound_key_policy(const std::string& account);
[[nodiscard]] std::string sound_wrapping_key_policy(const std::string& account);
[[nodiscard]] std::string sound_table_policy(const std::string& account);

}  // namespace redoubt::standins
