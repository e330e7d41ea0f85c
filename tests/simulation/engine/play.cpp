// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <limits>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <simulation/tezos/world.hpp>

/// Plays worlds, one seed each, until enough steps were made or a promise is broken.
namespace redoubt::simulation {
namespace {

struct Options {
    std::uint64_t first_seed = 1;
    std::uint64_t seeds = 0;  // 0: as many as the steps need
    std::uint64_t steps = 10'000'000;
    std::uint64_t steps_a_seed = 10'000;
    std::uint64_t minutes = 0;  // 0: as long as it takes
    bool one_traced_seed = false;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
};

constexpr const char* usage =
    "redoubt-simulate [--steps N | --seeds N | --minutes N] [--from SEED] [--jobs N]\n"
    "redoubt-simulate --seed SEED    plays one world and shows what happens in it\n";

/// What all threads share.
struct Shared {
    std::atomic<std::uint64_t> next = 0;
    std::atomic<bool> broken = false;
    std::mutex mutex;
    Tally tally;
    std::uint64_t worlds = 0;
    std::vector<std::string> violations;
};

void play(Fixtures& fixtures, std::uint64_t seed, const Options& options, Shared& shared) {
    World world(fixtures, seed, options.one_traced_seed);
    std::string violation;
    try {
        world.run(options.steps_a_seed);
    } catch (const std::exception& broken) {
        violation = "seed " + std::to_string(seed) + ": " + broken.what();
    }
    const std::scoped_lock lock(shared.mutex);
    ++shared.worlds;
    shared.tally += world.tally();
    if (violation.empty()) return;
    shared.violations.push_back(violation);
    shared.broken = true;
}

using Clock = std::chrono::steady_clock;

void play_seeds(std::uint64_t count, Clock::time_point end, const Options& options,
                Shared& shared) {
    Fixtures fixtures;
    for (;;) {
        const std::uint64_t index = shared.next++;
        if (index >= count || shared.broken || Clock::now() > end) return;
        play(fixtures, options.first_seed + index, options, shared);
    }
}

/// How many worlds, unless time ends first.
std::uint64_t worlds_of(const Options& options) {
    if (options.one_traced_seed) return 1;
    if (options.minutes > 0) return std::numeric_limits<std::uint64_t>::max();
    if (options.seeds > 0) return options.seeds;
    return (options.steps + options.steps_a_seed - 1) / options.steps_a_seed;
}

int run(const Options& options) {
    const std::uint64_t count = worlds_of(options);
    const auto started = Clock::now();
    const auto end = options.minutes > 0 ? started + std::chrono::minutes(options.minutes)
                                         : Clock::time_point::max();
    Shared shared;
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < (options.one_traced_seed ? 1 : options.jobs); ++i) {
            threads.emplace_back([&] { play_seeds(count, end, options, shared); });
        }
    }
    const std::chrono::duration<double> took = Clock::now() - started;
    for (const auto& [name, number] : shared.tally.counts) {
        std::printf("%12llu  %s\n", static_cast<unsigned long long>(number), name.c_str());
    }
    for (const std::string& violation : shared.violations) {
        std::printf("BROKEN: %s\n", violation.c_str());
        std::printf("to see it again: tests/simulate --seed %s\n",
                    violation.substr(5, violation.find(':') - 5).c_str());
    }
    std::printf("%llu worlds in %.1f s: %s\n", static_cast<unsigned long long>(shared.worlds),
                took.count(),
                shared.violations.empty() ? "every promise was kept" : "a promise was broken");
    return shared.violations.empty() ? 0 : 1;
}

bool parse(std::span<char* const> arguments, Options& options) {
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
        const std::string name = arguments[i];
        const std::string value = arguments[i + 1];
        std::uint64_t number = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), number);
        if (error != std::errc() || *end != '\0' || number == 0) return false;
        if (name == "--steps")
            options.steps = number;
        else if (name == "--seeds")
            options.seeds = number;
        else if (name == "--minutes")
            options.minutes = number;
        else if (name == "--from")
            options.first_seed = number;
        else if (name == "--jobs")
            options.jobs = static_cast<unsigned>(number);
        else if (name == "--seed") {
            options.first_seed = number;
            options.one_traced_seed = true;
        } else
            return false;
    }
    return arguments.size() % 2 == 0;
}

}  // namespace
}  // namespace redoubt::simulation

int main(int argc, char** argv) {
    redoubt::simulation::Options options;
    if (!redoubt::simulation::parse({argv + 1, static_cast<std::size_t>(argc - 1)}, options)) {
        static_cast<void>(std::fputs(redoubt::simulation::usage, stderr));
        return 2;
    }
    return redoubt::simulation::run(options);
}
