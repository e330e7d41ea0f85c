// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/json.hpp>

namespace redoubt::standins {

/// A call that a service has carried out or refused.
struct ServiceCall {
    std::string operation;
    Json parameters;
    std::string error;  ///< its code; empty: it was carried out
    std::string request_id;
    WallTime at{};
};

/// CloudTrail's record of the calls to KMS: LookupEvents, by ResourceName, as far as the operator's
/// command asks it. Source: the examples "Sign" of AWS KMS's developer guide, and CloudTrail's API
/// reference. From any thread.
class Trail {
public:
    /// `key`: the ARN of the key that it is about.
    void add(const ServiceCall& call, const std::string& key);
    /// The newest first. Throws AwsException.
    [[nodiscard]] Json lookup_events(const Json& call) const;

private:
    struct Event {
        std::uint64_t number = 0;  ///< Counted from 0; older ones may be gone.
        WallTime at{};
        std::string key;
        Json told;
    };

    static constexpr std::size_t capacity = 10000;

    mutable std::mutex mutex_;
    std::uint64_t count_ = 0;
    std::deque<Event> events_;
};

}  // namespace redoubt::standins
