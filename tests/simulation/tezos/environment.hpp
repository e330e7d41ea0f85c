// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>
#include <redoubt/adapters/tezos/kms_signer.hpp>
#include <redoubt/aws/dynamodb.hpp>
#include <redoubt/aws/kms.hpp>
#include <redoubt/operator/commands.hpp>
#include <redoubt/tezos/http_api.hpp>
#include <simulation/engine/fiber.hpp>

#include "cloud.hpp"
#include "fixtures.hpp"

namespace redoubt::simulation {

/// The one true time, and what a machine believes of it.
struct Time {
    WallTime wall{};
    SteadyTime steady{};
};

class LocalClock final : public Clock {
public:
    explicit LocalClock(const Time& time) : time_(time) {}
    [[nodiscard]] WallTime wall() const override { return time_.wall + offset; }
    [[nodiscard]] SteadyTime steady() const override { return time_.steady; }

    Milliseconds offset{0};

private:
    const Time& time_;
};

/// A call that an environment waits for. Two of one exchange race.
struct Flight {
    enum class State { Pausing, Sent, Answered };

    http::Exchange* exchange = nullptr;
    http::ClientRequest call;
    Json body;  // of the call
    SteadyTime not_before{};
    SteadyTime sent{};
    std::optional<Milliseconds> hedge_after;
    State state = State::Pausing;
    Reply response;                                // on its way
    std::optional<http::ResponseOrError> arrived;  // to be heard
};

/// Drives exchanges by waiting for the world to answer, and by the rules of http::Exchange.
class WaitingRunner final : public http::ExchangeRunner {
public:
    explicit WaitingRunner(const Time& time) : time_(time) {}
    void run(std::span<http::Exchange* const> exchanges, SteadyTime deadline) override;
    /// Asks for a second call beside `slow`. Whether there is one; then `slow` is no longer valid.
    [[nodiscard]] bool hedge(Flight& slow);

    Fiber* fiber = nullptr;
    std::vector<Flight> flights;
    SteadyTime deadline{};

private:
    void take_off(http::Exchange& exchange);
    void land(Flight flight);
    Flight& add(http::Exchange& exchange, http::ClientRequest call);

    const Time& time_;
};

/// An answer to a baker or an operator.
struct Outcome {
    int status = 0;
    std::string code;  // of a refusal
    std::string signature;
};

/// One execution environment: the product from the request on, its memory, its clock. Destroyed in
/// the middle of a request, it is killed.
class Environment {
public:
    Environment(const Fixtures& fixtures, const Time& time, std::uint64_t seed);

    [[nodiscard]] bool is_idle() const { return fiber_.ended(); }
    /// From the HTTP request on, or from where it is authenticated (which is faster by half).
    void begin(const Prepared& prepared, bool over_http, SteadyTime deadline);
    void operate(Json command, SteadyTime deadline);

    [[nodiscard]] std::vector<Flight>& flights() { return runner_.flights; }
    [[nodiscard]] bool hedge(Flight& slow) { return runner_.hedge(slow); }
    [[nodiscard]] SteadyTime deadline() const { return runner_.deadline; }
    /// Goes on after an answer of a flight is there. Whether it is done.
    [[nodiscard]] bool go_on();
    [[nodiscard]] const Outcome& outcome() const { return outcome_; }

    LocalClock clock;
    bool is_expired = false;  // its credentials

private:
    aws::CorrectedClock corrected_{clock};
    aws::Credentials credentials_;
    aws::Service kms_;
    aws::Service dynamodb_;
    WaitingRunner runner_;
    adapters::DynamoWatermarkStore store_;
    adapters::KmsSigner signer_;
    tezos::Ports ports_;
    tezos::HttpApi api_;
    adapters::OperatorCommands commands_;
    Outcome outcome_;
    Fiber fiber_;  // last: it uses the rest
};

}  // namespace redoubt::simulation
