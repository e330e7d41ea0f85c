// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <redoubt/aws/credentials.hpp>
#include <redoubt/aws/endpoint.hpp>
#include <redoubt/aws/kms/regions.hpp>

#include "config/variables.hpp"

namespace redoubt::bootstrap {

/// How AWS is reached, whatever the handler.
struct AwsConfig {
    std::string region;
    aws::Credentials credentials;
    bool hedging = true;
    std::string trusted_roots;  // PEM
    aws::Endpoint kms;
    std::vector<aws::kms::RegionalEndpoint> kms_elsewhere;  // in other Regions that keys are of
    aws::Endpoint dynamodb;
};

/// Region and credentials, as Lambda sets them.
[[nodiscard]] AwsConfig read_aws(Variables& variables);

/// The keys that `name` lists, if it is set: ARNs of `region`, or of any if that is empty, none
/// twice.
[[nodiscard]] std::vector<aws::KeyArn> read_key_arns(Variables& variables, const std::string& name,
                                                     const std::string& region);

/// WRAPPING_KEYS, if it is set: up to five, each in any Region and account.
[[nodiscard]] std::vector<aws::KeyArn> read_wrapping_keys(Variables& variables);

/// The name of a table, which `name` has to say: `what` it is, if it does not.
[[nodiscard]] std::string read_table(Variables& variables, const std::string& name,
                                     std::string_view what);

/// Hedging, trust and endpoints (AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT and those given
/// by their names). `keys` are all that the configuration names, in any Region of one
/// partition. What only stand-ins of AWS may have is allowed if every one of them is in the account
/// that only they have. (Without any key, which is a mistake by itself,
/// nothing is said of the variables that depend on it: a handler that can do without keys has to
/// decide by something else.)
void read_services(Variables& variables, const std::vector<aws::KeyArn>& keys, AwsConfig& config);

}  // namespace redoubt::bootstrap
