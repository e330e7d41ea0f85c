// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "floor.hpp"
#include "measurements.hpp"
#include "validator_client.hpp"
#include "validators.hpp"
#include "verification.hpp"

namespace redoubt::bench {

namespace {

using standins::HttpRequest;

/// What requests of one kind took, and whom the function called for them.
class Asked {
public:
    Asked(Stage& stage, standins::Function& function) : stage_(stage), function_(function) {}

    /// Asks, and demands that status.
    void run(ValidatorClient& client, const HttpRequest& request, int status) {
        const auto processor = processor_time(function_);
        const Json traffic = stage_.traffic();
        const auto start = std::chrono::steady_clock::now();
        const auto answer = client.ask(function_, request);
        ms_.push_back(standins::ms_since(start));
        if (answer.status != status) throw std::runtime_error("a request failed: " + answer.body);
        spent_ += processor_time(function_) - processor;
        for (const auto& [service, count] : stage_.calls_since(traffic)) calls_[service] += count;
    }

    [[nodiscard]] Json json() const {
        const auto count = static_cast<double>(ms_.size());
        Json calls;
        for (const auto& [service, sum] : calls_) calls[service] = static_cast<double>(sum) / count;
        return {{"ms", ms_}, {"processor_ms", as_ms(spent_) / count}, {"calls", calls}};
    }

private:
    Stage& stage_;
    standins::Function& function_;
    std::vector<double> ms_;
    std::chrono::nanoseconds spent_{0};
    std::map<std::string, std::uint64_t> calls_;
};

struct Case {
    std::string name;
    std::function<HttpRequest(std::size_t round)> request;
    int status = 200;
};

/// Of key 0, which the function has open after the first vote; and of keys that it has never seen:
/// two a round under a wrap that it opened at its start, and one under a wrap of its own.
std::vector<Case> cases_of(const ValidatorClient& client, const Validators& keys,
                           std::size_t rounds) {
    // Far enough behind that none lies ahead, and within the network's last fork.
    const ethereum::Epoch first(client.epoch_now().value() - rounds);
    const auto epoch = [first](std::size_t round) {
        return ethereum::Epoch(first.value() + round);
    };
    const auto vote = [&client, &keys, epoch](std::size_t key, std::size_t round) {
        return client.attestation(keys.key(key), epoch(round));
    };
    const auto proof = [&client, &keys, epoch](std::size_t key, std::size_t round) {
        return client.selection_proof(keys.key(key), client.slot_of(epoch(round)));
    };
    return {
        {"attestation", [=](auto round) { return vote(0, round); }},
        {"block",
         [=, &client, &keys](auto round) {
             return client.block(keys.key(0), client.slot_of(epoch(round)));
         }},
        {"selection proof", [=](auto round) { return proof(0, round); }},
        {"attestation/new key", [=](auto round) { return vote(1 + round, round); }},
        {"selection proof/new key", [=](auto round) { return proof(1 + rounds + round, round); }},
        {"attestation/new wrap", [=](auto round) { return vote(1 + 2 * rounds + round, round); }},
        {"refused", [=](auto round) { return ValidatorClient::without_token(vote(0, round)); },
         401},
    };
}

}  // namespace

Json measure_validators(const standins::Options& options, std::size_t rounds) {
    Stage stage(options);
    Floor floor(options, stage.world(), stage.pause());
    ValidatorClient client(stage);
    Validators keys(stage.world());
    const std::size_t all_rounds = rounds_to_warm_up + rounds;
    keys.add(1 + 2 * all_rounds, 1 + 2 * all_rounds);
    keys.add(all_rounds, 1, Validators::Wraps::Unnamed);
    standins::Function& signer = validator_signer(stage);
    (void)restart(signer);
    standins::Function& waiting = floor.function(Floor::Lane::Table);
    const auto cases = cases_of(client, keys, all_rounds);
    const BlsSignature bls;

    std::map<std::string, Asked> all;
    std::vector<double> bls_us;
    for (std::size_t round = 0; round < all_rounds; ++round) {
        if (round == rounds_to_warm_up) {
            all.clear();
            bls_us.clear();
        }
        for (const Case& one : cases) {
            all.try_emplace(one.name, stage, signer)
                .first->second.run(client, one.request(round), one.status);
        }
        all.try_emplace(name(Floor::Lane::Table), stage, waiting)
            .first->second.run(client, cases.front().request(round), 200);
        bls_us.push_back(bls.microseconds());
    }
    Json series;
    for (const auto& [name, one] : all) series[name] = one.json();
    return {{"series", series}, {"bls_us", bls_us}};
}

}  // namespace redoubt::bench
