// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/json.hpp>
#include <standins/options.hpp>

/// What redoubt-bench can measure; each as a JSON object of what was seen, in milliseconds unless
/// the name says otherwise. Statistics are left to who reads it.
namespace redoubt::bench {

/// `rounds` times the floor alone: how steady the machine is, and how fast.
[[nodiscard]] Json measure_floor(const standins::Options& options, std::size_t rounds);

/// `rounds` times each kind with each key, one after the other, and the floor in between.
[[nodiscard]] Json measure_latency(const standins::Options& options, std::size_t rounds);

/// `count` attestations and blocks, each after a rest, as a baker asks for them: a machine whose
/// processor time is rationed has its ration then.
[[nodiscard]] Json measure_spaced(const standins::Options& options, std::size_t count);

/// `count` cold starts, each by killing the environment before it.
[[nodiscard]] Json measure_starts(const standins::Options& options, std::size_t count);

/// As many bakers as environments, each with a chain of its own, signing `count` attestations as
/// fast as they can.
[[nodiscard]] Json measure_load(const standins::Options& options, std::size_t count);

/// One environment whose connections end while it is frozen, without a word and in the usual way;
/// `seconds`: for how long it was frozen before.
[[nodiscard]] Json measure_thaw(const standins::Options& options, std::size_t seconds);

}  // namespace redoubt::bench
