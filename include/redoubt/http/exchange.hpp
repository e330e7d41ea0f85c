// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <redoubt/base/clock.hpp>
#include <redoubt/http/message.hpp>

namespace redoubt::http {

enum class TransportFailure { Connection, Timeout, Deadline };

/// Why a call has no answer. Whether the other side acted on it is unknown in every case.
struct TransportError {
    TransportFailure why;
    std::string detail = {};  // what the network said
};

using ResponseOrError = std::expected<Response, TransportError>;

/// What something took, whatever came of it.
struct CallStats {
    std::chrono::duration<double, std::milli> spent{};
    int calls = 0;                           // that left: the other side may have acted on each
    int throttles = 0;                       // answers that ask for fewer calls
    std::vector<std::string> failures = {};  // what each try that failed met, as a code

    CallStats& operator+=(const CallStats& more) {
        spent += more.spent;
        calls += more.calls;
        throttles += more.throttles;
        failures.insert(failures.end(), more.failures.begin(), more.failures.end());
        return *this;
    }
};

/// One or more calls of which each may depend on the answer before it. An ExchangeRunner asks for
/// the next call and reports its answer, until there is none.
///
/// A call may be hedged: if it takes unusually long, the same call is made once more, on another
/// connection. The first HTTP answer of the two is heard, the other call is given up and what it
/// answers is never read; a loss is heard only if both are lost. Both may be acted on, in any order
/// and at any later time, so only what may be repeated without harm is hedged.
class Exchange {
public:
    struct Next {
        ClientRequest call;
        SteadyTime not_before;                         // a pause before a repetition
        std::optional<Milliseconds> hedge_after = {};  // so long without an answer, ask `again`
    };

    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    virtual ~Exchange() = default;

    /// Nothing: finished.
    [[nodiscard]] virtual std::optional<Next> next() = 0;
    /// `slow`, the call under way, once more: signed afresh, but with the very same body. Asked at
    /// most once for each call that names `hedge_after`. Nothing: wait for the one that there is.
    [[nodiscard]] virtual std::optional<ClientRequest> hedge_request(
        const ClientRequest& /*slow*/) {
        return std::nullopt;
    }
    /// A call is about to leave: of those that `next` and `again` gave, some never do (no
    /// connection, no time), and one whose kept connection turned out dead is sent again.
    virtual void on_send() noexcept {}
    /// After TransportFailure::Deadline no further call is asked for.
    virtual void on_response(const ResponseOrError& answer) = 0;
    [[nodiscard]] virtual CallStats stats() const = 0;
};

/// Runs exchanges side by side.
class ExchangeRunner {
public:
    ExchangeRunner() = default;
    ExchangeRunner(const ExchangeRunner&) = delete;
    ExchangeRunner& operator=(const ExchangeRunner&) = delete;
    virtual ~ExchangeRunner() = default;

    /// Blocks until all are finished or `deadline` has come. Asks the exchanges for their first
    /// calls in this order, and may send one before it asks the next.
    virtual void run(std::span<Exchange* const> exchanges, SteadyTime deadline) = 0;
};

}  // namespace redoubt::http
