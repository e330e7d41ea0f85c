// SPDX-License-Identifier: Apache-2.0
#include "dynamodb.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "aws_exception.hpp"
#include "condition.hpp"
#include "item_call.hpp"
#include "policies.hpp"
#include "update.hpp"

namespace redoubt::standins {

namespace {

constexpr std::string_view arn_prefix = "arn:aws:dynamodb:us-east-1:000000000000:table/";

KeyAttribute key_attribute(const Json& call, std::string_view role, bool& found) {
    for (const Json& element : call.value("KeySchema", Json::array())) {
        if (element.value("KeyType", "") != role) continue;
        const std::string name = element.value("AttributeName", "");
        for (const Json& definition : call.value("AttributeDefinitions", Json::array())) {
            const auto type = parse_type(definition.value("AttributeType", ""));
            if (definition.value("AttributeName", "") != name || !type) continue;
            found = true;
            return {name, *type};
        }
        throw validation(
            "One or more parameter values were invalid: Some index key attributes are "
            "not defined in AttributeDefinitions");
    }
    found = false;
    return {};
}

Json description(const Table& table, bool is_protected) {
    Json schema = {{{"AttributeName", table.partition().name}, {"KeyType", "HASH"}}};
    Json definitions = {{{"AttributeName", table.partition().name},
                         {"AttributeType", name(table.partition().type)}}};
    if (table.sort()) {
        schema.push_back({{"AttributeName", table.sort()->name}, {"KeyType", "RANGE"}});
        definitions.push_back(
            {{"AttributeName", table.sort()->name}, {"AttributeType", name(table.sort()->type)}});
    }
    return {{"TableName", table.name()},
            {"TableStatus", "ACTIVE"},
            {"TableArn", std::string(arn_prefix) + table.name()},
            {"KeySchema", schema},
            {"AttributeDefinitions", definitions},
            {"BillingModeSummary", {{"BillingMode", "PAY_PER_REQUEST"}}},
            {"ItemCount", table.items().size()},
            {"DeletionProtectionEnabled", is_protected}};
}

AwsException no_such_table() {
    return {.type = "ResourceNotFoundException", .message = "Requested resource not found"};
}

Item key_of_call(const Json& call, const Table& table) {
    return table.check_key(parse_item(required(call, "Key")));
}

/// What a write answers with, by `ReturnValues`; `touched` for the UPDATED_ ones.
Json returned(ReturnValues wanted, const std::optional<Item>& before, const Item& after,
              const std::set<std::string>& touched) {
    const bool old = wanted == ReturnValues::AllOld || wanted == ReturnValues::UpdatedOld;
    const bool all = wanted == ReturnValues::AllOld || wanted == ReturnValues::AllNew;
    if (wanted == ReturnValues::None || (old && !before)) return Json::object();
    Item shown = old ? *before : after;
    if (!all) std::erase_if(shown, [&](const auto& one) { return !touched.contains(one.first); });
    if (shown.empty()) return Json::object();
    return {{"Attributes", to_json(shown)}};
}

}  // namespace

Json DynamoDb::operate(std::string_view operation, const Json& call) {
    if (operation == "UpdateItem") return update_item(call);
    if (operation == "GetItem") return get_item(call);
    if (operation == "BatchGetItem") return batch_get_item(call);
    if (operation == "PutItem") return put_item(call);
    if (operation == "DeleteItem") return delete_item(call);
    if (operation == "TransactWriteItems") return transact_write_items(call);
    if (operation == "Query") return query(call);
    if (operation == "Scan") return scan(call);
    if (operation == "CreateTable") return create_table(call);
    if (operation == "DescribeTable") return describe_table(call);
    if (operation == "UpdateTable") return update_table(call);
    if (TableSettings::has(operation)) return set_or_tell(operation, call);
    throw AwsException{.type = "UnknownOperationException", .message = ""};
}

std::shared_ptr<Table> DynamoDb::table(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto found = tables_.find(name);
    return found == tables_.end() ? nullptr : found->second;
}

std::shared_ptr<Table> DynamoDb::table_of(const Json& call) const {
    const Json& given = required(call, "TableName");
    std::string_view name = text_of_field(given, "TableName");
    if (name.starts_with(arn_prefix)) name.remove_prefix(arn_prefix.size());
    auto found = table(name);
    if (!found) throw no_such_table();
    return found;
}

Json DynamoDb::create_table(const Json& call) {
    const std::string name(text_of_field(required(call, "TableName"), "TableName"));
    bool has_partition = false;
    bool has_sort = false;
    const KeyAttribute partition = key_attribute(call, "HASH", has_partition);
    const KeyAttribute sort = key_attribute(call, "RANGE", has_sort);
    if (!has_partition) {
        throw validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
    }
    const auto made =
        std::make_shared<Table>(name, partition, has_sort ? std::optional(sort) : std::nullopt);
    const std::scoped_lock lock(mutex_);
    if (!tables_.emplace(name, made).second) {
        throw AwsException{.type = "ResourceInUseException",
                           .message = "Table already exists: " + name};
    }
    add_indexes(call);
    settings_.protect(name, call);
    return {{"TableDescription", description(*made, settings_.is_protected(name))}};
}

Json DynamoDb::update_table(const Json& call) {
    const auto table = table_of(call);
    settings_.protect(table->name(), call);
    return {{"TableDescription", description(*table, settings_.is_protected(table->name()))}};
}

Json DynamoDb::set_or_tell(std::string_view operation, const Json& call) {
    const Json* arn = member(call, "ResourceArn");
    const auto table = table_of(arn == nullptr ? call : Json{{"TableName", *arn}});
    return settings_.operate(operation, call, table->name());
}

Json DynamoDb::describe_table(const Json& call) const {
    const auto table = table_of(call);
    return {{"Table", description(*table, settings_.is_protected(table->name()))}};
}

Json DynamoDb::get_item(const Json& call) const {
    const auto table = table_of(call);
    Placeholders placeholders(call, "");
    const auto projection = parse_projection(call, placeholders);
    placeholders.refuse_unused();
    const auto item = table->get(key_of_call(call, *table));
    if (!item) return Json::object();
    return {{"Item", to_json(project(*item, projection))}};
}

Json DynamoDb::put_item(const Json& call) {
    const auto table = table_of(call);
    const ReturnValues wanted = parse_return_values(call, {"NONE", "ALL_OLD"});
    Placeholders placeholders(call, ": ConditionExpression is null");
    const Guard guard(call, placeholders);
    placeholders.refuse_unused();
    Item item = parse_item(required(call, "Item"));
    Json answer;
    table->change(table->key_of(item), [&](const std::optional<Item>& before) {
        guard.check(before);
        answer = returned(wanted, before, item, {});
        return item;
    });
    return answer;
}

Json DynamoDb::update_item(const Json& call) {
    const auto table = table_of(call);
    const ReturnValues wanted =
        parse_return_values(call, {"NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"});
    Placeholders placeholders(call, ": UpdateExpression and ConditionExpression are null");
    std::optional<Update> update;
    if (const Json* text = member(call, "UpdateExpression")) {
        update.emplace(text_of_field(*text, "UpdateExpression"), placeholders);
    }
    const Guard guard(call, placeholders);
    placeholders.refuse_unused();
    const auto touched = update ? update->touched() : std::set<std::string>{};
    for (const std::string& attribute : touched) {
        if (!table->is_key(attribute)) continue;
        throw validation("One or more parameter values were invalid: Cannot update attribute " +
                         attribute + ". This attribute is part of the key");
    }
    const Item key = key_of_call(call, *table);
    Json answer;
    table->change(key, [&](const std::optional<Item>& before) {
        guard.check(before);
        const Item start = before.value_or(key);
        Item after = update ? update->apply(start) : start;
        answer = returned(wanted, before, after, touched);
        return after;
    });
    return answer;
}

Json DynamoDb::delete_item(const Json& call) {
    const auto table = table_of(call);
    const ReturnValues wanted = parse_return_values(call, {"NONE", "ALL_OLD"});
    Placeholders placeholders(call, ": ConditionExpression is null");
    const Guard guard(call, placeholders);
    placeholders.refuse_unused();
    Json answer;
    table->change(key_of_call(call, *table), [&](const std::optional<Item>& before) {
        guard.check(before);
        answer = returned(wanted, before, {}, {});
        return std::nullopt;
    });
    return answer;
}

/// Those that project attributes by name.
void DynamoDb::add_indexes(const Json& call) {
    const std::string table = call.at("TableName");
    for (const Json& given : call.value("GlobalSecondaryIndexes", Json::array())) {
        Json of_index = call;
        of_index["KeySchema"] = given.at("KeySchema");
        bool found = false;
        Index index{key_attribute(of_index, "HASH", found),
                    {key_attribute(call, "HASH", found).name}};
        index.projected.insert(index.partition.name);
        for (const Json& name : given.at("Projection").at("NonKeyAttributes")) {
            index.projected.insert(name.get<std::string>());
        }
        indexes_.emplace(std::pair(table, given.at("IndexName").get<std::string>()),
                         std::move(index));
    }
}

const DynamoDb::Index* DynamoDb::index_of(const Json& call, const Table& table) const {
    if (!call.contains("IndexName")) return nullptr;
    const std::string name = call.at("IndexName");
    const std::scoped_lock lock(mutex_);
    const auto found = indexes_.find({table.name(), name});
    if (found == indexes_.end()) {
        throw validation("The table does not have the specified index: " + name);
    }
    if (call.value("ConsistentRead", false)) {
        throw validation("Consistent reads are not supported on global secondary indexes");
    }
    return &found->second;
}

Json DynamoDb::query(const Json& call) const {
    const auto table = table_of(call);
    Placeholders placeholders(call, "");
    const Condition condition(
        text_of_field(required(call, "KeyConditionExpression"), "KeyConditionExpression"),
        "KeyConditionExpression", placeholders);
    const auto projection = parse_projection(call, placeholders);
    placeholders.refuse_unused();
    const Index* index = index_of(call, *table);
    const std::string& key = (index == nullptr ? table->partition() : index->partition).name;
    const Attribute* const demanded = condition.demanded(key);
    if (demanded == nullptr) {
        throw validation("Query condition missed key schema element: " + key);
    }
    std::vector<Item> found;
    table->look_through(std::nullopt, [&](const Item& /*key*/, const Item& item) {
        // Of ten thousand items most are in another partition: nothing of these is copied.
        const auto partition = item.find(key);
        if (partition != item.end() && partition->second == *demanded && condition.holds(item)) {
            const Item seen = index == nullptr ? item : project(item, index->projected);
            found.push_back(project(seen, projection));
        }
        return true;
    });
    if (!call.value("ScanIndexForward", true)) std::ranges::reverse(found);
    Json items = Json::array();
    for (const Item& item : found) items.push_back(to_json(item));
    return {{"Items", items}, {"Count", found.size()}, {"ScannedCount", found.size()}};
}

void create_validators(DynamoDb& dynamodb, const std::string& name) {
    static_cast<void>(dynamodb.operate(
        "CreateTable",
        {{"TableName", name},
         {"BillingMode", "PAY_PER_REQUEST"},
         {"AttributeDefinitions",
          Json::array({{{"AttributeName", "id"}, {"AttributeType", "S"}},
                       {{"AttributeName", "shard"}, {"AttributeType", "S"}}})},
         {"KeySchema", Json::array({{{"AttributeName", "id"}, {"KeyType", "HASH"}}})},
         {"GlobalSecondaryIndexes",
          Json::array(
              {{{"IndexName", "active"},
                {"KeySchema", Json::array({{{"AttributeName", "shard"}, {"KeyType", "HASH"}}})},
                {"Projection",
                 {{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", {"tags"}}}}}})}}));
}

void create_watermarks(DynamoDb& dynamodb, const std::string& name) {
    const auto attribute = [](const char* of) {
        return Json{{"AttributeName", of}, {"AttributeType", "S"}};
    };
    const auto part = [](const char* of, const char* type) {
        return Json{{"AttributeName", of}, {"KeyType", type}};
    };
    static_cast<void>(dynamodb.operate(
        "CreateTable",
        {{"TableName", name},
         {"BillingMode", "PAY_PER_REQUEST"},
         {"AttributeDefinitions", Json::array({attribute("pkh"), attribute("scope")})},
         {"KeySchema", Json::array({part("pkh", "HASH"), part("scope", "RANGE")})}}));
}

void protect_watermarks(DynamoDb& dynamodb, const std::string& name) {
    const auto set = [&](const char* operation, Json call) {
        static_cast<void>(dynamodb.operate(operation, call));
    };
    set("UpdateTable", {{"TableName", name}, {"DeletionProtectionEnabled", true}});
    set("UpdateContinuousBackups",
        {{"TableName", name},
         {"PointInTimeRecoverySpecification", {{"PointInTimeRecoveryEnabled", true}}}});
    set("PutResourcePolicy", {{"ResourceArn", std::string(arn_prefix) + name},
                              {"Policy", sound_table_policy("000000000000")}});
}

}  // namespace redoubt::standins
