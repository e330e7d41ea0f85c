// SPDX-License-Identifier: Apache-2.0
#include "item_puts.hpp"

#include <memory>

namespace redoubt::tezos_operator {

namespace dynamodb = aws::dynamodb;

Result<std::vector<PutOutcome>> put_items(const Context& context,
                                          const std::vector<dynamodb::Put>& puts,
                                          SteadyTime deadline) {
    std::vector<std::unique_ptr<aws::Operation>> operations;
    std::vector<io::Exchange*> exchanges;
    for (const dynamodb::Put& put : puts) {
        operations.push_back(std::make_unique<aws::Operation>(
            context.dynamodb, "PutItem", [&put] { return to_body(put); },
            std::string(dynamodb::condition_failed)));
        exchanges.push_back(operations.back().get());
    }
    context.runner.run(exchanges, deadline);
    std::vector<PutOutcome> outcomes;
    for (const auto& operation : operations) {
        const auto& reply = operation->outcome();
        if (!reply) return std::unexpected(reply.error());
        const Json* found = member(reply->body, "Item");
        outcomes.push_back({reply->error.empty(), found == nullptr ? Json() : *found});
    }
    return outcomes;
}

dynamodb::Put creation(const Context& context, ObjectText item) {
    return dynamodb::put_if_absent(context.table, std::move(item), "pkh");
}

}  // namespace redoubt::tezos_operator
