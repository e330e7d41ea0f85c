// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>

namespace redoubt::bootstrap {

/// An answer to an event, and what the log says of it.
struct Outcome {
    Json answer;
    /// Asked for once the answer has left: the baker does not wait for the log. Or nothing.
    std::function<Json()> log_fields;
    std::optional<Error> error;
};

/// What the zip is deployed as: the signer or the operator.
class Function {
public:
    Function() = default;
    Function(const Function&) = delete;
    Function& operator=(const Function&) = delete;
    virtual ~Function() = default;

    /// `event` is null if it was no JSON. Done by `deadline`.
    [[nodiscard]] virtual Outcome answer(const Json& event, SteadyTime deadline) = 0;
    /// The answer when something went wrong that nobody foresaw.
    [[nodiscard]] virtual Outcome internal_error(const Json& event, std::string detail) const = 0;
};

}  // namespace redoubt::bootstrap
