// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/lambda/runtime.hpp>
#include <redoubt/tezos/request_trace.hpp>

#include "handlers/handler.hpp"

namespace redoubt::bootstrap {

/// What the log tells of a baker's request, answered with `status`; `error` is why it was refused.
[[nodiscard]] Json members_of(const tezos::RequestTrace& trace, int status,
                              const std::optional<Error>& error);

/// One line a request, which CloudWatch reads as metrics, too: it says of itself which of its
/// members are some. Source: "Specification: Embedded metric format", Amazon CloudWatch guide.
class RequestLog {
public:
    /// `function` is the one dimension of the metrics. If it is empty, there are none.
    RequestLog(const Clock& clock, const std::string& function);

    [[nodiscard]] std::string line(const lambda::Invocation& invocation, const Outcome& outcome,
                                   SteadyTime::duration spent, bool cold) const;

private:
    [[nodiscard]] std::string directive(const Json& members) const;

    const Clock& clock_;
    std::string dimension_;                  // `"function":"<name>",`, or empty
    std::vector<std::string> declarations_;  // of the metrics, in their order
};

}  // namespace redoubt::bootstrap
