// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <redoubt/aws/dynamodb/dynamodb.hpp>

namespace redoubt::aws::dynamodb {

/// Strongly consistent reads of items by their keys, 100 a call. What DynamoDB leaves unprocessed
/// is asked again, after growing pauses, until the deadline or six times in vain. The service
/// outlives it. Source: Amazon DynamoDB API reference, BatchGetItem.
class BatchGet final : public http::Exchange {
public:
    /// A key may be named twice: it is asked for once.
    BatchGet(Service& dynamodb, std::string table, const std::vector<ItemKey>& keys);

    std::optional<Next> next() override;
    void on_send() noexcept override { operation_->on_send(); }
    void on_response(const http::ResponseOrError& response) override;
    [[nodiscard]] io::CallStats stats() const override;

    /// After the runner returned: for each key, in their order, its item, or null if there is none.
    /// Errors: those of an operation; table_refused for an answer that no table gives.
    [[nodiscard]] Result<std::vector<Json>> outcome() const;

private:
    struct Asked {
        Json key;  // as an item has it
        Json item;
        bool is_answered = false;
    };
    using Indices = std::vector<std::size_t>;  // in asked_

    void begin();
    void judge();
    [[nodiscard]] Result<Indices> take(const Json& body);
    [[nodiscard]] bool take_item(const Json& item);
    [[nodiscard]] std::optional<std::size_t> find_asking(const Json& holder) const;

    Service& service_;
    std::string table_;
    std::vector<Asked> asked_;  // each key once
    Indices order_;             // of the caller's keys
    Indices pending_;
    Indices asking_;  // of these, by the operation
    std::unique_ptr<Operation> operation_;
    SteadyTime not_before_{};
    int in_vain_ = 0;
    io::CallStats earlier_;
    std::optional<Error> error_;
};

/// Runs one. See there.
[[nodiscard]] Result<std::vector<Json>> batch_get(Service& dynamodb, io::ExchangeRunner& runner,
                                                  std::string table,
                                                  const std::vector<ItemKey>& keys,
                                                  SteadyTime deadline);

}  // namespace redoubt::aws::dynamodb
