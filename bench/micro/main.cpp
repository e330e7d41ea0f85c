// SPDX-License-Identifier: Apache-2.0
// Measures each step of a request by itself; `bench/micro/check` judges.
#include <sodium/core.h>

#include <cstdio>
#include <exception>

#include "measure.hpp"

int main(int count, char** arguments) {
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
    try {
        // As `bootstrap` does: libsodium looks at the processor here.
        if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used here");
        redoubt::bench::measure_verification();
        redoubt::bench::measure_hashes();
        redoubt::bench::measure_texts();
        redoubt::bench::measure_json();
        redoubt::bench::measure_requests();
        redoubt::bench::measure_validator_keys();
        benchmark::RunSpecifiedBenchmarks();
    } catch (const std::exception& exception) {
        static_cast<void>(std::fprintf(stderr, "redoubt-micro: %s\n", exception.what()));
        return 1;
    }
}
