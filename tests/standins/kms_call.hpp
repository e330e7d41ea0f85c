// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/json.hpp>

#include "aws_exception.hpp"
#include "faults.hpp"

/// What the operations of KMS have in common. Everything throws AwsException.
namespace redoubt::standins {

/// The one spec and algorithm of keys that encrypt here.
inline constexpr std::string_view symmetric = "SYMMETRIC_DEFAULT";

/// The text `field` of a call, which must be there.
[[nodiscard]] std::string text_member(const Json& call, const std::string& field);
/// The same in base64, of 1 to `most` bytes.
[[nodiscard]] Bytes bytes_member(const Json& call, const std::string& field, std::size_t most);

[[nodiscard]] AwsException not_in_enumeration(const std::string& value, const std::string& field);

/// That a call would have succeeded, if it is one that says so and does nothing.
void refuse_dry_run(const Json& call);

[[nodiscard]] bool struck(const std::vector<Fault>& faults, FaultKind kind);

}  // namespace redoubt::standins
