// SPDX-License-Identifier: Apache-2.0
#include "writes.hpp"

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/random.hpp>

#include "table_reads.hpp"

namespace redoubt::ethereum_operator {

namespace dynamodb = aws::dynamodb;

std::string make_token() {
    ByteArray<16> bytes{};
    fill_with_random(bytes);
    return to_hex(bytes);
}

dynamodb::Update network_update(const Context& context, const sealed::WrapId& wrap) {
    const auto& root = context.network.genesis_validators_root;
    return {
        .table = context.table,
        .key = dynamodb::to_attributes(ethereum_adapters::network_key()),
        .condition = "#root = :root AND #table = :table",
        .update = "ADD #wraps :wraps",
        .names = ObjectText().add("#root", "root").add("#table", "table").add("#wraps", "wraps"),
        .values = ObjectText()
                      .add(":root", dynamodb::text(ethereum::prefixed_hex(root)))
                      .add(":table", dynamodb::text(context.table))
                      .add(":wraps", dynamodb::text_set({wrap.text()}))};
}

void add_new_wrap(const Context& context, const sealed::Wrap& wrap,
                  dynamodb::Transaction& transaction) {
    transaction.add(network_update(context, wrap.id));
    transaction.add(dynamodb::put_if_absent(context.table, ethereum_adapters::to_item(wrap), "id"));
}

std::optional<Error> judge_network_update(const Context& context,
                                          const dynamodb::Cancellation& refused,
                                          std::size_t action) {
    if (action >= refused.reasons.size() || !refused.reasons[action].is_refused) {
        return std::nullopt;
    }
    return judge_network(context, refused.reasons[action].found);
}

}  // namespace redoubt::ethereum_operator
