// SPDX-License-Identifier: Apache-2.0
#include "cloud.hpp"

#include <algorithm>
#include <memory>
#include <random>

#include <redoubt/aws/dynamodb/dynamodb.hpp>

namespace redoubt::bootstrap {
namespace {

aws::HedgingRules hedging_rules(const AwsConfig& config) {
    return config.hedging ? aws::HedgingRules{} : aws::HedgingRules::off();
}

Result<crypto::PublicKey> public_key_of(const aws::Operation& asked, const aws::KeyArn& arn) {
    const auto& reply = asked.outcome();
    if (!reply) return std::unexpected(reply.error());
    return aws::kms::read_public_key(*reply, arn);
}

std::string to_text(const aws::KeyArn& arn, const Error& error) {
    const std::string detail = error.detail.empty() ? "" : " (" + error.detail + ")";
    return arn.text + ": " + std::string(name(error.code)) + ": " + error.message + detail;
}

}  // namespace

Cloud::Cloud(const AwsConfig& config, const Clock& clock, const CloudTimes& times)
    : clock_(clock, times.tolerated_skew),
      client_({.trusted_roots = config.trusted_roots}, clock),
      kms_(aws::kms::traits(), config.kms, config.region, config.credentials, clock_,
           hedging_rules(config), std::random_device{}(), times.tries),
      kms_regions_(kms_, config.region, config.kms_elsewhere, config.credentials, clock_),
      dynamodb_(aws::dynamodb::traits(), config.dynamodb, config.region, config.credentials, clock_,
                hedging_rules(config), std::random_device{}(), times.tries) {}

void Cloud::ensure_connections(bool kms_signs, SteadyTime deadline) {
    std::vector<std::string> origins;
    if (kms_signs) origins.push_back(kms_.endpoint().origin);
    origins.push_back(dynamodb_.endpoint().origin);
    client_.ensure_connections(origins, deadline);
}

PublicKeyRequests::PublicKeyRequests(aws::Service& kms, const std::vector<aws::KeyArn>& arns)
    : arns_(arns) {
    for (const aws::KeyArn& arn : arns) {
        operations_.emplace_back(new aws::Operation(aws::kms::get_public_key(kms, arn)));
    }
}

std::vector<io::Exchange*> PublicKeyRequests::exchanges() const {
    std::vector<io::Exchange*> out;
    for (const auto& operation : operations_) out.push_back(operation.get());
    return out;
}

std::expected<std::vector<crypto::PublicKey>, Mistakes> PublicKeyRequests::outcome() const {
    std::vector<crypto::PublicKey> keys;
    Mistakes mistakes;
    for (std::size_t i = 0; i < arns_.size(); ++i) {
        auto key = public_key_of(*operations_[i], arns_[i]);
        if (!key) {
            mistakes.push_back(to_text(arns_[i], key.error()));
            continue;
        }
        if (std::ranges::find(keys, *key) != keys.end()) {
            mistakes.push_back(arns_[i].text + ": the same key as another entry of KMS_KEY_ID");
        }
        keys.push_back(std::move(*key));
    }
    if (!mistakes.empty()) return std::unexpected(std::move(mistakes));
    return keys;
}

}  // namespace redoubt::bootstrap
