// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>

#include <redoubt/crypto/hash.hpp>

#include <fakes/messages.hpp>
#include <fakes/world.hpp>

/// Every sequence of a few requests in a world of 2 levels, 2 rounds and 2 sets of bytes.
namespace redoubt::test {
namespace {

using tezos::SignatureScheme;

Bytes message(bool is_block, unsigned request) {
    const std::uint32_t level = 10 + request / 4;
    const std::uint32_t round = request / 2 % 2;
    const Byte filler = request % 2 == 0 ? 0x0a : 0x0b;
    return is_block ? to_bytes(Block{.level = level, .round = round, .filler = filler})
                    : to_bytes(Vote{.level = level, .round = round, .filler = filler});
}

constexpr unsigned requests = 8;

/// Plays one sequence and checks what was released.
class Play {
public:
    explicit Play(bool is_block) : is_block_(is_block) {
        world_.arm_for(key_, message(is_block, 0), tezos::Level(9));
    }

    void ask(unsigned request) {
        const Bytes payload = message(is_block_, request);
        // Time enough for any of the levels.
        world_.clock.advance(std::chrono::seconds(2));
        const auto answered = world_.ask_to_sign(key_, payload);
        const unsigned position = request / 2;
        if (answered.error) {
            EXPECT_EQ(answered.response.status, 409);
            // Refused only for a reason: a higher position, or other bytes in this one.
            EXPECT_TRUE(position < highest_ ||
                        (released_.contains(position) && released_[position] != payload));
            return;
        }
        const std::string signature = signature_in(answered);
        EXPECT_TRUE(is_signature(key_, payload, signature));
        EXPECT_GE(position, highest_) << "released below a released position";
        highest_ = position;
        const auto [entry, is_first] = released_.emplace(position, payload);
        EXPECT_EQ(entry->second, payload) << "two digests for one position";
        const auto [first, is_new] = signatures_.emplace(position, signature);
        EXPECT_TRUE(!is_block_ || first->second == signature) << "two signatures of one block";
    }

private:
    World world_;
    const SecretKey& key_ = world_.key(SignatureScheme::Secp256k1);
    bool is_block_;
    unsigned highest_ = 0;
    std::map<unsigned, Bytes> released_;
    std::map<unsigned, std::string> signatures_;
};

class SmallWorld : public ::testing::TestWithParam<bool> {};

TEST_P(SmallWorld, NeverReleasesTwoDigestsForASlotNorGoesBack) {
    for (unsigned first = 0; first < requests; ++first) {
        for (unsigned second = 0; second < requests; ++second) {
            for (unsigned third = 0; third < requests; ++third) {
                SCOPED_TRACE(std::to_string(first) + " " + std::to_string(second) + " " +
                             std::to_string(third));
                Play play(GetParam());
                for (const unsigned request : {first, second, third}) play.ask(request);
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Kinds, SmallWorld, ::testing::Values(true, false),
                         [](const auto& tested) { return tested.param ? "Blocks" : "Votes"; });

}  // namespace
}  // namespace redoubt::test
