// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>
#include <redoubt/adapters/tezos/kms_signer.hpp>
#include <redoubt/base/encoding.hpp>

#include <fakes/secret_key.hpp>
#include <fakes/table.hpp>
#include "mutator.hpp"

namespace redoubt::test {
namespace {

using tezos::Level;
using tezos::Pace;
using tezos::Round;

constexpr tezos::Digest digest = {0x0d};
const SecretKey key(tezos::SignatureScheme::Secp256k1, {0x31});
const tezos::WatermarkId scope{key.named().hash, tezos::ChainId({1, 2, 3, 4}),
                               tezos::ConsensusKind::Attestation};
const tezos::Position at{Level(100), Round(0)};

/// Whether an answer holds the slot and digest, looked at without the product's readers.
bool holds_the_slot(const std::string& body) {
    const Json answer = Json::parse(body, nullptr, false);
    if (!answer.is_object()) return false;
    for (const std::string name : {"Attributes", "Item"}) {
        if (!answer.contains(name) || !answer[name].is_object()) continue;
        const Json& item = answer[name];
        if (item.value("lvl", Json()) == Json{{"N", "100"}} &&
            item.value("rnd", Json()) == Json{{"N", "0"}} &&
            item.value("digest", Json()) == Json{{"B", to_base64(digest)}}) {
            return true;
        }
    }
    return false;
}

/// Changes a character or two, mostly digits, so that much stays readable.
std::string mutant(Mutator& mutator, std::string text) {
    for (std::size_t i = mutator.below(2) + 1; i > 0;) {
        char& c = text[mutator.below(text.size())];
        if (mutator.below(4) > 0 && (c < '0' || c > '9')) continue;
        c = "0123456789aA{}\":,"[mutator.below(17)];
        --i;
    }
    return text;
}

TEST(MutatedTableAnswer, CommitsNothingButTheSlotAndDigestThatItHolds) {
    Mutator mutator;
    const tezos::Row row{at, digest, std::nullopt, 5, Pace(0)};
    const Json item = to_item(scope, row);
    const std::vector<std::string> seeds = {
        dump({{"Attributes", item}}),
        dump({{"__type", "x#ConditionalCheckFailedException"}, {"Item", item}})};
    int committed = 0;
    for (int i = 0; i < 2'000; ++i) {
        AwsWorld world;
        tezos_adapters::DynamoWatermarkStore store(world.dynamodb, "t");
        const std::size_t which = mutator.below(2);
        const std::string body = i % 20 == 0 ? seeds[which] : mutant(mutator, seeds[which]);
        world.runner.follow([&](const http::ClientRequest& /*call*/) {
            return http::Response{which == 0 ? 200 : 400, {}, body};
        });
        const auto pending =
            store.begin({key.named(), {scope, at}, of_digest(digest), std::nullopt});
        world.run(pending->exchange());
        const bool is_committed = pending->outcome().has_value();
        EXPECT_TRUE(!is_committed || holds_the_slot(body)) << body;
        committed += is_committed;
    }
    EXPECT_GT(committed, 50);
}

TEST(MutatedItem, IsARowOrNone) {
    Mutator mutator;
    const std::string seed = dump(to_item(scope, {at, digest, "sig", 5, Pace(-7)}));
    for (int i = 0; i < 20'000; ++i) {
        const auto item = parse_json(mutator.mutate(seed, seed));
        if (!item) continue;
        const auto row = tezos_adapters::parse_row(*item);
        if (!row) continue;
        EXPECT_LE(row->at.level.value(), tezos::max_int31);
        EXPECT_LE(row->at.round.value(), tezos::max_int31);
        EXPECT_EQ(row->signature.has_value(), item->contains("sig"));
    }
}

TEST(MutatedKmsAnswer, GivesASignatureThatVerifiesOrNone) {
    Mutator mutator;
    const auto arn = aws::parse_key_arn("arn:aws:kms:eu-west-1:123456789012:key/1a2b").value();
    const std::string seed = dump({{"KeyId", arn.text},
                                   {"Signature", to_base64(key.sign_as_kms(digest))},
                                   {"SigningAlgorithm", "ECDSA_SHA_256"}});
    int signatures = 0;
    for (int i = 0; i < 3'000; ++i) {
        AwsWorld world;
        tezos_adapters::KmsSigner signer(world.kms, {{key.named().hash, arn}});
        const std::string body = i % 20 == 0 ? seed : mutator.mutate(seed, seed);
        world.runner.follow(
            [&](const http::ClientRequest& /*call*/) { return http::Response{200, {}, body}; });
        const auto pending = signer.begin(key.named(), {}, digest);
        world.run(pending->exchange());
        const auto outcome = pending->outcome();
        if (!outcome) continue;
        ++signatures;
        const auto text = tezos::parse_signature(unreleased_text(key.named(), *outcome));
        EXPECT_TRUE(key.named().public_key.verify(of_digest(digest), text.value().raw,
                                                  crypto::HighS::Refused));
    }
    EXPECT_GT(signatures, 100);
}

}  // namespace
}  // namespace redoubt::test
