// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <redoubt/base/json.hpp>

namespace redoubt::standins {

/// What a table is set to besides its keys: deletion protection, recovery, expiry and policy.
/// UpdateTable, UpdateContinuousBackups, DescribeContinuousBackups, DescribeTimeToLive,
/// PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy. From any thread.
class TableSettings {
public:
    /// Whether the operation is about these.
    [[nodiscard]] static bool has(std::string_view operation);
    /// One of them. Throws AwsException.
    [[nodiscard]] Json operate(std::string_view operation, const Json& call,
                               const std::string& table);
    [[nodiscard]] bool is_protected(const std::string& table) const;
    /// From `DeletionProtectionEnabled`, if it is given.
    void protect(const std::string& table, const Json& call);

private:
    struct Settings {
        bool is_protected = false;
        bool recovers = false;
        std::optional<std::string> policy;
    };
    mutable std::mutex mutex_;
    std::map<std::string, Settings, std::less<>> settings_;
};

}  // namespace redoubt::standins
