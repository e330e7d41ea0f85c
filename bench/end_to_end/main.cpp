// SPDX-License-Identifier: Apache-2.0
// redoubt-bench MEASUREMENT COUNT [options of redoubt-local]: measures the shipped program in the
// local world, and prints one JSON object. `bench/run` makes sense of it.
#include <array>
#include <charconv>
#include <csignal>
#include <exception>
#include <iostream>
#include <span>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>
#include <standins/pause.hpp>
#include <standins/process.hpp>

#include "measurements.hpp"

namespace {

using redoubt::Json;
using redoubt::standins::Options;

struct Measurement {
    std::string_view name;
    Json (*measure)(const Options& options, std::size_t count);
};

constexpr std::array measurements = {
    Measurement{"floor", redoubt::bench::measure_floor},
    Measurement{"latency", redoubt::bench::measure_latency},
    Measurement{"spaced", redoubt::bench::measure_spaced},
    Measurement{"starts", redoubt::bench::measure_starts},
    Measurement{"load", redoubt::bench::measure_load},
    Measurement{"thaw", redoubt::bench::measure_thaw},
    Measurement{"validators", redoubt::bench::measure_validators},
    Measurement{"validator-starts", redoubt::bench::measure_validator_starts},
    Measurement{"validator-bursts", redoubt::bench::measure_validator_bursts},
};

int run(std::span<const std::string_view> arguments) {
    std::size_t count = 0;
    const auto* chosen = arguments.size() < 2
                             ? measurements.end()
                             : std::ranges::find(measurements, arguments[0], &Measurement::name);
    const bool counted =
        chosen != measurements.end() &&
        std::from_chars(arguments[1].begin(), arguments[1].end(), count).ec == std::errc{};
    if (!counted || count == 0) {
        std::cerr << "redoubt-bench MEASUREMENT COUNT [options of redoubt-local]; measurements:";
        for (const Measurement& one : measurements) std::cerr << " " << one.name;
        std::cerr << "\n";
        return 2;
    }
    auto options = redoubt::standins::parse_options(arguments.subspan(2));
    if (!options) {
        std::cerr << options.error() << "\n";
        return 2;
    }
    options->port = 0;
    if (options->bootstrap.empty()) {
        options->bootstrap = redoubt::standins::beside_this_program("bootstrap");
    }
    redoubt::standins::wake_up_on_time();
    std::cout << redoubt::dump(chosen->measure(*options, count)) << "\n";
    return 0;
}

}  // namespace

int main(int count, char** values) {
    const std::vector<std::string_view> arguments(values + 1, values + count);
    try {
        return run(arguments);
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << "\n";
        return 1;
    }
}
