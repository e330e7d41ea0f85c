// SPDX-License-Identifier: Apache-2.0
#include "play.hpp"

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine.hpp"
#include "tally.hpp"

namespace redoubt::simulation {
namespace {

struct Options {
    std::uint64_t first_seed = 1;
    std::uint64_t seeds = 0;  // 0: as many as the steps need
    std::uint64_t steps = 10'000'000;
    std::uint64_t steps_a_seed = 10'000;
    std::uint64_t minutes = 0;  // 0: as long as it takes
    bool is_one_traced_seed = false;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
};

/// What all threads share.
struct Shared {
    std::atomic<std::uint64_t> next = 0;
    std::atomic<bool> is_broken = false;
    std::mutex mutex;
    Tally tally;
    std::uint64_t worlds = 0;
    std::vector<std::string> violations;
};

void play_world(const Program& program, std::uint64_t seed, const Options& options,
                Shared& shared) {
    Context context(seed, options.is_one_traced_seed);
    std::string violation;
    try {
        const auto world = program.make_world(context);
        Engine engine(context, *world);
        engine.run(options.steps_a_seed);
    } catch (const std::exception& broken) {
        violation = "seed " + std::to_string(seed) + ": " + broken.what();
    }
    const std::scoped_lock lock(shared.mutex);
    ++shared.worlds;
    shared.tally += context.tally;
    if (violation.empty()) return;
    shared.violations.push_back(violation);
    shared.is_broken = true;
}

/// How many worlds, unless time ends first.
std::uint64_t worlds_of(const Options& options) {
    if (options.is_one_traced_seed) return 1;
    if (options.minutes > 0) return std::numeric_limits<std::uint64_t>::max();
    if (options.seeds > 0) return options.seeds;
    return (options.steps + options.steps_a_seed - 1) / options.steps_a_seed;
}

/// One thread's part.
void play_worlds(const Program& program, const Options& options, SteadyTime end, Shared& shared) {
    const std::uint64_t count = worlds_of(options);
    for (;;) {
        const std::uint64_t index = shared.next++;
        if (index >= count || shared.is_broken || std::chrono::steady_clock::now() > end) return;
        play_world(program, options.first_seed + index, options, shared);
    }
}

void print(const Program& program, const Shared& shared, std::chrono::duration<double> took) {
    for (const auto& [name, number] : shared.tally.counts) {
        std::printf("%12llu  %s\n", static_cast<unsigned long long>(number), name.c_str());
    }
    for (const std::string& violation : shared.violations) {
        std::printf("BROKEN: %s\n", violation.c_str());
        std::printf("to see it again: %s --seed %s\n", program.command,
                    violation.substr(5, violation.find(':') - 5).c_str());
    }
    std::printf("%llu worlds in %.1f s: %s\n", static_cast<unsigned long long>(shared.worlds),
                took.count(),
                shared.violations.empty() ? "every promise was kept" : "a promise was broken");
}

int run(const Program& program, const Options& options) {
    const SteadyTime started = std::chrono::steady_clock::now();
    const SteadyTime end =
        options.minutes > 0 ? started + std::chrono::minutes(options.minutes) : SteadyTime::max();
    Shared shared;
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < (options.is_one_traced_seed ? 1 : options.jobs); ++i) {
            threads.emplace_back([&] { play_worlds(program, options, end, shared); });
        }
    }
    print(program, shared, std::chrono::steady_clock::now() - started);
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
            options.is_one_traced_seed = true;
        } else
            return false;
    }
    return arguments.size() % 2 == 0;
}

void print_usage(const char* name) {
    static_cast<void>(
        std::fprintf(stderr,
                     "%s [--steps N | --seeds N | --minutes N] [--from SEED] [--jobs N]\n"
                     "%s --seed SEED    plays one world and shows what happens in it\n",
                     name, name));
}

}  // namespace

int play(const Program& program, std::span<char* const> arguments) {
    Options options;
    if (parse(arguments, options)) return run(program, options);
    print_usage(program.name);
    return 2;
}

}  // namespace redoubt::simulation
