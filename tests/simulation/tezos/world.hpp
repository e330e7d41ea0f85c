// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <simulation/engine/fault.hpp>
#include <simulation/engine/old_writes.hpp>

#include "baker.hpp"
#include "cloud.hpp"
#include "environment.hpp"
#include "oracle.hpp"

namespace redoubt::simulation {

/// What was seen to happen, to be summed up over worlds.
struct Tally {
    std::map<std::string, std::uint64_t> counts;
    Tally& operator+=(const Tally& other);
};

/// How troubled a world is; drawn from its seed.
struct FaultProfile {
    std::size_t environments = 1;
    std::size_t bakers = 1;
    double trouble = 0;  // of a call
    double stray = 0;    // of a step: an old write is applied once more
    double chaos = 0;    // of a step: kills, clocks, operators, damage
    bool clocks_are_wrong = false;
};

/// A world of bakers, environments, KMS, a table and operators in which one thing happens at a
/// time, and chance decides which. The same seed gives the same history.
class World {
public:
    World(Fixtures& fixtures, std::uint64_t seed, bool traced);

    /// Throws Violation.
    void run(std::uint64_t steps);
    [[nodiscard]] Tally tally() const;

private:
    /// A place for an environment, and what the one there is doing.
    struct Place {
        std::unique_ptr<Environment> environment;
        bool is_operator = false;
        Oracle::Id request = 0;  // 0: none, or a command
        std::size_t baker = 0;
    };

    void step();
    void happen_by_chance();
    void pass_time(std::uint64_t most_us);

    // What bakers do
    void ask();
    void begin(Place& place, const Baker& baker, const Prepared& asked);
    [[nodiscard]] std::uint32_t head() const;

    // What becomes of calls
    void go_on(Place& place);
    void move(Place& place, Flight& flight);
    void send(Place& place, Flight& flight);
    void arrive(Place& place, Flight& flight);
    void deliver(Place& place, Flight& flight);
    [[nodiscard]] bool hedge(Place& place, Flight& flight);
    void abandon_rivals(const Place& place, const Flight& winner);
    [[nodiscard]] bool is_misdated(const http::ClientRequest& call) const;
    [[nodiscard]] Reply act(const Flight& flight);
    void hear(Place& place, Flight& flight, http::ResponseOrError answer,
              const std::optional<Row>& row = {});
    [[nodiscard]] std::optional<http::Response> refused_for_itself(
        const Place& place, const http::ClientRequest& call) const;
    void finish(Place& place);

    // What goes wrong
    void replace(Place& place);
    void kill();
    void apply_stray_write();
    void apply_late_write();
    void set_a_clock();
    void operate();
    void damage_or_repair();
    void repair(std::string scope);

    void settle();
    [[nodiscard]] int ask_calmly(const Choice& choice);

    void note(const std::string& what);
    [[nodiscard]] std::int64_t now_ms() const { return unix_ms(time_.wall); }

    Fixtures& fixtures_;
    Random random_;
    bool traced_;
    FaultProfile profile_;
    bool dates_matter_;  // whether a call can be signed at a wrong time
    Time time_;
    Cloud cloud_;
    Oracle oracle_;
    std::vector<Place> places_;
    std::vector<Baker> bakers_;
    OldWrites old_writes_;
    std::map<std::string, Json> damaged_;  // rows as they were before
    std::uint64_t requests_ = 0;
    std::uint64_t environments_ = 0;
    int last_status_ = 0;
    Tally tally_;
};

}  // namespace redoubt::simulation
