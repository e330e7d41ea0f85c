// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>

#include <fakes/world.hpp>
#include "tezos_vectors.hpp"

/// The rows describe octez-signer; here they have the design's expectation. The clock goes one
/// second a level, which is the most that a chain may do.
namespace redoubt::test {
namespace {

/// One sequence on its way.
class Play {
public:
    explicit Play(const std::string& key_type) : key_(world_.key(scheme_of(key_type))) {}

    void step(const Json& step) {
        const bool malformed = step.contains("refuse_id");
        const Json& row = malformed ? row_where("refuse", "id", text(step, "refuse_id"))
                                    : row_where("payloads", "id", text(step, "payload_id"));
        const Bytes payload = hex(row, "payload");
        if (malformed) return expect_malformed(payload);
        const tezos::Level level(number(row, "level"));
        wait_for(payload, level);
        const auto answered = world_.ask_to_sign(key_, payload);
        if (text(step, "expect") == "refuse") return expect_refused(row, answered);
        expect_signed(step, payload, signature_in(answered));
    }

private:
    /// Arms what is new just below; else lets time pass.
    void wait_for(const Bytes& payload, tezos::Level level) {
        const auto id = scope_of(key_.named().hash, payload);
        world_.arm_for(key_, payload, tezos::Level(level.value() - 1));
        const auto reached = world_.store.rows.at(id).at.level;
        if (level > reached) {
            world_.clock.advance(std::chrono::seconds(level.value() - reached.value()));
        }
    }

    void expect_malformed(const Bytes& payload) {
        const int calls = world_.calls();
        expect_refusal(world_.ask_to_sign(key_, payload), 400, "bad_payload");
        EXPECT_EQ(world_.calls(), calls);
    }

    void expect_refused(const Json& row, const tezos::ApiResponse& answered) {
        const auto id = scope_of(key_.named().hash, hex(row, "payload"));
        const tezos::Position asked{tezos::Level(number(row, "level")),
                                    tezos::Round(number(row, "round"))};
        const bool same_slot = world_.store.rows.at(id).at == asked;
        expect_refusal(answered, 409, same_slot ? "already_signed" : "below_watermark");
    }

    void expect_signed(const Json& step, const Bytes& payload, const std::string& signature) {
        EXPECT_TRUE(is_signature(key_, payload, signature));
        const auto [first, is_first] = signatures_.emplace(payload, signature);
        EXPECT_EQ(is_first, text(step, "expect") == "sign");
        // Any valid signature does for a vote.
        const bool is_block = payload[0] == 0x11;
        EXPECT_TRUE(!is_block || signature == first->second);
    }

    World world_;
    const SecretKey& key_;
    std::map<Bytes, std::string> signatures_;
};

bool is_of_blocks(const Json& sequence) {
    return std::ranges::all_of(sequence.at("steps"), [](const Json& step) {
        return step.contains("payload_id") &&
               hex(row_where("payloads", "id", text(step, "payload_id")), "payload")[0] == 0x11;
    });
}

TEST(WatermarkSequenceVectors, GoAsTheDesignSays) {
    for (const Json& sequence : tezos_vectors("watermark_sequences")) {
        // Each also with the other key types: the rule does not depend on the scheme. (Votes of
        // these rows have a slot, which those of tz4 keys have not.)
        std::vector<std::string> types = {"tz1", "tz2", "tz3"};
        if (is_of_blocks(sequence)) types.emplace_back("tz4");
        for (const std::string& type : types) {
            SCOPED_TRACE(text(sequence, "id") + " by " + type);
            Play play(type);
            int count = 0;
            for (const Json& step : sequence.at("steps")) {
                SCOPED_TRACE("step " + std::to_string(++count) + " " + step.dump());
                play.step(step);
            }
        }
    }
}

}  // namespace
}  // namespace redoubt::test
