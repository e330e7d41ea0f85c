// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>

#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>

#include <fakes/memory_store.hpp>
#include <fakes/secret_key.hpp>
#include <fakes/table.hpp>

/// Two stores, the adapter before a table and the design's words in memory, are told the same and
/// have to say the same.
namespace redoubt::test {
namespace {

using tezos::ConsensusKind;
using tezos::Level;
using tezos::Round;

const SecretKey key(tezos::SignatureScheme::P256, {0x31});

tezos::WatermarkId scope_of(ConsensusKind kind) {
    return {key.named().hash, tezos::ChainId({1, 2, 3, 4}), kind};
}

class Comparison {
public:
    explicit Comparison(unsigned seed) : random_(seed) {
        world_.runner.follow(
            [this](const http::ClientRequest& call) { return table_.answer(call); });
        for (const ConsensusKind kind : {ConsensusKind::Block, ConsensusKind::Preattestation}) {
            memory_.arm(scope_of(kind), Level(100));
            const auto& row = memory_.rows.at(scope_of(kind));
            table_.items[{key.named().address, tezos_adapters::scope_text(scope_of(kind))}] =
                to_item(scope_of(kind), row);
        }
    }

    void step() {
        world_.clock.advance(std::chrono::seconds(below(4)));  // a Date has no fractions
        // Mostly where the chain is, sometimes far away; attestations are not armed.
        const std::uint32_t level = head_ + below(8) - 4 + (below(20) == 0 ? below(700) : 0);
        const tezos::SigningPosition position{
            scope_of(static_cast<ConsensusKind>(below(20) == 0 ? 2 : below(2))),
            {Level(level), Round(below(3))}};
        head_ = std::max(head_, std::min(level, head_ + 3));
        if (below(15) == 0) hand_over();
        const tezos::Digest digest = {static_cast<Byte>(below(2))};
        const auto raw = key.sign(digest);
        const std::string said = ask(dynamo_, position, digest, raw);
        EXPECT_EQ(said, ask(memory_, position, digest, raw))
            << to_text(position.at) << " " << tezos::name(position.watermark.kind);
        expect_equal_rows();
        ++verdicts[said.starts_with("p2sig") ? "released" : said];
        EXPECT_TRUE(!dynamo_.refuses(position) || said == "below_watermark");
    }

    std::map<std::string, int> verdicts;

private:
    /// Limits a row to some levels more, or opens it.
    void hand_over() {
        const auto id = scope_of(static_cast<ConsensusKind>(below(2)));
        auto& row = memory_.rows.at(id);
        row.until.reset();
        if (below(2) == 0) row.until = Level(row.at.level.value() + below(4));
        table_.items[{key.named().address, tezos_adapters::scope_text(id)}] = to_item(id, row);
    }
    unsigned below(unsigned limit) {
        return std::uniform_int_distribution<unsigned>(0, limit - 1)(random_);
    }
    /// The text released, or the code of the refusal.
    std::string ask(tezos::WatermarkStore& store, const tezos::SigningPosition& position,
                    const tezos::Digest& digest, const tezos::RawSignature& raw) {
        auto fresh =
            tezos::UnreleasedSignature::verified(key.named().public_key, of_digest(digest), raw)
                .value();
        const bool is_block = position.watermark.kind == ConsensusKind::Block;
        const auto pending = store.begin(
            is_block ? tezos::block_proposal(key.named(), position, of_digest(digest), fresh)
                     : tezos::Proposal{key.named(), position, of_digest(digest), std::nullopt});
        world_.run(pending->exchange());
        auto committed = pending->outcome();
        if (!committed) return std::string(name(committed.error().code));
        return release(std::move(*committed), std::move(fresh)).value().text();
    }
    void expect_equal_rows() {
        for (const auto& [id, row] : memory_.rows) {
            EXPECT_EQ(table_.items.at({key.named().address, tezos_adapters::scope_text(id)}),
                      to_item(id, row));
        }
    }

    std::mt19937 random_;
    AwsWorld world_;
    Table table_{world_.clock};
    tezos_adapters::DynamoWatermarkStore dynamo_{world_.dynamodb, "t"};
    MemoryStore memory_{world_.clock};
    std::uint32_t head_ = 101;
};

TEST(StoreComparison, BothSayTheSameToEverySequence) {
    std::map<std::string, int> verdicts;
    for (unsigned seed = 0; seed < 10; ++seed) {
        SCOPED_TRACE(seed);
        Comparison comparison(seed);
        for (int i = 0; i < 150; ++i) comparison.step();
        for (const auto& [verdict, count] : comparison.verdicts) verdicts[verdict] += count;
    }
    for (const std::string verdict : {"released", "not_armed", "below_watermark", "already_signed",
                                      "too_far_ahead", "handed_over"}) {
        EXPECT_GT(verdicts[verdict], 5) << verdict;
    }
    EXPECT_EQ(verdicts.size(), 6U) << ::testing::PrintToString(verdicts);
}

}  // namespace
}  // namespace redoubt::test
