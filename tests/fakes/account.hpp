// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "secret_key.hpp"
#include "table.hpp"

namespace redoubt::test {

/// A key of KMS.
struct AccountKey {
    std::string arn;
    std::string spki;  // base64
    Json metadata;
    std::string policy;
    Json grants = Json::array();
};

/// What KMS and DynamoDB say of themselves: as a deployment leaves them, until a test changes it.
struct AccountSettings {
    std::vector<AccountKey> keys;
    std::optional<Json> table;  // what DescribeTable answers
    std::string recovery = "ENABLED";
    std::string expiry = "DISABLED";
    std::optional<std::string> table_policy;
    /// Operations that IAM refuses.
    std::set<std::string> refused;
};

/// An account in eu-west-1 with these keys and the table of that name.
[[nodiscard]] AccountSettings sound_account(const std::vector<SecretKey>& keys,
                                            const std::string& table);
/// The ARN of the key of that position in there.
[[nodiscard]] std::string account_key_arn(std::size_t position);

/// A key that encrypts, with the ARN of that position.
[[nodiscard]] AccountKey sound_wrapping_key(std::size_t position);

/// Answers calls of both services.
class Account {
public:
    Account(const Clock& clock, AccountSettings told)
        : settings(std::move(told)), table(clock), clock_(clock) {}

    [[nodiscard]] http::ResponseOrError answer(const http::ClientRequest& call);

    AccountSettings settings;
    Table table;  // its rows

private:
    [[nodiscard]] Json kms(const std::string& operation, const Json& body) const;
    [[nodiscard]] Json dynamodb(const std::string& operation) const;

    const Clock& clock_;
};

}  // namespace redoubt::test
