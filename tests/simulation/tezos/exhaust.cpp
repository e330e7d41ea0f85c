// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "explorer.hpp"

/// Every sequence of requests in a small world, each held to what the rules say of it.
namespace redoubt::simulation::tezos {
namespace {

using MakeTable = std::function<std::unique_ptr<Table>(Fixtures& fixtures)>;

/// What all threads share.
struct Shared {
    std::atomic<std::size_t> next = 0;  // first request
    std::mutex mutex;
    std::uint64_t requests = 0;
    std::uint64_t sequences = 0;
    std::string violation;
};

/// One thread's part.
void explore_some(const SmallWorld& world, const MakeTable& make_table, Shared& shared) {
    Fixtures fixtures;
    const auto table = make_table(fixtures);
    Explorer explorer(fixtures, *table, world);
    std::string violation;
    try {
        for (std::size_t first = shared.next++; first < explorer.breadth(); first = shared.next++) {
            explorer.explore(first);
        }
    } catch (const std::exception& broken) {
        violation = broken.what();
        shared.next = explorer.breadth();
    }
    const std::scoped_lock lock(shared.mutex);
    shared.requests += explorer.requests;
    shared.sequences += explorer.sequences;
    if (!violation.empty()) shared.violation = violation;
}

/// Explores a world on several threads; whether everything was as expected.
bool explore(const SmallWorld& world, unsigned jobs, const MakeTable& make_table) {
    const auto started = std::chrono::steady_clock::now();
    Shared shared;
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < jobs; ++i) {
            threads.emplace_back([&] { explore_some(world, make_table, shared); });
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    const std::string& violation = shared.violation;
    std::printf("%-44s %9llu sequences, %9llu requests, %5.1f s: %s\n", world.name.c_str(),
                static_cast<unsigned long long>(shared.sequences),
                static_cast<unsigned long long>(shared.requests), took.count(),
                violation.empty() ? "as the rules say" : ("BROKEN: " + violation).c_str());
    static_cast<void>(std::fflush(stdout));
    return violation.empty();
}

// No key of these worlds is a tz4 one. Nothing disturbs their requests, so each is one step, and
// what tells a tz4 key from others is within it: opened before, signed here beside the commit. Its
// rows and their conditions are the same; its signature never differs, so there are fewer states of
// a block's row, not more. Other layouts of votes are the parser's matter. What may come between
// its steps, redoubt-simulate draws.
const std::vector<Kind> all_kinds(kinds.begin(), kinds.end());

enum class Extent { Quick, Usual, Deep };

std::vector<SmallWorld> worlds(Extent extent) {
    const SmallWorld blocks{"blocks, 3 requests", 1, 1, {Kind::Block}, 3, true};
    const SmallWorld handed_over{
        "handed over after the second level, 2 requests", 1, 1, all_kinds, 2, true, 11};
    if (extent == Extent::Quick) {
        return {{"all kinds, 2 requests", 1, 1, all_kinds, 2, true}, handed_over, blocks};
    }
    std::vector<SmallWorld> out = {
        {"2 keys, 2 chains, all kinds, 2 requests", 2, 2, all_kinds, 2, true},
        {"attestations of both tags, 3 requests",
         1,
         1,
         {Kind::Attestation, Kind::AttestationWithDal},
         3,
         true},
        handed_over,
        blocks};
    if (extent == Extent::Deep) {
        out.push_back({"all kinds, 3 requests, each a cold start", 1, 1, all_kinds, 3, false});
        out.push_back({"blocks, 4 requests", 1, 1, {Kind::Block}, 4, true});
    }
    return out;
}

int run(Extent extent) {
    const unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    bool fine = true;
    for (const SmallWorld& world : worlds(extent)) {
        fine = explore(world, jobs, memory_table) && fine;
    }
    return fine ? 0 : 1;
}

int run_at(const std::string& url) {
    const SmallWorld world{"all kinds, 2 requests, at " + url, 1, 1, all_kinds, 2, false};
    return explore(world, 1, [&](Fixtures&) { return remote_table(url); }) ? 0 : 1;
}

}  // namespace
}  // namespace redoubt::simulation::tezos

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    using redoubt::simulation::tezos::Extent;
    if (arguments.empty()) return redoubt::simulation::tezos::run(Extent::Usual);
    if (arguments.size() == 1 && arguments[0] == "--quick") {
        return redoubt::simulation::tezos::run(Extent::Quick);
    }
    if (arguments.size() == 1 && arguments[0] == "--deep") {
        return redoubt::simulation::tezos::run(Extent::Deep);
    }
    if (arguments.size() == 2 && arguments[0] == "--table") {
        return redoubt::simulation::tezos::run_at(arguments[1]);
    }
    static_cast<void>(
        std::fputs("redoubt-exhaust [--quick | --deep | --table URL]\n"
                   "URL: of a service that speaks DynamoDB, such as DynamoDB Local\n",
                   stderr));
    return 2;
}
