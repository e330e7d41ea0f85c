// SPDX-License-Identifier: Apache-2.0
#include "cloud.hpp"

#include <memory>

#include <redoubt/aws/dynamodb.hpp>

namespace redoubt::bootstrap {
namespace {

aws::HedgingRules hedging_rules(const Config& config) {
    return config.hedging ? aws::HedgingRules{} : aws::HedgingRules::off();
}

}  // namespace

Cloud::Cloud(const Config& config, const Clock& clock)
    : clock_(clock),
      client_({.trusted_roots = config.trusted_roots}, clock),
      kms_(aws::kms::traits(), config.kms, config.region, config.credentials, clock_,
           hedging_rules(config)),
      dynamodb_(aws::dynamodb::traits(), config.dynamodb, config.region, config.credentials, clock_,
                hedging_rules(config)) {}

void Cloud::freshen(SteadyTime deadline) {
    client_.freshen({kms_.endpoint().origin, dynamodb_.endpoint().origin}, deadline);
}

Result<tezos::Keys> Cloud::fetch_public_keys(const std::vector<aws::KeyArn>& arns,
                                             SteadyTime deadline) {
    std::vector<std::unique_ptr<aws::Operation>> operations;
    std::vector<http::Dialogue*> dialogues;
    for (const aws::KeyArn& arn : arns) {
        operations.emplace_back(new aws::Operation(aws::kms::get_public_key(kms_, arn)));
        dialogues.push_back(operations.back().get());
    }
    client_.run(dialogues, deadline);
    tezos::Keys keys;
    for (std::size_t i = 0; i < arns.size(); ++i) {
        const auto& reply = operations[i]->outcome();
        if (!reply) return std::unexpected(reply.error());
        auto key = aws::kms::read_public_key(*reply, arns[i]);
        if (!key) return std::unexpected(key.error());
        tezos::NamedKey named(std::move(*key));
        if (tezos::find(keys, named.hash) != nullptr) {
            return fail(Code::KmsRefused, "two entries of KMS_KEY_ID are the same key");
        }
        keys.push_back(std::move(named));
    }
    return keys;
}

}  // namespace redoubt::bootstrap
