// SPDX-License-Identifier: Apache-2.0
#include <barrier>
#include <exception>
#include <thread>

#include "measurements.hpp"
#include "stage.hpp"

namespace redoubt::bench {

namespace {

/// One baker, signing as fast as it is answered.
struct Client {
    standins::Slots slots;
    const tezos::KeyInfo& key;
    std::vector<double> ms{};
    std::exception_ptr problem{};

    void sign(Stage& stage) {
        const auto& slot = slots.advance(std::chrono::steady_clock::now());
        ms.push_back(stage.sign(key, Kind::Attestation, slot).ms);
    }

    void sign(Stage& stage, std::size_t count) {
        try {
            for (std::size_t i = 0; i < count; ++i) sign(stage);
        } catch (...) {
            problem = std::current_exception();
        }
    }
};

/// All clients at once, `count` signatures each; the seconds that it took.
double run(Stage& stage, std::vector<Client>& clients, std::size_t count) {
    const auto start = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> threads;
        for (Client& client : clients) {
            threads.emplace_back([&stage, &client, count] { client.sign(stage, count); });
        }
    }
    const double seconds = standins::ms_since(start) / 1000;
    for (const Client& client : clients) {
        if (client.problem) std::rethrow_exception(client.problem);
    }
    return seconds;
}

}  // namespace

Json measure_load(const standins::Options& options, std::size_t count) {
    Stage stage(options);
    std::vector<Client> clients;
    for (std::size_t i = 0; i < options.environments; ++i) {
        clients.push_back({stage.slots_of_new_chain(), stage.key(i)});
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));  // the first level begins
    (void)run(stage, clients, 2);                          // every environment has started
    for (Client& client : clients) client.ms.clear();
    const auto before = processor_time(stage.signer());
    const double seconds = run(stage, clients, count);
    const auto spent = processor_time(stage.signer()) - before;
    Json ms = Json::array();
    for (const Client& client : clients) {
        for (const double one : client.ms) ms.push_back(one);
    }
    const auto signatures = static_cast<double>(ms.size());
    Json init = Json::array();
    for (const auto& one : at_rest(stage.signer())) init.push_back(one.init_ms);
    return {{"environments", options.environments},
            {"keys", options.keys.size()},
            {"per_second", signatures / seconds},
            {"processor_ms", as_ms(spent) / signatures},
            {"init", init},
            {"ms", ms}};
}

}  // namespace redoubt::bench
