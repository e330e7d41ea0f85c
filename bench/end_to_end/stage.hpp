// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <standins/options.hpp>
#include <standins/pause.hpp>
#include <standins/report.hpp>
#include <standins/slots.hpp>
#include <standins/world.hpp>

namespace redoubt::bench {

/// Those that do not count: connections, caches and branch predictors.
inline constexpr std::size_t rounds_to_warm_up = 5;

/// What bakers sign.
enum class Kind { Block, Preattestation, Attestation };
inline constexpr std::array kinds = {Kind::Block, Kind::Preattestation, Kind::Attestation};
[[nodiscard]] std::string name(Kind kind);
/// As keys of that scheme sign it.
[[nodiscard]] Bytes payload(Kind kind, const standins::Slot& slot, crypto::SignatureScheme scheme);

/// The local world, armed, and what is measured of its environments. Whatever goes wrong throws
/// std::runtime_error: nothing is measured of a run that failed.
class Stage {
public:
    explicit Stage(const standins::Options& options);

    [[nodiscard]] const standins::Options& options() const { return options_; }
    [[nodiscard]] standins::Pause& pause() { return pause_; }
    [[nodiscard]] standins::World& world() { return world_; }
    [[nodiscard]] const tezos::KeyInfo& key(std::size_t number);
    /// The slots of the chain that is armed from the beginning.
    [[nodiscard]] standins::Slots slots();
    /// Arms all keys on one more chain, whose slots these are.
    [[nodiscard]] standins::Slots slots_of_new_chain();

    /// The GET and the POST of a signature; it was given.
    standins::SignReply sign(const tezos::KeyInfo& key, Kind kind, const standins::Slot& slot);

    [[nodiscard]] standins::Function& signer();
    /// Calls, connections and bytes that the services have seen.
    [[nodiscard]] Json traffic();
    /// How many calls each has seen since that traffic.
    [[nodiscard]] std::map<std::string, std::uint64_t> calls_since(const Json& traffic);

private:
    standins::Options options_;
    std::unique_ptr<standins::Report> report_;
    standins::Pause pause_;
    standins::World world_;
};

/// The answer, if it is a 200.
standins::SignReply checked(standins::SignReply reply);

/// Processor time of the function's processes so far, user and system, once all are at rest.
[[nodiscard]] std::chrono::nanoseconds processor_time(standins::Function& function);

[[nodiscard]] inline double as_ms(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

/// The most memory that one of the function's processes has had, in bytes, once all are at rest.
[[nodiscard]] std::uint64_t peak_memory(standins::Function& function);

/// Waits until every environment of the function is at rest; their states.
std::vector<standins::Environment::Status> at_rest(standins::Function& function);

/// Kills the function's processes and waits for their successors; how long each of these took from
/// exec to its first `next`, in ms.
std::vector<double> restart(standins::Function& function);

/// From exec to exit of a process that has nothing to do, as no Runtime API is named; in ms.
[[nodiscard]] double run_idly(const std::string& program);

/// Has a function carry out a command. Throws what it answered unless that is a success.
Json command(standins::Function& function, const Json& fields);

}  // namespace redoubt::bench
