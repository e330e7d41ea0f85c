// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/kms/regions.hpp>

#include <algorithm>
#include <random>
#include <stdexcept>

#include <redoubt/aws/kms/kms.hpp>

namespace redoubt::aws::kms {

Regions::Regions(Service& own, std::string own_region,
                 const std::vector<RegionalEndpoint>& elsewhere, const Credentials& credentials,
                 CorrectedClock& clock)
    : own_(own), own_region_(std::move(own_region)) {
    for (const auto& [region, endpoint] : elsewhere) {
        elsewhere_.push_back(
            {region, std::make_unique<Service>(traits(), endpoint, region, credentials, clock,
                                               HedgingRules::off(), std::random_device{}(),
                                               own.times_of_tries())});
    }
}

Service& Regions::in(const KeyArn& key) {
    if (key.region == own_region_) return own_;
    const auto found = std::ranges::find(elsewhere_, key.region, &Elsewhere::region);
    if (found == elsewhere_.end()) throw std::logic_error("no KMS is known in " + key.region);
    return *found->kms;
}

}  // namespace redoubt::aws::kms
