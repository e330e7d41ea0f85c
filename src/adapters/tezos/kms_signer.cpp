// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/kms_signer.hpp>

#include <utility>

namespace redoubt::tezos_adapters {
namespace {

/// Asks for a signature, and once more if what comes is none: a bit that flipped on its way must
/// not cost a vote. Judged when it comes, since the commit may still be out. All that it is given
/// outlives it.
class SigningExchange final : public http::Exchange {
public:
    SigningExchange(aws::Service& kms, const aws::KeyArn& arn, const tezos::KeyInfo& key,
                    const tezos::Digest& digest)
        : kms_(kms), arn_(arn), key_(key), digest_(digest) {
        ask();
    }

    std::optional<Next> next() override { return operation_->next(); }
    std::optional<http::ClientRequest> hedge_request(const http::ClientRequest& slow) override {
        return operation_->hedge_request(slow);
    }
    bool settles(const http::Response& response) override { return operation_->settles(response); }
    void on_send() noexcept override { operation_->on_send(); }
    void on_response(const http::ResponseOrError& response) override {
        operation_->on_response(response);
        const auto& reply = operation_->outcome();
        if (!reply) return;
        signature_ = judge(*reply);
        if (signature_->has_value() || std::exchange(is_repeated_, true)) return;
        before_ = stats();
        before_.failures.emplace_back("bad signature");
        ask();
    }
    [[nodiscard]] io::CallStats stats() const override {
        io::CallStats sum = before_;
        sum += operation_->stats();
        return sum;
    }

    /// Once, after it was run.
    [[nodiscard]] Result<tezos::UnreleasedSignature> signature() {
        // What a first answer was does not matter if the second try had none.
        if (!operation_->outcome()) return std::unexpected(operation_->outcome().error());
        return std::move(*signature_);
    }

private:
    void ask() {
        operation_.reset(
            new aws::Operation(aws::kms::sign(kms_, arn_, key_.public_key.scheme(), digest_)));
    }

    [[nodiscard]] Result<tezos::UnreleasedSignature> judge(const aws::Reply& reply) const {
        const auto raw = aws::kms::read_signature(reply, arn_, key_.public_key.scheme());
        if (!raw) return std::unexpected(raw.error());
        auto verified = tezos::UnreleasedSignature::verified(key_.public_key, digest_, *raw);
        if (!verified) {
            verified.error().message +=
                ", twice; if PUBLIC_KEYS is set, compare it with KMS_KEY_ID, entry by entry";
        }
        return verified;
    }

    aws::Service& kms_;
    const aws::KeyArn& arn_;
    const tezos::KeyInfo& key_;
    tezos::Digest digest_;
    bool is_repeated_ = false;
    std::unique_ptr<aws::Operation> operation_;
    std::optional<Result<tezos::UnreleasedSignature>> signature_;  // of the last reply
    io::CallStats before_;  // of the first signature, once it is asked for again
};

class PendingKmsSignature final : public tezos::PendingSignature {
public:
    PendingKmsSignature(aws::Service& kms, const aws::KeyArn& arn, const tezos::KeyInfo& key,
                        const tezos::Digest& digest)
        : exchange_(kms, arn, key, digest) {}

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
                                                          ByteView /*payload*/,
                                                          const tezos::Digest& digest) {
    return std::make_unique<PendingKmsSignature>(kms_, arns_.at(key.hash), key, digest);
}

}  // namespace redoubt::tezos_adapters
