// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <string>

#include "floor.hpp"
#include "measurements.hpp"
#include "stage.hpp"
#include "verification.hpp"

namespace redoubt::bench {

namespace {

/// Longer than any period that a scheduler rations by.
constexpr Milliseconds rest{130};

using Nanoseconds = std::chrono::nanoseconds;

/// One case's times.
struct Series {
    std::vector<double> ms;
    std::vector<double> get_ms;
    Nanoseconds in_get{0};
    Nanoseconds in_post{0};

    void add(const standins::SignReply& got, const standins::SignReply& posted) {
        get_ms.push_back(got.get_ms);
        ms.push_back(posted.ms);
    }

    [[nodiscard]] Json json() const {
        const auto mean = [this](Nanoseconds sum) {
            return as_ms(sum) / static_cast<double>(ms.size());
        };
        return {{"ms", ms},
                {"get_ms", get_ms},
                {"processor_ms", {{"get", mean(in_get)}, {"post", mean(in_post)}}}};
    }
};

using AllSeries = std::map<std::string, Series>;

/// A GET and a POST, and the function's processor time for each.
void run_request(const standins::OctezClient& client, standins::Function& function,
                 const tezos::KeyHash& key, const Bytes& bytes, Series& series) {
    const Nanoseconds before = processor_time(function);
    const auto got = checked(client.get());
    const Nanoseconds between = processor_time(function);
    series.add(got, checked(client.post(key, bytes)));
    series.in_get += between - before;
    series.in_post += processor_time(function) - between;
}

/// The floors of what a key of that scheme signs.
std::vector<Floor::Lane> lanes_of(crypto::SignatureScheme scheme) {
    if (scheme == crypto::SignatureScheme::Bls12381) return {Floor::Lane::Table};
    return {Floor::Lane::Vote, Floor::Lane::Block};
}

void run_floor(Floor& floor, const tezos::KeyHash& key, const standins::Slot& slot,
               AllSeries& all) {
    const Bytes bytes = payload(Kind::Attestation, slot, key.scheme);
    for (const Floor::Lane lane : lanes_of(key.scheme)) {
        run_request(floor.client(lane), floor.function(lane), key, bytes, all[name(lane)]);
    }
}

void run_round(Stage& stage, Floor& floor, const standins::Slot& slot, AllSeries& all) {
    for (const tezos::KeyInfo& info : stage.world().setup().keys) {
        const tezos::KeyHash& key = info.hash;
        for (const Kind kind : kinds) {
            run_request(stage.world().client(), stage.signer(), key,
                        payload(kind, slot, key.scheme),
                        all[name(kind) + "/" + std::string(standins::name(key.scheme))]);
        }
        run_floor(floor, key, slot, all);
    }
}

Json json(const AllSeries& all) {
    Json json;
    for (const auto& [name, series] : all) json[name] = series.json();
    return json;
}

/// What was seen in so many rounds, after some that do not count.
Json run_rounds(Stage& stage, std::size_t rounds,
                const std::function<void(const standins::Slot&, AllSeries&)>& round) {
    const Verification verification;
    standins::Slots slots = stage.slots();
    AllSeries all;
    std::vector<double> verification_us;
    Json before;
    for (std::size_t i = 0; i < rounds_to_warm_up + rounds; ++i) {
        if (i == rounds_to_warm_up) {
            all.clear();
            verification_us.clear();
            before = stage.traffic();
        }
        round(slots.advance(std::chrono::steady_clock::now()), all);
        verification_us.push_back(verification.microseconds());
    }
    return {{"series", json(all)},
            {"verification_us", verification_us},
            {"before", before},
            {"after", stage.traffic()},
            {"peak_memory", peak_memory(stage.signer())}};
}

}  // namespace

Json measure_floor(const standins::Options& options, std::size_t rounds) {
    Stage stage(options);
    Floor floor(options, stage.world(), stage.pause());
    return run_rounds(stage, rounds, [&](const standins::Slot& slot, AllSeries& all) {
        run_floor(floor, stage.key(0).hash, slot, all);
    });
}

Json measure_latency(const standins::Options& options, std::size_t rounds) {
    Stage stage(options);
    Floor floor(options, stage.world(), stage.pause());
    return run_rounds(stage, rounds, [&](const standins::Slot& slot, AllSeries& all) {
        run_round(stage, floor, slot, all);
    });
}

Json measure_spaced(const standins::Options& options, std::size_t count) {
    Stage stage(options);
    standins::Slots slots = stage.slots();
    AllSeries all;
    for (std::size_t i = 0; i < count; ++i) {
        for (const Kind kind : {Kind::Attestation, Kind::Block}) {
            (void)stage.pause().until(std::chrono::steady_clock::now() + rest);
            const auto& slot = slots.advance(std::chrono::steady_clock::now());
            const tezos::KeyHash& key = stage.key(0).hash;
            run_request(stage.world().client(), stage.signer(), key,
                        payload(kind, slot, key.scheme), all[name(kind)]);
        }
    }
    return {{"series", json(all)}};
}

}  // namespace redoubt::bench
