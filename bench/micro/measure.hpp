// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <stdexcept>
#include <string>
#include <utility>

/// Names have three parts, step/input/whose. Steps of ours that wrap a library have a twin,
/// `.../library`, that makes the library's bare call with the same input; `bench/micro/check`
/// compares the two.
namespace redoubt::bench {

/// Whether a step did what it should: of what can say so, its word; else that something came out.
template <class Result>
[[nodiscard]] bool succeeded(const Result& result) {
    if constexpr (requires { static_cast<bool>(result); }) {
        return static_cast<bool>(result);
    } else {
        return !result.empty();
    }
}

/// Registers a step for measuring, after it has shown that it succeeds: failures are fast.
template <class Step>
void measure(const std::string& name, Step step) {
    if (!succeeded(step())) throw std::runtime_error(name + " fails");
    benchmark::RegisterBenchmark(name.c_str(),
                                 [step = std::move(step)](benchmark::State& state) mutable {
                                     for (auto _ : state) benchmark::DoNotOptimize(step());
                                 });
}

void measure_verification();
void measure_hashes();
void measure_texts();
void measure_json();
void measure_requests();
void measure_validator_keys();

}  // namespace redoubt::bench
