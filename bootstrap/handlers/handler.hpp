// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/lambda/event.hpp>

#include "log/request_line.hpp"

namespace redoubt::bootstrap {

/// An answer to an event, and what the log says of it.
struct Outcome {
    Json answer;
    /// Asked for once the answer has left: the caller does not wait for the log. Or nothing.
    std::function<LogFields()> log_fields;
    std::optional<Error> error;
};

/// What the zip is deployed as.
class Handler {
public:
    Handler() = default;
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;
    virtual ~Handler() = default;

    /// Done by `deadline`.
    [[nodiscard]] virtual Outcome handle(const lambda::Event& event, SteadyTime deadline) = 0;
    /// The answer when something went wrong that nobody foresaw.
    [[nodiscard]] virtual Outcome internal_error(const lambda::Event& event,
                                                 std::string detail) const = 0;
    /// Done when an answer has left, by `deadline`: what nobody waits for. Not often, and not for
    /// long: Lambda starts another environment for whoever asks meanwhile.
    virtual void after_answer(SteadyTime /*deadline*/) {}
    /// Whether keys in clear, or what opens them, are ever in its memory.
    [[nodiscard]] virtual bool holds_secrets() const = 0;
    /// Which of its log fields CloudWatch makes metrics of.
    [[nodiscard]] virtual std::span<const Metric> metrics() const { return {}; }
};

}  // namespace redoubt::bootstrap
