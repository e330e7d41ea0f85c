// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <redoubt/aws/endpoint.hpp>
#include <redoubt/aws/service.hpp>

namespace redoubt::aws::kms {

/// Where KMS is in a Region that is not the function's own.
struct RegionalEndpoint {
    std::string region;
    Endpoint endpoint;
};

/// KMS in each Region that keys are in: a call is signed for the Region of the key's ARN.
class Regions {
public:
    /// `own` is KMS in the function's Region; it outlives this, as credentials and clock do.
    Regions(Service& own, std::string own_region, const std::vector<RegionalEndpoint>& elsewhere,
            const Credentials& credentials, CorrectedClock& clock);

    /// For that key. Throws std::logic_error for a Region that the constructor was not told of.
    [[nodiscard]] Service& in(const KeyArn& key);

private:
    struct Elsewhere {
        std::string region;
        std::unique_ptr<Service> kms;
    };

    Service& own_;
    std::string own_region_;
    std::vector<Elsewhere> elsewhere_;
};

}  // namespace redoubt::aws::kms
