// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/bls_signer.hpp>

namespace redoubt::tezos_adapters {
namespace {

using crypto::bls::Domain;

/// Signs and verifies: milliseconds, while the commit of a vote is under way.
class BlsExchange final : public io::LocalExchange {
public:
    BlsExchange(const crypto::bls::SecretKey* secret, const tezos::KeyInfo& key,
                const crypto::Message& message, const Clock& clock)
        : secret_(secret), key_(key), message_(message), clock_(clock) {}

    void compute() override {
        const SteadyTime started = clock_.steady();
        // A bit that flipped must not cost a vote.
        for (int i = 0; i < most_tries && !signature_; ++i) {
            signature_ = tezos::UnreleasedSignature::verified(
                key_.public_key, message_, secret_->sign(message_.bytes, Domain::Message));
        }
        computed_ = clock_.steady() - started;
    }
    [[nodiscard]] io::CallStats stats() const override {
        io::CallStats stats;
        stats.computed = computed_;
        return stats;
    }

    /// Once, after it was run.
    [[nodiscard]] Result<tezos::UnreleasedSignature> signature() { return std::move(signature_); }

private:
    static constexpr int most_tries = 2;

    const crypto::bls::SecretKey* secret_;
    const tezos::KeyInfo& key_;
    crypto::Message message_;
    const Clock& clock_;
    std::optional<io::CallStats::Spent> computed_;
    Result<tezos::UnreleasedSignature> signature_ =
        fail(Code::Deadline, "there was no time left to sign");
};

class PendingBlsSignature final : public tezos::PendingSignature {
public:
    PendingBlsSignature(const crypto::bls::SecretKey* secret, const tezos::KeyInfo& key,
                        const crypto::Message& message, const Clock& clock)
        : exchange_(secret, key, message, clock) {}

    [[nodiscard]] io::Exchange& exchange() override { return exchange_; }
    [[nodiscard]] Result<tezos::UnreleasedSignature> outcome() override {
        return exchange_.signature();
    }

private:
    BlsExchange exchange_;
};

}  // namespace

std::unique_ptr<tezos::PendingSignature> BlsSigner::begin(const tezos::KeyInfo& key,
                                                          ByteView payload,
                                                          const tezos::Digest& digest) {
    // It was prepared, and an open key stays open.
    return std::make_unique<PendingBlsSignature>(keys_.find(key).value(), key,
                                                 crypto::Message{payload, digest}, clock_);
}

Result<tezos::RawSignature> BlsSigner::prove_possession(const tezos::KeyInfo& key,
                                                        const crypto::PublicKey& of) {
    const auto secret = keys_.find(key);
    // Whoever reaches the URL may ask this: the reason names KMS keys, and may be an old one.
    if (!secret) {
        return fail(secret.error().code,
                    "this key is not open, and this request opens none: a request to sign with it "
                    "does if it can be opened, as does a new process; the signer's log has the "
                    "reason");
    }
    return (*secret)->sign(of.encoded(), Domain::Possession);
}

}  // namespace redoubt::tezos_adapters
