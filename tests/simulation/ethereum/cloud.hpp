// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <simulation/engine/flight.hpp>
#include <standins/dynamodb.hpp>

#include "fixtures.hpp"

namespace redoubt::simulation::ethereum {

/// The table as a call meets it, without network or time: the stand-in that the contract suite
/// holds to Amazon's own, so the words of the conditions are what is executed.
class Cloud {
public:
    /// With the callers' tokens, and the wraps of `sealing`; without keys.
    Cloud(Fixtures& fixtures, const Sealing& sealing);

    [[nodiscard]] Reply act(const std::string& operation, const Json& body, WallTime now);

    /// An item as it stands; nothing if there is none.
    [[nodiscard]] std::optional<Json> item(const std::string& id);
    void put(const Json& item);

    /// A validator as the oracle sees it: what is damaged of the item is as it was `before`.
    [[nodiscard]] Validator validator_of(const Json& item, const Validator& before) const;

    /// After each write on a validator that was applied: the item, and the message that it was for,
    /// if it was the signer's.
    std::function<void(const std::string& key, const std::optional<Message>& message,
                       const Json& item)>
        wrote;

private:
    [[nodiscard]] Reply update(const Json& body, WallTime now);
    [[nodiscard]] std::optional<Message> message_of(const Json& update) const;
    [[nodiscard]] int root_of(const Json& item, const char* name, int before) const;

    Fixtures& fixtures_;
    standins::DynamoDb dynamodb_;
};

/// Whether a write is a signer's: a commit names a root.
[[nodiscard]] bool is_commit(const Json& update);

}  // namespace redoubt::simulation::ethereum
