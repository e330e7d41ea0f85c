// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/watermark.hpp>

#include <gtest/gtest.h>

#include <limits>

#include <fakes/fake_clock.hpp>

namespace redoubt::test {
namespace {

using tezos::ConsensusKind;
using tezos::Digest;
using tezos::Level;
using tezos::Pace;
using tezos::Position;
using tezos::Round;
using tezos::Row;
using tezos::RowComparison;
using tezos::SigningPosition;
using tezos::WatermarkId;

constexpr Digest mine = {0x01};
constexpr Digest theirs = {0x02};
const WatermarkId watermark_id{{tezos::SignatureScheme::P256, {0xaa}},
                               tezos::ChainId({1, 2, 3, 4}),
                               ConsensusKind::Attestation};

Position at(std::uint32_t level, std::uint32_t round) { return {Level(level), Round(round)}; }

Row row(Position position, std::optional<Digest> digest) {
    return {position, digest, std::nullopt, 0, Pace(0)};
}

TEST(RowComparison, IsDecidedByTheSlotThenByTheDigest) {
    struct Case {
        std::string name;
        Position asked, held;
        std::optional<Digest> digest;
        RowComparison comparison;
    };
    for (const Case& c : {
             Case{"level lower", at(4, 9), at(5, 0), mine, RowComparison::BelowWatermark},
             Case{"round lower", at(5, 0), at(5, 1), mine, RowComparison::BelowWatermark},
             Case{"same position, same digest", at(5, 1), at(5, 1), mine,
                  RowComparison::SameDigest},
             Case{"same position, other digest", at(5, 1), at(5, 1), theirs,
                  RowComparison::AlreadySigned},
             Case{"same position, no digest", at(5, 1), at(5, 1), {}, RowComparison::AlreadySigned},
             Case{"round higher", at(5, 2), at(5, 1), theirs, RowComparison::Higher},
             Case{"level higher, round lower", at(6, 0), at(5, 9), theirs, RowComparison::Higher},
             Case{
                 "level higher, no digest", at(6, 0), at(5, 0x7fffffff), {}, RowComparison::Higher},
             Case{"armed level", at(5, 0), at(5, 0x7fffffff), {}, RowComparison::BelowWatermark},
         }) {
        EXPECT_EQ(tezos::compare({watermark_id, c.asked}, mine, row(c.held, c.digest)),
                  c.comparison)
            << c.name;
    }
}

TEST(RowComparison, AboveTheRowsLastLevelIsHandedOver) {
    struct Case {
        std::string name;
        Position asked, held;
        std::uint32_t until;
        RowComparison comparison;
    };
    for (const Case& c : {
             Case{"up to it", at(7, 0), at(5, 0), 7, RowComparison::Higher},
             Case{"a round in it", at(7, 9), at(7, 1), 7, RowComparison::Higher},
             Case{"the level after it", at(8, 0), at(5, 0), 7, RowComparison::HandedOver},
             Case{"the level after the row", at(6, 0), at(5, 9), 5, RowComparison::HandedOver},
             Case{"a row beyond it", at(9, 0), at(8, 0), 7, RowComparison::HandedOver},
             Case{"what was committed", at(8, 0), at(8, 0), 7, RowComparison::SameDigest},
             Case{"below the row comes first", at(8, 0), at(9, 0), 7,
                  RowComparison::BelowWatermark},
         }) {
        Row held = row(c.held, mine);
        held.until = Level(c.until);
        EXPECT_EQ(tezos::compare({watermark_id, c.asked}, mine, held), c.comparison) << c.name;
        held.digest = theirs;
        EXPECT_EQ(
            tezos::compare({watermark_id, c.asked}, mine, held),
            c.comparison == RowComparison::SameDigest ? RowComparison::AlreadySigned : c.comparison)
            << c.name;
    }
}

TEST(RowComparison, WhatNobodyDecidedRefuses) {
    EXPECT_EQ(RowComparison{}, RowComparison::Unknown);
    const SigningPosition position{watermark_id, at(5, 0)};
    EXPECT_EQ(refusal(RowComparison::Unknown, position, row(at(5, 0), mine)).code, Code::Internal);
    EXPECT_EQ(refusal(RowComparison::SameDigest, position, row(at(5, 0), mine)).code,
              Code::Internal);
}

TEST(Refusal, HasTheDesignsCodesAndSaysWhere) {
    const SigningPosition position{watermark_id, at(5, 2)};
    struct Case {
        RowComparison comparison;
        Code code;
    };
    for (const Case& c : {Case{RowComparison::BelowWatermark, Code::BelowWatermark},
                          Case{RowComparison::AlreadySigned, Code::AlreadySigned},
                          Case{RowComparison::HandedOver, Code::HandedOver},
                          Case{RowComparison::Higher, Code::TooFarAhead}}) {
        const Error error = refusal(c.comparison, position, row(at(4, 0), theirs));
        EXPECT_EQ(error.code, c.code);
        EXPECT_NE(error.message.find("attestation at level 5, round 2"), std::string::npos)
            << error.message;
    }
    Row limited = row(at(4, 0), theirs);
    limited.until = Level(4);
    const Error error = refusal(RowComparison::HandedOver, position, limited);
    EXPECT_NE(error.message.find("signs only up to level 4: "), std::string::npos);
    EXPECT_NE(error.message.find("let the baker use that one's URL"), std::string::npos);
    EXPECT_EQ(tezos::not_armed(position).code, Code::NotArmed);
    EXPECT_NE(tezos::not_armed(position).message.find(to_text(watermark_id.chain)),
              std::string::npos);
}

TEST(Pace, IsTheLevelInMillisecondsLessTheTime) {
    EXPECT_EQ(tezos::pace_of(Level(7), WallTime(Milliseconds(2500))), Pace(4500));
    EXPECT_EQ(tezos::pace_of(Level(0), some_morning), Pace(-unix_ms(some_morning)));
    // The largest level does not overflow.
    EXPECT_EQ(tezos::pace_of(Level(0x7fffffff), WallTime(Milliseconds(0))),
              Pace(2'147'483'647'000));
}

TEST(Pace, FallsOrStandsForAChainOfAtMostOneBlockASecond) {
    const auto now = some_morning;
    EXPECT_EQ(tezos::pace_of(Level(100), now),
              tezos::pace_of(Level(101), now + std::chrono::seconds(1)));
    EXPECT_GT(tezos::pace_of(Level(100), now),
              tezos::pace_of(Level(101), now + std::chrono::seconds(6)));
}

TEST(Pace, SlackIsFiveMinutesAndNotAMillisecondMore) {
    EXPECT_EQ(tezos::pace_slack, std::chrono::minutes(5));
    EXPECT_TRUE(tezos::passes_loose_fence(Pace(0), Pace(300'000)));
    EXPECT_FALSE(tezos::passes_loose_fence(Pace(0), Pace(300'001)));
    EXPECT_TRUE(tezos::passes_loose_fence(Pace(0), Pace(-1)));
}

TEST(Pace, WhateverARowHoldsTheExcessIsANumber) {
    using Numbers = std::numeric_limits<std::int64_t>;
    EXPECT_EQ(tezos::excess(Pace(5), Pace(7)), Milliseconds(2));
    EXPECT_EQ(tezos::excess(Pace(7), Pace(5)), Milliseconds(0));
    EXPECT_EQ(tezos::excess(Pace(Numbers::max()), Pace(-2)), Milliseconds(0));
    EXPECT_EQ(tezos::excess(Pace(Numbers::min()), Pace(-1)), Milliseconds(Numbers::max()));
    EXPECT_EQ(tezos::excess(Pace(Numbers::min()), Pace(7)), Milliseconds(Numbers::max()));
}

TEST(LowerBound, RefusesOnlyWhatIsBelow) {
    tezos::LowerBound bound;
    EXPECT_EQ(bound.refuses({watermark_id, at(0, 0)}), std::nullopt);
    bound.seen(watermark_id, at(5, 2), Pace(10));
    EXPECT_EQ(bound.refuses({watermark_id, at(5, 1)}).value().code, Code::BelowWatermark);
    EXPECT_EQ(bound.refuses({watermark_id, at(4, 9)}).value().code, Code::BelowWatermark);
    EXPECT_FALSE(bound.refuses({watermark_id, at(5, 2)}).has_value())
        << "what is equal goes to the table";
    EXPECT_FALSE(bound.refuses({watermark_id, at(6, 0)}).has_value());
}

TEST(LowerBound, NeverFalls) {
    tezos::LowerBound bound;
    bound.seen(watermark_id, at(5, 2), Pace(10));
    bound.seen(watermark_id, at(5, 1), Pace(99));
    bound.seen(watermark_id, at(4, 7), Pace(99));
    EXPECT_TRUE(bound.refuses({watermark_id, at(5, 1)}).has_value());
    EXPECT_EQ(bound.pace(watermark_id), Pace(10));
    bound.seen(watermark_id, at(5, 2), Pace(8));
    EXPECT_EQ(bound.pace(watermark_id), Pace(8)) << "the newest word about the same position";
    bound.seen(watermark_id, at(6, 0), Pace(7));
    EXPECT_TRUE(bound.refuses({watermark_id, at(5, 2)}).has_value());
}

TEST(LowerBound, EachScopeHasItsOwn) {
    tezos::LowerBound bound;
    bound.seen(watermark_id, at(5, 2), Pace(10));
    WatermarkId other_kind = watermark_id, other_chain = watermark_id, other_key = watermark_id,
                other_curve = watermark_id;
    other_kind.kind = ConsensusKind::Preattestation;
    other_chain.chain = tezos::ChainId({1, 2, 3, 5});
    other_key.key.hash = {0xab};
    other_curve.key.scheme = tezos::SignatureScheme::Secp256k1;
    for (const WatermarkId& other : {other_kind, other_chain, other_key, other_curve}) {
        EXPECT_FALSE(bound.refuses({other, at(0, 0)}).has_value());
        EXPECT_EQ(bound.pace(other), std::nullopt);
    }
}

}  // namespace
}  // namespace redoubt::test
