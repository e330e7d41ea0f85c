// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/lambda/runtime.hpp>

#include "log/fields.hpp"

namespace redoubt::bootstrap {

/// A field of the log that CloudWatch makes a metric of, and its unit there.
struct Metric {
    std::string_view name;
    std::string_view unit;
};

/// One line a request, which CloudWatch reads as metrics, too: it says of itself which of its
/// members are some. Source: "Specification: Embedded metric format", Amazon CloudWatch guide.
class RequestLog {
public:
    /// `function` is the one dimension of the metrics. If it is empty, there are none.
    RequestLog(const Clock& clock, const std::string& function, std::span<const Metric> metrics);

    /// `fields`: what the handler tells; `error`: why the request was refused.
    [[nodiscard]] std::string line(const lambda::Invocation& invocation, LogFields fields,
                                   const std::optional<Error>& error, SteadyTime::duration spent,
                                   bool cold) const;

private:
    [[nodiscard]] std::string directive(const LogFields& fields) const;

    struct Declared {
        std::string_view name;
        std::string declaration;  // as the directive has it, and a comma
    };

    const Clock& clock_;
    std::string dimension_;          // `"function":"<name>",`, or empty
    std::vector<Declared> metrics_;  // in their order
};

}  // namespace redoubt::bootstrap
