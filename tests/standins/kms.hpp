// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>

#include "faults.hpp"
#include "signing_key.hpp"

namespace redoubt::standins {

/// The part of KMS that signs: CreateKey, DescribeKey, GetPublicKey, Sign, DisableKey, EnableKey,
/// PutKeyPolicy, GetKeyPolicy and ListGrants (there are none), for the three schemes that Tezos
/// shares with it.
class Kms {
public:
    struct Key {
        std::string arn;
        SigningKey key;
        std::atomic<bool> enabled = true;
        std::string policy = {};  // by the mutex
    };

    /// Throws AwsException. `faults` spoil the answer of Sign. From any thread.
    [[nodiscard]] Json operate(std::string_view operation, const Json& call,
                               const std::vector<Fault>& faults);

    /// Makes a key and keeps it; its ARN. For those who look behind the service.
    std::string create(crypto::SignatureScheme scheme);
    [[nodiscard]] std::shared_ptr<const Key> key(std::string_view arn) const;

private:
    Json create_key(const Json& call);
    Json sign(const Json& call, const std::vector<Fault>& faults) const;
    Json set_enabled(const Json& call, bool enabled);
    Json put_policy(const Json& call);
    Json get_policy(const Json& call) const;
    /// By ARN or by bare id.
    [[nodiscard]] std::shared_ptr<Key> key_of(const Json& call) const;

    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Key>, std::less<>> keys_;  // by id
};

}  // namespace redoubt::standins
