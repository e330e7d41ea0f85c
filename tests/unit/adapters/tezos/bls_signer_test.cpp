// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/bls_signer.hpp>

#include <gtest/gtest.h>

#include <redoubt/crypto/hash.hpp>

#include <fakes/sealed_world.hpp>
#include <fakes/secret_key.hpp>

namespace redoubt::test {
namespace {

const Bytes payload = {0x13, 1, 2, 3};
const crypto::Message message{payload, crypto::blake2b_256(payload)};

class BlsSignerTest : public ::testing::Test {
protected:
    void SetUp() override {
        world.add_keys({5, 6});
        keys.emplace(world.sealed_keys());
        keys->open(SteadyTime::max());
    }

    SealedWorld world;
    std::optional<tezos_adapters::SealedKeys> keys;
};

TEST_F(BlsSignerTest, SignsHereAndVerifies) {
    tezos_adapters::BlsSigner signer(*keys, world.world.clock);
    const std::size_t calls = world.world.runner.calls.size();
    const auto pending = signer.begin(world.keys[1], payload, message.digest);
    world.world.run(pending->exchange());
    const auto signature = pending->outcome();
    ASSERT_TRUE(signature);
    EXPECT_EQ(signature->digest(), message.digest);
    EXPECT_EQ(unreleased_text(world.keys[1], *signature),
              tezos::to_text(tezos::SignatureScheme::Bls12381,
                             bls_secret(6).sign(payload, crypto::bls::Domain::Message)));
    EXPECT_EQ(world.world.runner.calls.size(), calls);
    const io::CallStats stats = pending->exchange().stats();
    EXPECT_EQ(stats.spent.count(), 0) << "nobody was called";
    EXPECT_EQ(stats.calls, 0);
    EXPECT_TRUE(stats.computed);
}

TEST_F(BlsSignerTest, TellsHowLongItComputed) {
    const SystemClock clock;
    tezos_adapters::BlsSigner signer(*keys, clock);
    const auto pending = signer.begin(world.keys[0], payload, message.digest);
    const SteadyTime before = clock.steady();
    world.world.run(pending->exchange());
    const io::CallStats::Spent most = clock.steady() - before;
    const auto computed = pending->exchange().stats().computed;
    ASSERT_TRUE(computed);
    EXPECT_GT(*computed, most / 2) << "signing and verifying is nearly all that was done";
    EXPECT_LE(*computed, most);
}

TEST_F(BlsSignerTest, SaysSoIfThereWasNoTime) {
    tezos_adapters::BlsSigner signer(*keys, world.world.clock);
    const auto pending = signer.begin(world.keys[0], payload, message.digest);
    const auto signature = pending->outcome();
    ASSERT_FALSE(signature);
    EXPECT_EQ(signature.error().code, Code::Deadline);
    EXPECT_FALSE(pending->exchange().stats().computed);
}

TEST_F(BlsSignerTest, ProvesPossessionOfItsOwnAndForAnother) {
    tezos_adapters::BlsSigner signer(*keys, world.world.clock);
    for (const tezos::KeyInfo& of : world.keys) {
        const auto proof = signer.prove_possession(world.keys[0], of.public_key);
        ASSERT_TRUE(proof);
        EXPECT_TRUE(
            crypto::bls::verify_possession(world.keys[0].public_key, of.public_key, *proof));
    }
}

TEST_F(BlsSignerTest, AClosedKeyProvesNothingAndAsksNobody) {
    SealedWorld closed;
    const tezos::KeyInfo key = closed.add_key(5);
    auto closed_keys = closed.sealed_keys();
    tezos_adapters::BlsSigner signer(closed_keys, closed.world.clock);
    const auto proof = signer.prove_possession(key, key.public_key);
    ASSERT_FALSE(proof);
    EXPECT_EQ(proof.error().code, Code::WrapUnavailable);
    EXPECT_EQ(closed.reads, 0);
}

/// Whoever asks for a proof need not be authenticated; who asks for a signature is, and is told.
TEST_F(BlsSignerTest, WhyAKeyIsClosedIsNotToldToEverybody) {
    SealedWorld closed;
    const tezos::KeyInfo key = closed.add_key(5);
    const std::string kms_key = closed.wrapping_keys[0].text;
    closed.kms.troubles[kms_key] = "DisabledException";
    auto closed_keys = closed.sealed_keys();
    closed_keys.open(SteadyTime::max());
    tezos_adapters::BlsSigner signer(closed_keys, closed.world.clock);
    const auto proof = signer.prove_possession(key, key.public_key);
    ASSERT_FALSE(proof);
    EXPECT_EQ(proof.error().code, Code::WrapRefused);
    EXPECT_FALSE((proof.error().message + proof.error().detail).contains("arn:"));
    EXPECT_TRUE(signer.prepare(key, SteadyTime::max())->message.contains(kms_key));
}

/// Tells who was asked.
class NamedSigner final : public tezos::Signer {
public:
    std::optional<Error> prepare(const tezos::KeyInfo& /*key*/, SteadyTime /*deadline*/) override {
        return Error{Code::Internal, "asked", {}};
    }
    std::unique_ptr<tezos::PendingSignature> begin(const tezos::KeyInfo& /*key*/,
                                                   ByteView /*payload*/,
                                                   const tezos::Digest& /*digest*/) override {
        return nullptr;
    }
};

TEST_F(BlsSignerTest, EachKeyIsAskedForWhereItIs) {
    tezos_adapters::BlsSigner bls(*keys, world.world.clock);
    NamedSigner others;
    tezos_adapters::SignerByScheme signer(bls, others);
    EXPECT_FALSE(signer.prepare(world.keys[0], SteadyTime::max()));
    for (const tezos::SignatureScheme scheme : kms_schemes) {
        const SecretKey other(scheme, {1});
        EXPECT_TRUE(signer.prepare(other.named(), SteadyTime::max()));
        EXPECT_EQ(signer.begin(other.named(), payload, message.digest), nullptr);
        EXPECT_FALSE(signer.prove_possession(other.named(), world.keys[0].public_key));
    }
}

}  // namespace
}  // namespace redoubt::test
