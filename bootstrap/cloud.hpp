// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <memory>
#include <vector>

#include <redoubt/aws/kms/kms.hpp>
#include <redoubt/aws/kms/regions.hpp>
#include <redoubt/aws/service.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/http/client.hpp>

#include "config/aws.hpp"

namespace redoubt::bootstrap {

/// What KMS is asked for: the public keys of `arns`, which outlive it, all at once.
class PublicKeyRequests {
public:
    PublicKeyRequests(aws::Service& kms, const std::vector<aws::KeyArn>& arns);

    /// What a runner is given.
    [[nodiscard]] std::vector<io::Exchange*> exchanges() const;
    /// After they were run.
    [[nodiscard]] std::expected<std::vector<crypto::PublicKey>, Mistakes> outcome() const;

private:
    const std::vector<aws::KeyArn>& arns_;
    std::vector<std::unique_ptr<aws::Operation>> operations_;
};

/// What a function needs of time in its dealings with AWS.
struct CloudTimes {
    std::vector<Milliseconds> tries = {};  // how long each try of a call may take; empty: as usual
    Milliseconds tolerated_skew = aws::CorrectedClock::enough_for_calls;
};

/// The side that faces AWS: one HTTP client, two services. The configuration outlives it.
class Cloud {
public:
    Cloud(const AwsConfig& config, const Clock& clock, const CloudTimes& times = {});

    [[nodiscard]] http::Client& client() { return client_; }
    [[nodiscard]] aws::Service& kms() { return kms_; }
    /// In the Regions of all keys of the configuration.
    [[nodiscard]] aws::kms::Regions& kms_regions() { return kms_regions_; }
    [[nodiscard]] aws::Service& dynamodb() { return dynamodb_; }

    /// Sees to a usable connection to the table, and to KMS if keys in it sign.
    void ensure_connections(bool kms_signs, SteadyTime deadline);

private:
    aws::CorrectedClock clock_;
    http::Client client_;
    aws::Service kms_;
    aws::kms::Regions kms_regions_;
    aws::Service dynamodb_;
};

}  // namespace redoubt::bootstrap
