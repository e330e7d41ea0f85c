// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include <redoubt/aws/dynamodb/write_reply.hpp>
#include <redoubt/aws/kms/kms.hpp>
#include <redoubt/operator/command.hpp>
#include <redoubt/signing/release.hpp>

/// A chain as small as can be, made of what any chain is given: the release gate, the AWS clients
/// and the operator's dispatch. A message is a number and a digest; the number only rises.
///
/// | attribute | type | meaning                                       |
/// |-----------|------|-----------------------------------------------|
/// | `id`      | S    | partition key: the key's ARN                  |
/// | `number`  | N    | the highest committed                         |
/// | `digest`  | B    | what was committed there; absent after `arm`  |
namespace redoubt::toy {

struct Message {
    std::int64_t number = 0;
    crypto::Digest digest{};
};

struct Row {
    std::int64_t number = 0;
    std::optional<crypto::Digest> digest = {};
};

struct Services {
    aws::Service& kms;
    aws::Service& dynamodb;
    io::ExchangeRunner& runner;
};

struct Key {
    aws::KeyArn arn;
    crypto::PublicKey public_key;
};

class Chain;
using Signature = signing::Signature<Chain>;
using Committed = signing::Committed<Chain>;
using UnreleasedSignature = signing::UnreleasedSignature<Chain>;

/// Commits while KMS signs, and releases. Errors: not_armed, below_watermark, already_signed, and
/// those of the services.
[[nodiscard]] Result<Signature> sign(const Key& key, const Message& message,
                                     const Services& services, SteadyTime deadline);

class Chain {
public:
    /// Lower-case hex.
    [[nodiscard]] static std::string to_text(crypto::SignatureScheme scheme,
                                             const crypto::RawSignature& raw);

private:
    friend Result<Signature> sign(const Key&, const Message&, const Services&, SteadyTime);
    [[nodiscard]] static Result<Committed> judge(const Message& message,
                                                 const aws::dynamodb::WriteReply<Row>& reply);
};

}  // namespace redoubt::toy

namespace redoubt::signing {
extern template class Committed<toy::Chain>;
extern template class Signature<toy::Chain>;
extern template class UnreleasedSignature<toy::Chain>;
extern template Result<toy::Signature> release(toy::Committed, toy::UnreleasedSignature);
}  // namespace redoubt::signing

namespace redoubt::toy {

/// `arm`: makes the key's row at `number`, if there is none.
[[nodiscard]] operators::Command arm(const Key& key, const Services& services);

}  // namespace redoubt::toy
