// SPDX-License-Identifier: Apache-2.0
#include "store_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Store, ADamagedRowIsSaidToBe) {
    arm(ConsensusKind::Attestation);
    const Json sound = to_item(id(ConsensusKind::Attestation), row());
    for (const std::string name : {"lvl", "rnd", "at", "pace"}) {
        for (const bool missing : {true, false}) {
            Json damaged = sound;
            damaged[name] = {{"S", "5"}};
            if (missing) damaged.erase(name);
            answer_instead(refusal(damaged));
            EXPECT_EQ(commit(position(100, 0)), "damaged_row") << name;
            EXPECT_EQ(store.refuses(position(1, 0)), std::nullopt) << "nothing is learnt from it";
        }
    }
    for (const auto& [name, wrong] :
         {std::pair("digest", Json{{"S", "x"}}), std::pair("until", Json{{"S", "200"}}),
          std::pair("until", Json{{"N", "-1"}}), std::pair("until", Json{{"N", "2147483648"}})}) {
        Json damaged = sound;
        damaged[name] = wrong;
        answer_instead(refusal(damaged));
        EXPECT_EQ(commit(position(100, 0)), "damaged_row") << name;
    }
}

TEST_F(Store, ATableThatWritesBeyondTheRowsLastLevelIsNotBelieved) {
    Row beyond{position(100, 0).at, mine, {}, 0, pace_at(100)};
    beyond.until = Level(99);
    answer_instead(aws_answer(200,
                              {{"Attributes", to_item(id(ConsensusKind::Attestation), beyond)}},
                              world.clock.wall()));
    EXPECT_EQ(commit(position(100, 0)), "table_refused");
    beyond.until = Level(100);
    answer_instead(aws_answer(200,
                              {{"Attributes", to_item(id(ConsensusKind::Attestation), beyond)}},
                              world.clock.wall()));
    EXPECT_EQ(commit(position(100, 0)), "released");
}

TEST_F(Store, ARefusalThatItsOwnRowContradictsIsNotBelieved) {
    arm(ConsensusKind::Attestation);
    answer_instead(refusal(to_item(id(ConsensusKind::Attestation), row())));
    EXPECT_NE(commit(position(100, 0)), "too_far_ahead");
    answer_instead(refusal(to_item(id(ConsensusKind::Attestation), row())));
    answer_instead(refusal(to_item(id(ConsensusKind::Attestation), row())));
    EXPECT_EQ(commit(position(101, 0)), "table_refused");
}

TEST_F(Store, AConfirmationOfAnotherRowIsNotBelieved) {
    const Row right{position(100, 0).at, mine, {}, 0, pace_at(100)};
    Row other_digest = right, other_level = right, other_round = right, no_digest = right;
    other_digest.digest = another;
    other_level.at.level = Level(101);
    other_round.at.round = Round(1);
    no_digest.digest.reset();
    const tezos::WatermarkId own = id(ConsensusKind::Attestation);
    tezos::WatermarkId other_scope = own, other_key = own;
    other_scope.kind = ConsensusKind::Block;
    other_key.key.hash = {0x99};
    std::vector<Json> answers = {Json::object(),
                                 {{"Attributes", nullptr}},
                                 {{"Attributes", 7}},
                                 {{"Attributes", Json::object()}},
                                 {{"Item", to_item(own, right)}}};
    for (const Row& wrong : {other_digest, other_level, other_round, no_digest}) {
        answers.push_back({{"Attributes", to_item(own, wrong)}});
    }
    for (const tezos::WatermarkId& wrong : {other_scope, other_key}) {
        answers.push_back({{"Attributes", to_item(wrong, right)}});
    }
    for (const Json& answer : answers) {
        arm(ConsensusKind::Attestation);
        answer_instead(aws_answer(200, answer, world.clock.wall()));
        EXPECT_EQ(commit(position(100, 0)), "table_refused") << answer;
        EXPECT_EQ(store.refuses(position(1, 0)), std::nullopt) << "nothing is learnt from it";
    }
}

TEST_F(Store, ARefusalWithAnotherRowIsNotBelieved) {
    const Row held{position(100, 0).at, mine, {}, 0, pace_at(100)};
    tezos::WatermarkId other = id(ConsensusKind::Attestation);
    other.chain = tezos::ChainId({1, 2, 3, 4});
    answer_instead(refusal(to_item(other, held)));
    EXPECT_EQ(commit(position(100, 0)), "table_refused");
    EXPECT_EQ(store.refuses(position(1, 0)), std::nullopt);
}

TEST_F(Store, ABlocksConfirmationHoldsItsSignature) {
    const Row without{position(100, 0).at, mine, {}, 0, pace_at(100)};
    arm(ConsensusKind::Block);
    answer_instead(aws_answer(200, {{"Attributes", to_item(id(ConsensusKind::Block), without)}},
                              world.clock.wall()));
    EXPECT_EQ(commit(position(100, 0, ConsensusKind::Block)), "table_refused");
}

}  // namespace
}  // namespace redoubt::test
