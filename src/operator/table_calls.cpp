// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/table_calls.hpp>

#include <memory>

namespace redoubt::operators {

namespace dynamo = aws::dynamodb;

Result<std::vector<PutOutcome>> put_items(aws::Service& dynamodb, io::ExchangeRunner& runner,
                                          const std::vector<dynamo::Put>& puts,
                                          SteadyTime deadline) {
    std::vector<std::unique_ptr<aws::Operation>> operations;
    std::vector<io::Exchange*> exchanges;
    for (const dynamo::Put& put : puts) {
        operations.push_back(std::make_unique<aws::Operation>(
            dynamodb, "PutItem", [&put] { return to_body(put); },
            std::string(dynamo::condition_failed)));
        exchanges.push_back(operations.back().get());
    }
    runner.run(exchanges, deadline);
    std::vector<PutOutcome> outcomes;
    for (const auto& operation : operations) {
        const auto& reply = operation->outcome();
        if (!reply) return std::unexpected(reply.error());
        const Json* found = member(reply->body, "Item");
        outcomes.push_back({reply->error.empty(), found == nullptr ? Json() : *found});
    }
    return outcomes;
}

}  // namespace redoubt::operators
