// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "fiber.hpp"
#include "flight.hpp"
#include "time.hpp"

namespace redoubt::simulation {

/// Drives exchanges by the rules of http::Exchange. It runs inside a fiber and waits there, until
/// the engine has marked one of the flights as arrived or the deadline has come.
class WaitingRunner final : public io::ExchangeRunner {
public:
    WaitingRunner(const Time& time, Fiber& fiber) : time_(time), fiber_(fiber) {}
    void run(std::span<io::Exchange* const> exchanges, SteadyTime until) override;
    /// Asks for a second call beside `slow`. Whether there is one; then `slow` is no longer valid.
    [[nodiscard]] bool hedge(Flight& slow);

    std::vector<Flight> flights;
    SteadyTime deadline{};       // of the run under way
    bool is_to_compute = false;  // when it goes on: then it has arithmetic before it
    int losses = 0;              // answers that settled nothing while another call was under way

private:
    void compute(std::span<io::LocalExchange* const> exchanges);
    void take_off(http::Exchange& exchange);
    void land(Flight flight);
    void abandon(http::Exchange& exchange);
    Flight& add(http::Exchange& exchange, http::ClientRequest call);
    [[nodiscard]] bool is_under_way(const http::Exchange* exchange) const;

    const Time& time_;
    Fiber& fiber_;
};

}  // namespace redoubt::simulation
