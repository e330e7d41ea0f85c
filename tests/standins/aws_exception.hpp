// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/base/json.hpp>

namespace redoubt::standins {

/// An error as AWS names and answers it. Operations of the stand-ins throw it; the one place that
/// catches it is Service, which writes the answer.
struct AwsException {
    std::string type;
    std::string message;
    int status = 400;
    Json more = Json::object();  ///< Further members of the answer, e.g. `Item`.
};

[[nodiscard]] inline AwsException validation(std::string message) {
    return {.type = "ValidationException", .message = std::move(message)};
}

}  // namespace redoubt::standins
