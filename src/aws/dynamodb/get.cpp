// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/dynamodb/get.hpp>

namespace redoubt::aws::dynamodb {

std::string to_body(const Get& get) {
    return ObjectText()
        .add("TableName", get.table)
        .add("Key", to_attributes(get.key))
        .add_json("ConsistentRead", get.freshness == Freshness::Consistent)
        .text();
}

Result<Json> read_item(const Reply& reply, const ItemKey& key) {
    if (!reply.body.is_object()) return suspicious("answered a read without an object");
    const Json* item = member(reply.body, "Item");
    if (item == nullptr) return Json();
    if (!has_key(*item, key)) return suspicious("answered another item than the one that was read");
    return *item;
}

}  // namespace redoubt::aws::dynamodb
