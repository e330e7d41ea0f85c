// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/kms_signer.hpp>

namespace redoubt::tezos_adapters {
namespace {

class PendingKmsSignature final : public tezos::PendingSignature {
public:
    PendingKmsSignature(aws::Service& kms, const aws::KeyArn& arn, const tezos::KeyInfo& key,
                        const tezos::Digest& digest)
        : arn_(arn),
          key_(key),
          digest_(digest),
          operation_(aws::kms::sign(kms, arn, key.public_key.scheme(), digest)) {}

    [[nodiscard]] io::Exchange& exchange() override { return operation_; }

    [[nodiscard]] Result<tezos::UnreleasedSignature> outcome() override {
        const auto& reply = operation_.outcome();
        if (!reply) return std::unexpected(reply.error());
        const auto raw = aws::kms::read_signature(*reply, arn_, key_.public_key.scheme());
        if (!raw) return std::unexpected(raw.error());
        auto verified = tezos::UnreleasedSignature::verified(key_.public_key, digest_, *raw);
        if (!verified) {
            verified.error().message +=
                "; if PUBLIC_KEYS is set, compare it with KMS_KEY_ID, entry by entry";
        }
        return verified;
    }

private:
    const aws::KeyArn& arn_;
    const tezos::KeyInfo& key_;
    tezos::Digest digest_;
    aws::Operation operation_;
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
