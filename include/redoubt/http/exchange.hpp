// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <span>
#include <string>

#include <redoubt/base/clock.hpp>
#include <redoubt/http/message.hpp>

namespace redoubt::http {

enum class Lost { Connection, Timeout, Deadline };

/// Why a call has no answer. Whether the other side acted on it is unknown in every case.
struct Loss {
    Lost why;
    std::string detail = {};  // what the network said
};

using Answer = std::expected<Response, Loss>;

/// How long something took, and in how many calls.
struct Effort {
    std::chrono::duration<double, std::milli> spent{};
    int calls = 0;
};

/// One or more calls of which each may depend on the answer before it. A Driver asks for the next
/// call and reports its answer, until there is none.
class Dialogue {
public:
    struct Next {
        Call call;
        SteadyTime not_before;  // a pause before a repetition
    };

    Dialogue() = default;
    Dialogue(const Dialogue&) = delete;
    Dialogue& operator=(const Dialogue&) = delete;
    virtual ~Dialogue() = default;

    /// Nothing: finished.
    [[nodiscard]] virtual std::optional<Next> next() = 0;
    /// After Lost::Deadline no further call is asked for.
    virtual void heard(const Answer& answer) = 0;
    [[nodiscard]] virtual Effort effort() const = 0;
};

/// Runs dialogues side by side.
class Driver {
public:
    Driver() = default;
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;
    virtual ~Driver() = default;

    /// Blocks until all are finished or `deadline` has come. Asks the dialogues for their first
    /// calls in this order, and may send one before it asks the next.
    virtual void run(std::span<Dialogue* const> dialogues, SteadyTime deadline) = 0;
};

}  // namespace redoubt::http
