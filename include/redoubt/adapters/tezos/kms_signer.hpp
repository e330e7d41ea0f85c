// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>

#include <redoubt/aws/kms/kms.hpp>
#include <redoubt/tezos/ports.hpp>

namespace redoubt::tezos_adapters {

/// Secret keys that live in AWS KMS. Every signature is parsed strictly, given a low s and verified
/// before anybody sees it. The service outlives it; each key that is asked for has an ARN in
/// `arns`.
class KmsSigner final : public tezos::Signer {
public:
    KmsSigner(aws::Service& kms, std::map<tezos::KeyHash, aws::KeyArn> arns);

    [[nodiscard]] std::unique_ptr<tezos::PendingSignature> begin(
        const tezos::KeyInfo& key, ByteView payload, const tezos::Digest& digest) override;

private:
    aws::Service& kms_;
    std::map<tezos::KeyHash, aws::KeyArn> arns_;
};

}  // namespace redoubt::tezos_adapters
