// SPDX-License-Identifier: Apache-2.0
#include "second_table.hpp"

#include "broken.hpp"

namespace redoubt::simulation::ethereum {
namespace {

/// The row that an answer has, as it is now or was when the condition refused; null without one.
Json row_in(const Json& answer) {
    for (const char* name : {"Attributes", "Item"}) {
        if (const Json* row = member(answer, name)) return *row;
    }
    return {};
}

}  // namespace

SecondTable::SecondTable(const std::string& url, const std::string& name)
    : remote_(url), name_(name) {
    remote_.must_do(
        "CreateTable",
        {{"TableName", name},
         {"BillingMode", "PAY_PER_REQUEST"},
         {"AttributeDefinitions", Json::array({{{"AttributeName", "id"}, {"AttributeType", "S"}}})},
         {"KeySchema", Json::array({{{"AttributeName", "id"}, {"KeyType", "HASH"}}})}});
}

void SecondTable::compare(const Write& write) {
    if (!seen_.insert(dump(write.before) + dump(write.call)).second) return;
    expect(write);
    // Where there is no item, none makes one.
    if (seen_.insert(dump(write.call)).second) expect({Json(), write.call, 400, Json(), Json()});
}

void SecondTable::expect(const Write& write) {
    const Json& key = write.call.at("Key");
    set(key, write.before);
    const auto answer = remote_.call("UpdateItem", dump(write.call));
    const std::string said = dump(write.before) + dump(write.call);
    if (!answer) throw Broken(said + ": no answer");
    if (answer->status != write.status) throw Broken(said + ": " + answer->body);
    if (row_in(parse_json(answer->body).value()) != row_in(write.answer)) {
        throw Broken(said + ": answers " + answer->body + ", not " + dump(write.answer));
    }
    if (const Json is = item(key); is != write.after) {
        throw Broken(said + ": becomes " + dump(is) + ", not " + dump(write.after));
    }
}

void SecondTable::set(const Json& key, const Json& item) {
    if (item.is_null()) {
        remote_.must_do("DeleteItem", {{"TableName", name_}, {"Key", key}});
    } else {
        remote_.must_do("PutItem", {{"TableName", name_}, {"Item", item}});
    }
}

Json SecondTable::item(const Json& key) {
    return row_in(
        remote_.must_do("GetItem", {{"TableName", name_}, {"Key", key}, {"ConsistentRead", true}}));
}

}  // namespace redoubt::simulation::ethereum
