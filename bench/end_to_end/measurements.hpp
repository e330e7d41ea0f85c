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

// Of validators, in a world that has a network:

/// `rounds` times each kind of request, one after the other, and the floor in between.
[[nodiscard]] Json measure_validators(const standins::Options& options, std::size_t rounds);

/// `count` cold starts of the signer, with one key and with many; and, with many, the list of them
/// and the memory of a process that has opened as many as it keeps.
[[nodiscard]] Json measure_validator_starts(const standins::Options& options, std::size_t count);

/// `count` keys that are to sign at one moment: all of them, a tenth, and those of a slot.
[[nodiscard]] Json measure_validator_bursts(const standins::Options& options, std::size_t count);

}  // namespace redoubt::bench
