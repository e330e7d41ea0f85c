// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace redoubt::aws {

/// `arn:<partition>:kms:<region>:<account>:key/<id>`
struct KeyArn {
    std::string text;
    std::string partition;
    std::string region;
    std::string account;
};
[[nodiscard]] std::optional<KeyArn> parse_key_arn(std::string_view text);

/// The account that only stand-ins of AWS have.
inline constexpr std::string_view stand_in_account = "000000000000";

/// Where a service is: `https://kms.eu-west-1.amazonaws.com`, without a path.
struct Endpoint {
    std::string origin;
    [[nodiscard]] std::string_view host() const;  // with the port, if one is given
};

/// Which of a service's endpoints: as AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT say.
struct EndpointKind {
    bool fips = false;
    bool dual_stack = false;
};

/// The regional endpoint of `service` ("kms", "dynamodb").
[[nodiscard]] Endpoint regional_endpoint(std::string_view service, std::string_view region,
                                         std::string_view partition, EndpointKind kind = {});

/// Which kind an endpoint is of, that the two functions here gave.
[[nodiscard]] EndpointKind kind_of(const Endpoint& endpoint, std::string_view partition);

/// Reads an endpoint given by an operator. Only `https://` and an exact regional, FIPS or
/// dual-stack name of the service, or one of a VPC's own endpoint of it
/// (`vpce-1a2b-5e6f.kms.eu-west-1.vpce.amazonaws.com`); with `stand_ins`, any http(s) origin.
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view url, std::string_view service,
                                                     std::string_view region,
                                                     std::string_view partition, bool stand_ins);

/// Names such as `eu-west-1`: what may stand in a host name.
[[nodiscard]] bool is_region(std::string_view text);

}  // namespace redoubt::aws
