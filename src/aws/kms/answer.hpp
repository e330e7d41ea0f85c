// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <redoubt/aws/endpoint.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>

/// What the readers of KMS' answers share.
namespace redoubt::aws::kms {

[[nodiscard]] bool has(const Json& body, std::string_view name, std::string_view expected);

[[nodiscard]] std::unexpected<Error> other_key(const KeyArn& key);

}  // namespace redoubt::aws::kms
