// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "measurements.hpp"
#include "validator_client.hpp"
#include "validators.hpp"
#include "verification.hpp"

namespace redoubt::bench {

namespace {

using standins::HttpRequest;

constexpr std::size_t slots_an_epoch = 32;
/// Of what a line of the budget is about.
constexpr std::size_t times = 3;
constexpr std::size_t bls_in_a_row = 200;

/// Processor time of this process: the host, the stand-ins and the client.
double own_processor_ms() {
    rusage usage{};
    (void)::getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

/// Requests that are there at one moment. What the environments have no hands for waits; a Function
/// URL would turn it away.
class Burst {
public:
    explicit Burst(std::vector<HttpRequest> requests)
        : requests_(std::move(requests)), ms_(requests_.size()), answers_(requests_.size()) {}

    Json run(Stage& stage, ValidatorClient& client) {
        const double bls_us = BlsSignature::microseconds_on_all_processors(bls_in_a_row);
        standins::Function& signer = validator_signer(stage);
        const auto processor = processor_time(signer);
        const Json traffic = stage.traffic();
        const double own = own_processor_ms();
        const double took = ask_all(client, 2 * stage.options().environments);
        const double own_after = own_processor_ms();
        const auto spent = processor_time(signer) - processor;
        return {{"requests", requests_.size()},
                {"took_ms", took},
                {"ms", ms_},
                {"unanswered", requests_.size() - count_signatures()},
                {"processor_ms", as_ms(spent)},
                {"standins_ms", own_after - own},
                {"bls_us", bls_us},
                {"calls", stage.calls_since(traffic)}};
    }

private:
    /// In ms. Each request's time is from the beginning of all.
    double ask_all(ValidatorClient& client, std::size_t hands) {
        const auto start = std::chrono::steady_clock::now();
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < hands; ++i) {
                threads.emplace_back([&] {
                    for (std::size_t at = next_++; at < requests_.size(); at = next_++) {
                        answers_[at] = client.ask(requests_[at]);
                        ms_[at] = standins::ms_since(start);
                    }
                });
            }
        }
        return standins::ms_since(start);
    }

    /// Those that no other request was given.
    [[nodiscard]] std::size_t count_signatures() const {
        std::set<std::string> all;
        for (const auto& answer : answers_) {
            if (answer.status == 200) all.insert(answer.body);
        }
        return all.size();
    }

    std::vector<HttpRequest> requests_;
    std::vector<double> ms_;
    std::vector<standins::HttpResponse> answers_;
    std::atomic<std::size_t> next_ = 0;
};

/// What all validators of a client ask for in their turn.
class Duties {
public:
    Duties(Stage& stage, ValidatorClient& client, const Validators& keys)
        : stage_(stage),
          client_(client),
          keys_(keys),
          last_target_(client.epoch_now().value() - 2 - times) {}

    /// Of so many keys, wherever among all; each time for the next epoch.
    Json votes(std::size_t count) {
        last_target_ = ethereum::Epoch(last_target_.value() + 1);
        return burst(count, [&](std::size_t number) {
            return client_.attestation(keys_.key(number), last_target_);
        });
    }
    Json selection_proofs(std::size_t count) {
        const auto slot = client_.slot_of(client_.epoch_now());
        return burst(count, [&](std::size_t number) {
            return client_.selection_proof(keys_.key(number), slot);
        });
    }

private:
    template <class Make>
    Json burst(std::size_t count, const Make& make) {
        std::vector<HttpRequest> requests;
        const std::size_t apart = keys_.size() / count;
        for (std::size_t i = 0; i < count; ++i) requests.push_back(make(i * apart));
        return Burst(std::move(requests)).run(stage_, client_);
    }

    Stage& stage_;
    ValidatorClient& client_;
    const Validators& keys_;
    ethereum::Epoch last_target_;
};

}  // namespace

Json measure_validator_bursts(const standins::Options& options, std::size_t count) {
    Stage stage(options);
    ValidatorClient client(stage);
    Validators keys(stage.world());
    keys.add(count);
    (void)restart(validator_signer(stage));
    Duties duties(stage, client, keys);
    const std::size_t slot = std::max<std::size_t>(1, count / slots_an_epoch);
    const std::size_t tenth = std::max<std::size_t>(1, count / 10);
    Json bursts;
    bursts["votes of a slot, no key open"] = Json::array({duties.votes(slot)});
    bursts["selection proofs"] = Json::array({duties.selection_proofs(count)});
    bursts["votes of a slot"] = Json::array({duties.votes(slot)});
    for (std::size_t i = 0; i < times; ++i) bursts["votes"].push_back(duties.votes(tenth));
    return {{"bursts", bursts}};
}

}  // namespace redoubt::bench
