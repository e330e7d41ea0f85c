// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "floor.hpp"
#include "measurements.hpp"
#include "stage.hpp"

namespace redoubt::bench {

namespace {

/// Connections, caches and branch predictors.
constexpr std::size_t rounds_to_warm_up = 5;

/// One case's times.
struct Series {
    std::vector<double> ms;
    std::vector<double> get_ms;
    std::chrono::nanoseconds processor{0};

    void add(const standins::SignReply& reply, std::chrono::nanoseconds spent) {
        ms.push_back(reply.ms);
        get_ms.push_back(reply.get_ms);
        processor += spent;
    }

    [[nodiscard]] Json json() const {
        const auto mean = std::chrono::duration<double, std::milli>(processor).count() /
                          static_cast<double>(ms.size());
        return {{"ms", ms}, {"get_ms", get_ms}, {"processor_ms", mean}};
    }
};

using AllSeries = std::map<std::string, Series>;

void run_floor(const Floor& floor, const tezos::NamedKey& key, const standins::Slot& slot,
               AllSeries& all) {
    const Bytes bytes = payload(Kind::Attestation, slot);
    for (const auto order : {Floor::Order::Parallel, Floor::Order::Serial}) {
        all[order == Floor::Order::Parallel ? "floor/vote" : "floor/block"].add(
            checked(floor.client(order).sign(key.hash, bytes)), {});
    }
}

void run_round(Stage& stage, const Floor& floor, const standins::Slot& slot, AllSeries& all) {
    std::chrono::nanoseconds before = stage.processor_time();
    for (const tezos::NamedKey& key : stage.world().setup().keys) {
        for (const Kind kind : kinds) {
            const auto reply = stage.sign(key, kind, slot);
            const auto after = stage.processor_time();
            all[name(kind) + "/" + std::string(standins::name(key.hash.curve))].add(reply,
                                                                                    after - before);
            before = after;
        }
        run_floor(floor, key, slot, all);
    }
}

}  // namespace

Json measure_latency(const standins::Options& options, std::size_t rounds) {
    Stage stage(options);
    const Floor floor(options, stage.world(), stage.pause());
    standins::Slots slots = stage.slots();
    AllSeries all;
    for (std::size_t i = 0; i < rounds_to_warm_up; ++i) {
        run_round(stage, floor, slots.advance(std::chrono::steady_clock::now()), all);
    }
    all.clear();
    const Json before = stage.traffic();
    for (std::size_t i = 0; i < rounds; ++i) {
        run_round(stage, floor, slots.advance(std::chrono::steady_clock::now()), all);
    }
    Json seen = {{"kms_ms", options.kms.count()},
                 {"dynamodb_ms", options.dynamodb.count()},
                 {"before", before},
                 {"after", stage.traffic()}};
    for (const auto& [name, series] : all) seen["series"][name] = series.json();
    return seen;
}

}  // namespace redoubt::bench
