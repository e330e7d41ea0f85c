// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/kms_signer.hpp>

#include <vector>

namespace redoubt::tezos_adapters {
namespace {

/// Asks for a signature, and once more if what comes is none: a bit that flipped on its way must
/// not cost a vote. Judged when it comes, since the commit may still be out. All that it is given
/// outlives it.
class SigningExchange final : public http::Exchange {
public:
    SigningExchange(aws::Service& kms, const aws::KeyArn& arn, const tezos::KeyInfo& key,
                    const tezos::Message& message)
        : kms_(kms), arn_(arn), key_(key), message_(message) {
        ask();
    }

    std::optional<Next> next() override { return last().next(); }
    std::optional<http::ClientRequest> hedge_request(const http::ClientRequest& slow) override {
        return last().hedge_request(slow);
    }
    bool settles(const http::Response& response) override { return last().settles(response); }
    void on_send() noexcept override { last().on_send(); }
    void on_response(const http::ResponseOrError& response) override {
        last().on_response(response);
        const auto& reply = last().outcome();
        if (!reply) return;
        signature_ = judge(*reply);
        if (signature_->has_value()) return;
        bad_.emplace_back(name(signature_->error().code));
        if (asked_.size() < most_asked) ask();
    }
    [[nodiscard]] io::CallStats stats() const override {
        io::CallStats sum;
        for (const auto& operation : asked_) sum += operation->stats();
        sum.failures.insert(sum.failures.end(), bad_.begin(), bad_.end());
        return sum;
    }

    /// Once, after it was run.
    [[nodiscard]] Result<tezos::UnreleasedSignature> signature() {
        // What a first answer was does not matter if the second try had none.
        if (!last().outcome()) return std::unexpected(last().outcome().error());
        return std::move(*signature_);
    }

private:
    static constexpr std::size_t most_asked = 2;

    void ask() {
        asked_.emplace_back(new aws::Operation(
            aws::kms::sign(kms_, arn_, key_.public_key.scheme(), message_.digest)));
    }
    [[nodiscard]] aws::Operation& last() { return *asked_.back(); }

    [[nodiscard]] Result<tezos::UnreleasedSignature> judge(const aws::Reply& reply) const {
        const auto raw = aws::kms::read_signature(reply, arn_, key_.public_key.scheme());
        if (!raw) return std::unexpected(raw.error());
        auto verified = tezos::UnreleasedSignature::verified(key_.public_key, message_, *raw);
        if (!verified) {
            verified.error().message +=
                "; if PUBLIC_KEYS is set, compare it with KMS_KEY_ID, entry by entry";
        }
        return verified;
    }

    aws::Service& kms_;
    const aws::KeyArn& arn_;
    const tezos::KeyInfo& key_;
    tezos::Message message_;
    std::vector<std::unique_ptr<aws::Operation>> asked_;
    std::optional<Result<tezos::UnreleasedSignature>> signature_;  // of the last reply
    std::vector<std::string> bad_;                                 // what was wrong with each
};

class PendingKmsSignature final : public tezos::PendingSignature {
public:
    PendingKmsSignature(aws::Service& kms, const aws::KeyArn& arn, const tezos::KeyInfo& key,
                        const tezos::Message& message)
        : exchange_(kms, arn, key, message) {}

    [[nodiscard]] io::Exchange& exchange() override { return exchange_; }
    [[nodiscard]] Result<tezos::UnreleasedSignature> outcome() override {
        return exchange_.signature();
    }

private:
    SigningExchange exchange_;
};

}  // namespace

KmsSigner::KmsSigner(aws::Service& kms, std::map<tezos::KeyHash, aws::KeyArn> arns)
    : kms_(kms), arns_(std::move(arns)) {}

std::unique_ptr<tezos::PendingSignature> KmsSigner::begin(const tezos::KeyInfo& key,
                                                          ByteView payload,
                                                          const tezos::Digest& digest) {
    return std::make_unique<PendingKmsSignature>(kms_, arns_.at(key.hash), key,
                                                 tezos::Message{payload, digest});
}

}  // namespace redoubt::tezos_adapters
