// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/commit.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <type_traits>

#include <redoubt/tezos/ports.hpp>

#include <fakes/secret_key.hpp>

namespace redoubt::test {
namespace {

using tezos::Applied;
using tezos::Committed;
using tezos::ConsensusKind;
using tezos::Refused;
using tezos::Row;
using tezos::Signature;
using tezos::SignatureScheme;
using tezos::UnreleasedSignature;

// The order of things, as far as types can say it; tests/unit/order shows what does not compile.
static_assert(!std::is_default_constructible_v<Committed>);
static_assert(!std::is_copy_constructible_v<Committed>);
static_assert(!std::is_copy_assignable_v<Committed>);
static_assert(
    !std::is_constructible_v<Committed, tezos::Digest, std::optional<UnreleasedSignature>>);
static_assert(!std::is_aggregate_v<Committed>);
static_assert(!std::is_default_constructible_v<Signature>);
static_assert(!std::is_constructible_v<Signature, std::string>);
static_assert(!std::is_constructible_v<Signature, UnreleasedSignature>);
static_assert(!std::is_aggregate_v<Signature>);
static_assert(!std::is_default_constructible_v<UnreleasedSignature>);
static_assert(!std::is_copy_constructible_v<UnreleasedSignature>);
static_assert(!std::is_copy_assignable_v<UnreleasedSignature>);
static_assert(!std::is_constructible_v<UnreleasedSignature, SignatureScheme, tezos::Digest,
                                       tezos::RawSignature>);
static_assert(!std::is_aggregate_v<UnreleasedSignature>);

const Bytes proposed_bytes = {0x01, 0x02};
const Bytes other_bytes = {0x03};
const tezos::Message proposed_message = crypto::message_of(proposed_bytes);
const tezos::Message other_message = crypto::message_of(other_bytes);
const tezos::Digest proposed = proposed_message.digest;
const tezos::Digest another = other_message.digest;

/// Whether a signature of that scheme has a twin.
bool has_s(SignatureScheme scheme) {
    return scheme == SignatureScheme::Secp256k1 || scheme == SignatureScheme::P256;
}

/// A table that says what it is told to.
class Saying final : public tezos::PendingCommit {
public:
    Saying(tezos::Proposal proposal, tezos::Verdict verdict)
        : PendingCommit(std::move(proposal)), verdict_(std::move(verdict)) {}
    [[nodiscard]] io::Exchange& exchange() override { throw std::logic_error("never run"); }

private:
    [[nodiscard]] Result<tezos::Verdict> verdict() override { return verdict_; }

    tezos::Verdict verdict_;
};

/// A key, a proposal of it, and a signature to release.
class Release : public ::testing::Test {
protected:
    static tezos::Position position() { return {tezos::Level(5), tezos::Round(1)}; }

    static tezos::Proposal proposal(const SecretKey& key, ConsensusKind kind,
                                    std::optional<std::string> signature = {}) {
        return {key.named(),
                {{key.named().hash, tezos::ChainId({1, 2, 3, 4}), kind}, position()},
                proposed_message,
                std::move(signature)};
    }
    static UnreleasedSignature fresh(const SecretKey& key,
                                     const tezos::Message& over = proposed_message) {
        return UnreleasedSignature::verified(key.named().public_key, over, key.sign(over)).value();
    }
    /// The text released, or the code of the refusal.
    static std::string outcome(tezos::Proposal proposal, tezos::Verdict verdict,
                               UnreleasedSignature signature) {
        auto committed = Saying(std::move(proposal), std::move(verdict)).outcome();
        if (!committed) return std::string(name(committed.error().code));
        auto released = release(std::move(*committed), std::move(signature));
        return released ? released->text() : std::string(name(released.error().code));
    }
    static Row row(std::optional<tezos::Digest> of, std::optional<std::string> signature = {}) {
        return {position(), of, std::move(signature), 0, tezos::Pace(0)};
    }
};

TEST_F(Release, ACommittedVoteReleasesTheFreshSignature) {
    for (const SignatureScheme scheme : schemes) {
        const SecretKey key(scheme, {0x11});
        auto signature = fresh(key);
        const std::string text = unreleased_text(key.named(), signature);
        EXPECT_EQ(outcome(proposal(key, ConsensusKind::Attestation), Applied{row(proposed)},
                          std::move(signature)),
                  text);
    }
}

TEST_F(Release, AVoteThatTheTableAlreadyHoldsIsCommitted) {
    const SecretKey key(SignatureScheme::Secp256k1, {0x11});
    auto signature = fresh(key);
    const std::string text = unreleased_text(key.named(), signature);
    EXPECT_EQ(outcome(proposal(key, ConsensusKind::Preattestation), Refused{row(proposed)},
                      std::move(signature)),
              text);
}

TEST_F(Release, AConfirmationOfSomethingElseIsNone) {
    const SecretKey key(SignatureScheme::P256, {0x11});
    const std::string text = unreleased_text(key.named(), fresh(key));
    Row other_level = row(proposed), other_round = row(proposed);
    other_level.at.level = tezos::Level(6);
    other_round.at.round = tezos::Round(0);
    for (const Row& wrong : {row(another), row(std::nullopt), other_level, other_round,
                             row(proposed, "a signature that nobody proposed")}) {
        EXPECT_EQ(outcome(proposal(key, ConsensusKind::Attestation), Applied{wrong}, fresh(key)),
                  "table_refused");
    }
    for (const Row& wrong : {row(proposed), row(proposed, "another"), row(another, text)}) {
        EXPECT_EQ(outcome(proposal(key, ConsensusKind::Block, text), Applied{wrong}, fresh(key)),
                  "table_refused");
    }
}

TEST_F(Release, RefusalsHaveTheCodesOfTheRow) {
    const SecretKey key(SignatureScheme::Ed25519, {0x11});
    Row higher = row(proposed), lower = row(proposed);
    higher.at.round = tezos::Round(2);
    lower.at.round = tezos::Round(0);
    Row limited = lower, limited_here = row(another);
    limited.until = limited_here.until = tezos::Level(lower.at.level.value() - 1);
    struct Case {
        std::string name;
        Refused refused;
        std::string code;
    };
    for (const ConsensusKind kind :
         {ConsensusKind::Block, ConsensusKind::Preattestation, ConsensusKind::Attestation}) {
        for (const Case& c :
             {Case{"no row", Refused{}, "not_armed"},
              Case{"other digest", Refused{row(another)}, "already_signed"},
              Case{"no digest", Refused{row(std::nullopt)}, "already_signed"},
              Case{"row higher", Refused{higher}, "below_watermark"},
              Case{"row limited below", Refused{limited}, "handed_over"},
              Case{"other digest, and limited below", Refused{limited_here}, "already_signed"},
              Case{"row lower", Refused{lower}, "too_far_ahead"}}) {
            EXPECT_EQ(outcome(proposal(key, kind), c.refused, fresh(key)), c.code) << c.name;
        }
    }
}

TEST_F(Release, ABlockThatTheTableAlreadyHoldsGetsItsStoredSignature) {
    for (const SignatureScheme scheme : schemes) {
        const SecretKey key(scheme, {0x11});
        const std::string stored = unreleased_text(key.named(), fresh(key));
        auto signature = fresh(key);
        const std::string text = unreleased_text(key.named(), signature);
        EXPECT_EQ(outcome(proposal(key, ConsensusKind::Block, text), Refused{row(proposed, stored)},
                          std::move(signature)),
                  stored);
    }
}

TEST_F(Release, ABlocksRowWithoutASignatureThatVerifiesIsDamaged) {
    for (const SignatureScheme scheme : schemes) {
        const SecretKey key(scheme, {0x11}), stranger(scheme, {0x12});
        const tezos::RawSignature right = key.sign(proposed_message);
        const std::string generic = "sigNyHbGFZCVF8GUm8iFgpCWoiasHvf5vCyDbwUkxoWNwiA7nDsJ2fs1iNU";
        struct Case {
            std::string name;
            std::optional<std::string> stored;
        };
        const SignatureScheme other_curve =
            scheme == SignatureScheme::P256 ? SignatureScheme::Secp256k1 : SignatureScheme::P256;
        for (const Case& c : {
                 Case{"none", std::nullopt},
                 Case{"empty", ""},
                 Case{"nonsense", "spsig1"},
                 Case{"cut generic form", generic},
                 Case{"of another key", unreleased_text(stranger.named(), fresh(stranger))},
                 Case{"of other bytes", unreleased_text(key.named(), fresh(key, other_message))},
                 Case{"under another scheme's name", tezos::to_text(other_curve, right)},
             }) {
            EXPECT_EQ(outcome(proposal(key, ConsensusKind::Block), Refused{row(proposed, c.stored)},
                              fresh(key)),
                      "damaged_row")
                << c.name;
        }
        if (!has_s(scheme)) continue;
        const std::string high = tezos::to_text(scheme, twin_of(scheme, right));
        EXPECT_EQ(
            outcome(proposal(key, ConsensusKind::Block), Refused{row(proposed, high)}, fresh(key)),
            "damaged_row")
            << "the twin with a high s is another block";
    }
}

TEST_F(Release, CommitAndSignatureMustBeOfOneDigest) {
    const SecretKey key(SignatureScheme::P256, {0x11});
    EXPECT_EQ(outcome(proposal(key, ConsensusKind::Attestation), Applied{row(proposed)},
                      fresh(key, other_message)),
              "internal");
}

TEST_F(Release, ABlockIsNotCommittedWithAnotherOnesSignature) {
    const SecretKey key(SignatureScheme::Bls12381, {0x11});
    const auto signature = fresh(key);
    EXPECT_NO_THROW(
        static_cast<void>(block_proposal(key.named(), {}, proposed_message, signature)));
    EXPECT_THROW(static_cast<void>(block_proposal(key.named(), {}, other_message, signature)),
                 std::logic_error);
}

TEST_F(Release, OnlyAVerifiedSignatureWithALowSExists) {
    for (const SignatureScheme scheme : schemes) {
        const SecretKey key(scheme, {0x11}), stranger(scheme, {0x12});
        const auto& shown = key.named().public_key;
        const auto right = key.sign(proposed_message);
        EXPECT_TRUE(UnreleasedSignature::verified(shown, proposed_message, right).has_value());
        EXPECT_FALSE(UnreleasedSignature::verified(shown, other_message, right).has_value());
        EXPECT_FALSE(
            UnreleasedSignature::verified(stranger.named().public_key, proposed_message, right)
                .has_value());
        if (!has_s(scheme)) continue;
        const auto high =
            UnreleasedSignature::verified(shown, proposed_message, twin_of(scheme, right));
        ASSERT_FALSE(high.has_value());
        EXPECT_EQ(high.error().code, Code::BadSignature);
    }
}

TEST_F(Release, AMovedSignatureIsWiped) {
    const SecretKey key(SignatureScheme::P256, {0x11});
    const std::string nothing = tezos::to_text(SignatureScheme::P256, ByteArray<64>{});
    auto first = fresh(key);
    const std::string text = unreleased_text(key.named(), first);
    auto second = std::move(first);
    EXPECT_EQ(unreleased_text(key.named(), second), text);
    EXPECT_EQ(unreleased_text(key.named(), first), nothing);
    auto third = fresh(key, other_message);
    third = std::move(second);
    EXPECT_EQ(unreleased_text(key.named(), third), text);
    EXPECT_EQ(third.digest(), proposed);
    EXPECT_EQ(unreleased_text(key.named(), second), nothing);
}

}  // namespace
}  // namespace redoubt::test
