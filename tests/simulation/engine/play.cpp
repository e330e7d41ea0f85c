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
    std::uint64_t seeds = 0;    // 0: as many as the steps need
    std::uint64_t steps = 0;    // of each chain; 0: as many as are usual
    std::uint64_t minutes = 0;  // of all of them; 0: as long as it takes
    std::string chain;          // empty: all
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

void play_world(const Chain& chain, std::uint64_t seed, const Options& options, Shared& shared) {
    Context context(seed, options.is_one_traced_seed);
    std::string violation;
    try {
        const auto world = chain.make_world(context);
        Engine engine(context, *world);
        engine.run(chain.steps_a_seed);
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
std::uint64_t worlds_of(const Chain& chain, const Options& options) {
    if (options.is_one_traced_seed) return 1;
    if (options.minutes > 0) return std::numeric_limits<std::uint64_t>::max();
    if (options.seeds > 0) return options.seeds;
    const std::uint64_t steps = options.steps > 0 ? options.steps : chain.steps;
    return (steps + chain.steps_a_seed - 1) / chain.steps_a_seed;
}

/// One thread's part.
void play_worlds(const Chain& chain, const Options& options, SteadyTime end, Shared& shared) {
    const std::uint64_t count = worlds_of(chain, options);
    for (;;) {
        const std::uint64_t index = shared.next++;
        if (index >= count || shared.is_broken || std::chrono::steady_clock::now() > end) return;
        play_world(chain, options.first_seed + index, options, shared);
    }
}

void print(const Program& program, const Chain& chain, const Shared& shared,
           std::chrono::duration<double> took) {
    for (const auto& [name, number] : shared.tally.counts) {
        std::printf("%12llu  %s\n", static_cast<unsigned long long>(number), name.c_str());
    }
    for (const std::string& violation : shared.violations) {
        std::printf("BROKEN: %s\n", violation.c_str());
        std::printf("to see it again: %s --chain %s --seed %s\n", program.command,
                    chain.name.c_str(), violation.substr(5, violation.find(':') - 5).c_str());
    }
    std::printf("%s: %llu worlds in %.1f s: %s\n", chain.name.c_str(),
                static_cast<unsigned long long>(shared.worlds), took.count(),
                shared.violations.empty() ? "every promise was kept" : "a promise was broken");
}

/// In so many minutes, if there is a limit. Whether every promise was kept.
bool play_chain(const Program& program, const Chain& chain, const Options& options,
                std::chrono::duration<double, std::ratio<60>> minutes) {
    const SteadyTime started = std::chrono::steady_clock::now();
    const SteadyTime end = options.minutes > 0
                               ? started + std::chrono::duration_cast<SteadyTime::duration>(minutes)
                               : SteadyTime::max();
    Shared shared;
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < (options.is_one_traced_seed ? 1 : options.jobs); ++i) {
            threads.emplace_back([&] { play_worlds(chain, options, end, shared); });
        }
    }
    print(program, chain, shared, std::chrono::steady_clock::now() - started);
    static_cast<void>(std::fflush(stdout));
    return shared.violations.empty();
}

std::vector<const Chain*> chosen(const Program& program, const std::string& name) {
    std::vector<const Chain*> out;
    for (const Chain& chain : program.chains) {
        if (name.empty() || chain.name == name) out.push_back(&chain);
    }
    return out;
}

int run(const Program& program, const Options& options) {
    const auto chains = chosen(program, options.chain);
    const std::chrono::duration<double, std::ratio<60>> minutes(
        static_cast<double>(options.minutes) / static_cast<double>(chains.size()));
    bool is_kept = true;
    for (const Chain* chain : chains) {
        is_kept = play_chain(program, *chain, options, minutes) && is_kept;
    }
    return is_kept ? 0 : 1;
}

bool parse(std::span<char* const> arguments, Options& options) {
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
        const std::string name = arguments[i];
        const std::string value = arguments[i + 1];
        if (name == "--chain") {
            options.chain = value;
            continue;
        }
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

void print_usage(const Program& program) {
    std::string names;
    for (const Chain& chain : program.chains) names += (names.empty() ? "" : " | ") + chain.name;
    static_cast<void>(
        std::fprintf(stderr,
                     "%s [--chain %s] [--steps N | --seeds N | --minutes N] [--from SEED] "
                     "[--jobs N]\n"
                     "%s [--chain ...] --seed SEED    plays one world and shows what happens in "
                     "it\n",
                     program.name, names.c_str(), program.name));
}

}  // namespace

int play(const Program& program, std::span<char* const> arguments) {
    Options options;
    if (parse(arguments, options) && !chosen(program, options.chain).empty()) {
        return run(program, options);
    }
    print_usage(program);
    return 2;
}

}  // namespace redoubt::simulation
