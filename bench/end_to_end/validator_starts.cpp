// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "measurements.hpp"
#include "validator_client.hpp"
#include "validators.hpp"

namespace redoubt::bench {

namespace {

constexpr std::array<std::size_t, 3> sizes = {1, 1000, 10'000};
/// As many as a process keeps open.
constexpr std::size_t most_open = 2000;

/// What was asked and answered, in ms.
double ask(ValidatorClient& client, const standins::HttpRequest& request) {
    const auto start = std::chrono::steady_clock::now();
    const auto answer = client.ask(request);
    if (answer.status != 200) throw std::runtime_error("a request failed: " + answer.body);
    return standins::ms_since(start);
}

/// `count` starts, and the first vote of each; the last one's target is `last`.
Json start(Stage& stage, ValidatorClient& client, const ethereum::PublicKey& key, std::size_t count,
           ethereum::Epoch last) {
    Json init = Json::array();
    Json signature = Json::array();
    Json processor = Json::array();
    for (std::size_t left = count; left-- > 0;) {
        init.push_back(restart(validator_signer(stage)).front());
        processor.push_back(as_ms(processor_time(validator_signer(stage))));
        const auto vote = client.attestation(key, ethereum::Epoch(last.value() - left));
        signature.push_back(init.back().get<double>() + ask(client, vote));
    }
    return {{"exec_to_next", init}, {"exec_to_signature", signature}, {"processor_ms", processor}};
}

/// The first question of each of `count` processes, which remembers the answer for a minute.
Json list(Stage& stage, ValidatorClient& client, std::size_t count) {
    Json ms = Json::array();
    const auto queries = [&] { return stage.world().dynamodb().counts().calls["Query"]; };
    const std::uint64_t before = queries();
    for (std::size_t i = 0; i < count; ++i) {
        (void)restart(validator_signer(stage));
        ms.push_back(ask(client, client.public_keys()));
    }
    return {{"ms", ms}, {"queries", (queries() - before) / count}};
}

/// Of a process that has signed with so many keys.
std::uint64_t memory_of(Stage& stage, ValidatorClient& client, const Validators& keys,
                        std::size_t count) {
    (void)restart(validator_signer(stage));
    for (std::size_t number = 0; number < count; ++number) {
        (void)ask(client,
                  client.selection_proof(keys.key(number), client.slot_of(client.epoch_now())));
    }
    return peak_memory(validator_signer(stage));
}

}  // namespace

Json measure_validator_starts(const standins::Options& options, std::size_t count) {
    Stage stage(options);
    ValidatorClient client(stage);
    Validators keys(stage.world());
    Json nothing = Json::array();
    for (std::size_t i = 0; i < count; ++i) nothing.push_back(run_idly(options.bootstrap));
    Json by_keys;
    ethereum::Epoch last(client.epoch_now().value() - sizes.size() * count);
    const auto start_with = [&](const std::string& what) {
        by_keys[what] = start(stage, client, keys.key_open_at_start(), count, last);
        last = ethereum::Epoch(last.value() + count);
    };
    for (const std::size_t size : sizes) {
        keys.add(size - keys.size());
        start_with(std::to_string(size));
    }
    const Json listed = list(stage, client, std::max<std::size_t>(1, count / 4));
    keys.seal_under_one_wrap();
    start_with(std::to_string(sizes.back()) + " under one wrap");
    const std::size_t open = std::min(most_open, 100 * count);
    return {{"exec_to_exit", nothing},
            {"keys", by_keys},
            {"listed", listed},
            {"open", {{"keys", open}, {"peak_memory", memory_of(stage, client, keys, open)}}}};
}

}  // namespace redoubt::bench
