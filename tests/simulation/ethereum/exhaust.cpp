// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "histories.hpp"

/// Every history of one validator in small worlds: sources, targets and slots, roots, two
/// environments, imports at any time, the switch.
namespace redoubt::simulation::ethereum {
namespace {

/// Votes from any epoch to any, also backwards; roots are 1 and so on.
Choices votes(int times, int roots) {
    Choices out{"votes of " + std::to_string(times) + " epochs", {}, {}};
    for (int source = 0; source < times; ++source) {
        for (int target = 0; target < times; ++target) {
            out.imports.push_back({source, target, 0});
            for (int root = 1; root <= roots; ++root) {
                out.messages.push_back({false, source, target, root});
            }
        }
    }
    return out;
}

Choices blocks(int times, int roots) {
    Choices out{"blocks of " + std::to_string(times) + " slots", {}, {}};
    for (int slot = 0; slot < times; ++slot) {
        out.imports.push_back({0, 0, slot});
        for (int root = 1; root <= roots; ++root) out.messages.push_back({true, 0, slot, root});
    }
    return out;
}

/// Whether all is as it has to be; in `second`, too, if there is one.
bool exhaust(const Choices& choices, SecondTable* second) {
    const auto started = std::chrono::steady_clock::now();
    std::string broken;
    std::uint64_t taken = 0;
    std::uint64_t rows = 0;
    std::uint64_t histories = 0;
    try {
        SmallWorld world(second);
        const Steps steps(world, choices);
        taken = steps.taken;
        rows = steps.of_rows().size();
        histories = count_histories(steps, choices);
    } catch (const Broken& found) {
        broken = found.what();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    std::printf(
        "%-18s %4llu rows, %6llu steps, %7llu histories, %5.1f s: %s\n", choices.name.c_str(),
        static_cast<unsigned long long>(rows), static_cast<unsigned long long>(taken),
        static_cast<unsigned long long>(histories), took.count(),
        broken.empty() ? "none is slashed, as the rules say" : ("BROKEN: " + broken).c_str());
    return broken.empty();
}

int run(SecondTable* second = nullptr) {
    bool is_fine = true;
    // A vote that surrounds another takes four epochs.
    for (const auto& choices : {votes(3, 3), votes(4, 1), blocks(3, 3)}) {
        is_fine = exhaust(choices, second) && is_fine;
    }
    return is_fine ? 0 : 1;
}

int run_at(const std::string& url) {
    SecondTable second(url, "validators");
    const int outcome = run(&second);
    std::printf("%llu different writes, decided by %s\n",
                static_cast<unsigned long long>(second.compared()), url.c_str());
    return outcome;
}

}  // namespace
}  // namespace redoubt::simulation::ethereum

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.empty()) return redoubt::simulation::ethereum::run();
    if (arguments.size() == 2 && arguments[0] == "--table") {
        return redoubt::simulation::ethereum::run_at(arguments[1]);
    }
    static_cast<void>(
        std::fputs("redoubt-exhaust-ethereum [--table URL]\n"
                   "URL: of a service that speaks DynamoDB, such as DynamoDB Local\n",
                   stderr));
    return 2;
}
