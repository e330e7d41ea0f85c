// SPDX-License-Identifier: Apache-2.0
// A key in this process, met by the use case as it stands: linked without any network.
#include <gtest/gtest.h>

#include <redoubt/http/exchange.hpp>
#include <redoubt/tezos/sign.hpp>

#include <fakes/authentication.hpp>
#include <fakes/memory_store.hpp>
#include <fakes/messages.hpp>
#include <fakes/scripted_runner.hpp>
#include <fakes/secret_key.hpp>

namespace redoubt::test {
namespace {

using Events = std::vector<std::string>;

/// Signs by arithmetic alone.
class SignerHere final : public tezos::Signer {
public:
    SignerHere(const SecretKey& key, Events& events) : key_(key), events_(events) {}

    std::unique_ptr<tezos::PendingSignature> begin(const tezos::KeyInfo& key, ByteView payload,
                                                   const tezos::Digest& digest) override {
        EXPECT_EQ(key.hash, key_.named().hash);
        EXPECT_FALSE(payload.empty());
        return std::make_unique<Pending>(*this, tezos::Message{payload, digest});
    }

private:
    class Pending final : public tezos::PendingSignature, private io::LocalExchange {
    public:
        Pending(SignerHere& signer, const tezos::Message& message)
            : signer_(signer), message_(message) {}
        io::Exchange& exchange() override { return *this; }
        Result<tezos::UnreleasedSignature> outcome() override { return std::move(outcome_); }

    private:
        void compute() override {
            signer_.events_.emplace_back("computed");
            outcome_ = tezos::UnreleasedSignature::verified(signer_.key_.named().public_key,
                                                            message_, signer_.key_.sign(message_));
        }
        [[nodiscard]] io::CallStats stats() const override { return {}; }

        SignerHere& signer_;
        tezos::Message message_;
        Result<tezos::UnreleasedSignature> outcome_ =
            fail(Code::Deadline, "there was no time left");
    };

    const SecretKey& key_;
    Events& events_;
};

/// A table far away: it decides as MemoryStore does, when the call is answered.
class StoreFarAway final : public tezos::WatermarkStore {
public:
    StoreFarAway(MemoryStore& rows, Events& events) : rows_(rows), events_(events) {}

    [[nodiscard]] std::optional<Error> refuses(
        const tezos::SigningPosition& /*position*/) const override {
        return std::nullopt;
    }
    std::unique_ptr<tezos::PendingCommit> begin(tezos::Proposal proposal) override {
        return std::make_unique<Pending>(*this, std::move(proposal));
    }

private:
    class Pending final : public tezos::PendingCommit, private http::Exchange {
    public:
        Pending(StoreFarAway& store, tezos::Proposal proposal)
            : PendingCommit(std::move(proposal)), store_(store) {}
        io::Exchange& exchange() override { return *this; }

    private:
        std::optional<Next> next() override {
            if (verdict_) return std::nullopt;
            return Next{{"POST", "https://table", "/", {}, ""}, {}};
        }
        void on_send() noexcept override { store_.events_.emplace_back("commit sent"); }
        void on_response(const http::ResponseOrError& /*response*/) override {
            store_.events_.emplace_back("commit answered");
            verdict_ = store_.rows_.commit(proposal());
        }
        [[nodiscard]] io::CallStats stats() const override { return {{}, 1}; }
        Result<tezos::Verdict> verdict() override {
            if (!verdict_) return fail(Code::Deadline, "there was no time left");
            return *verdict_;
        }

        StoreFarAway& store_;
        std::optional<tezos::Verdict> verdict_;
    };

    MemoryStore& rows_;
    Events& events_;
};

class LocalKey : public ::testing::Test {
protected:
    tezos::SignOutcome sign(const Bytes& payload) {
        events.clear();
        return tezos::sign({key.named(), payload, authentication(baker, key.named().hash, payload)},
                           {baker.named()}, {store, signer, runner, clock}, SteadyTime::max());
    }
    void arm(tezos::ConsensusKind kind) {
        rows.arm({key.named().hash, tezos::ChainId(mainnet), kind}, tezos::Level(99));
    }

    Events events;
    FakeClock clock;
    const SecretKey key{tezos::SignatureScheme::Secp256k1, {0x11}};
    const SecretKey baker{tezos::SignatureScheme::P256, {0x12}};
    MemoryStore rows{clock};
    StoreFarAway store{rows, events};
    SignerHere signer{key, events};
    ScriptedRunner runner{
        clock, [](const http::ClientRequest& /*request*/) { return http::Response{200, {}, {}}; }};
};

TEST_F(LocalKey, ComputesWhileTheCommitOfAVoteIsUnderWay) {
    arm(tezos::ConsensusKind::Attestation);
    const auto outcome = sign(to_bytes(Vote{}));
    ASSERT_TRUE(outcome.signature.has_value()) << outcome.signature.error().message;
    EXPECT_TRUE(outcome.signature->text().starts_with("spsig1"));
    EXPECT_EQ(events, (Events{"commit sent", "computed", "commit answered"}));
}

TEST_F(LocalKey, SignsABlockBeforeItsCommit) {
    arm(tezos::ConsensusKind::Block);
    const auto first = sign(to_bytes(Block{}));
    ASSERT_TRUE(first.signature.has_value()) << first.signature.error().message;
    EXPECT_EQ(events, (Events{"computed", "commit sent", "commit answered"}));
    const auto again = sign(to_bytes(Block{}));
    EXPECT_EQ(again.signature.value().text(), first.signature->text()) << "one signature a block";
}

TEST_F(LocalKey, ReleasesNothingThatTheTableRefuses) {
    arm(tezos::ConsensusKind::Attestation);
    EXPECT_TRUE(sign(to_bytes(Vote{})).signature.has_value());
    const auto other = sign(to_bytes(Vote{.filler = 0x01}));
    EXPECT_EQ(other.signature.error().code, Code::AlreadySigned);
    EXPECT_EQ(events, (Events{"commit sent", "computed", "commit answered"}));
}

}  // namespace
}  // namespace redoubt::test
