// SPDX-License-Identifier: Apache-2.0
#include "active_keys.hpp"

#include <memory>

#include <redoubt/aws/dynamodb/write_reply.hpp>

namespace redoubt::ethereum_adapters {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum::KeyTags;

constexpr std::string_view shards = "0123456789abcdef";

/// One shard of the index, page by page.
class ShardQuery {
public:
    ShardQuery(const std::string& table, char shard)
        : query_{.table = table,
                 .condition = "#shard = :shard",
                 .names = ObjectText().add("#shard", "shard"),
                 .values = ObjectText().add(":shard", dynamodb::text(std::string(1, shard))),
                 .start = {},
                 .index = "active"} {}

    [[nodiscard]] bool is_done() const { return is_done_; }

    /// What is to be run.
    [[nodiscard]] io::Exchange* begin(aws::Service& dynamodb) {
        operation_ = std::make_unique<aws::Operation>(dynamodb, "Query",
                                                      [body = to_body(query_)] { return body; });
        return operation_.get();
    }

    /// After it was run: takes a page.
    [[nodiscard]] std::optional<Error> take(std::vector<KeyTags>& keys) {
        const auto& reply = operation_->outcome();
        if (!reply) return reply.error();
        const Json* items = member(reply->body, "Items");
        if (items == nullptr || !items->is_array()) {
            return dynamodb::suspicious("answered a read without a list of items").error();
        }
        for (const Json& item : *items) {
            if (auto key = read_key(item)) keys.push_back(std::move(*key));
        }
        const Json* last = member(reply->body, "LastEvaluatedKey");
        is_done_ = last == nullptr;
        if (last != nullptr) query_.start = *last;
        return std::nullopt;
    }

private:
    /// Of what the index projects. What is no validator's is nobody's to be told of.
    static std::optional<KeyTags> read_key(const Json& item) {
        const std::string* id = dynamodb::read_text(item, "id");
        const auto key = id == nullptr ? std::nullopt : ethereum::PublicKey::parse(*id);
        if (!key || key->text() != *id) return std::nullopt;
        return KeyTags{*key,
                       dynamodb::read_text_set(item, "tags").value_or(std::set<std::string>())};
    }

    dynamodb::Query query_;
    std::unique_ptr<aws::Operation> operation_;
    bool is_done_ = false;
};

}  // namespace

Result<std::vector<KeyTags>> list_active_keys(aws::Service& dynamodb, io::ExchangeRunner& runner,
                                              const std::string& table, SteadyTime deadline) {
    std::vector<ShardQuery> queries;
    for (const char shard : shards) queries.emplace_back(table, shard);
    std::vector<KeyTags> keys;
    for (;;) {
        std::vector<ShardQuery*> asked;
        std::vector<io::Exchange*> exchanges;
        for (ShardQuery& query : queries) {
            if (query.is_done()) continue;
            asked.push_back(&query);
            exchanges.push_back(query.begin(dynamodb));
        }
        if (asked.empty()) return keys;
        runner.run(exchanges, deadline);
        for (ShardQuery* query : asked) {
            if (auto error = query->take(keys)) return std::unexpected(std::move(*error));
        }
    }
}

}  // namespace redoubt::ethereum_adapters
