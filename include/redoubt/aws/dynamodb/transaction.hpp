// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <redoubt/aws/dynamodb/dynamodb.hpp>

namespace redoubt::aws::dynamodb {

/// Several writes, all of them or none, each under its own condition. Source: Amazon DynamoDB API
/// reference, TransactWriteItems.
class Transaction {
public:
    static constexpr std::size_t most_actions = 100;  // none two of one item

    /// `token` names the attempt: repeated within ten minutes, it is not carried out twice, and
    /// succeeds as it did.
    explicit Transaction(std::string token) : token_(std::move(token)) {}

    void add(const Put& put);
    void add(const Update& update);

    [[nodiscard]] std::string body() const;

private:
    std::string token_;
    std::vector<ObjectText> actions_;
};

/// Why nothing was written: of each action, in their order, whether its own condition refused, and
/// what it found.
struct Cancellation {
    struct Reason {
        bool is_refused = false;
        Json found;  // null: no item, or not refused
    };
    std::vector<Reason> reasons;
    /// Another write was under way, or DynamoDB wants fewer: the same again may succeed.
    bool may_pass = false;
};

/// Runs one. Nothing: it is written. Errors: those of an operation.
[[nodiscard]] Result<std::optional<Cancellation>> transact(Service& dynamodb,
                                                           io::ExchangeRunner& runner,
                                                           const Transaction& transaction,
                                                           SteadyTime deadline);

}  // namespace redoubt::aws::dynamodb
