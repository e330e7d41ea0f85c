// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/dynamodb/batch_get.hpp>

#include <algorithm>
#include <cmath>

#include <redoubt/aws/dynamodb/write_reply.hpp>

namespace redoubt::aws::dynamodb {
namespace {

constexpr std::size_t most_keys = 100;  // in one call
constexpr int most_in_vain = 6;
constexpr Milliseconds first_pause{50};

Json to_json(const ItemKey& key) {
    Json out = Json::object();
    for (const auto& [name, value] : key) out[name]["S"] = value;
    return out;
}

/// The members of `key` in `holder`, an item or a key.
bool has_key(const Json& holder, const Json& key) {
    return std::ranges::all_of(key.items(), [&holder](const auto& part) {
        const Json* attribute = member(holder, part.key());
        return attribute != nullptr && *attribute == part.value();
    });
}

/// Of an object by tables: the one table's part. Null without one, nothing for anything else.
std::optional<Json> part_of(const Json* by_table, const std::string& table) {
    if (by_table == nullptr || !by_table->is_object() || by_table->size() > 1) return std::nullopt;
    const Json* part = member(*by_table, table);
    if (part == nullptr && !by_table->empty()) return std::nullopt;
    return part == nullptr ? Json() : *part;
}

bool holds(const std::vector<std::size_t>& indices, std::size_t index) {
    return std::ranges::find(indices, index) != indices.end();
}

std::unexpected<Error> unasked() {
    return suspicious("answered items that were not asked for, or one twice");
}

}  // namespace

BatchGet::BatchGet(Service& dynamodb, std::string table, const std::vector<ItemKey>& keys)
    : service_(dynamodb), table_(std::move(table)) {
    for (const ItemKey& key : keys) {
        Json wanted = to_json(key);
        const auto found = std::ranges::find(asked_, wanted, &Asked::key);
        order_.push_back(static_cast<std::size_t>(found - asked_.begin()));
        if (found != asked_.end()) continue;
        pending_.push_back(asked_.size());
        asked_.push_back({std::move(wanted), {}});
    }
}

std::optional<http::Exchange::Next> BatchGet::next() {
    while (!error_ && !pending_.empty()) {
        if (!operation_) begin();
        if (auto next = operation_->next()) {
            next->not_before = std::max(next->not_before, not_before_);
            return next;
        }
        judge();
    }
    return std::nullopt;
}

void BatchGet::on_response(const http::ResponseOrError& response) {
    operation_->on_response(response);
    // Nothing more is asked of whoever ran out of time.
    if (!response && response.error().failure == http::TransportFailure::Deadline) judge();
}

void BatchGet::begin() {
    asking_.assign(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(
                                                            std::min(pending_.size(), most_keys)));
    Json keys = Json::array();
    for (const std::size_t index : asking_) keys.push_back(asked_[index].key);
    Json tables;
    tables[table_] = {{"Keys", std::move(keys)}, {"ConsistentRead", true}};
    std::string body = ObjectText().add_json("RequestItems", tables).text();
    operation_ = std::make_unique<Operation>(service_, "BatchGetItem",
                                             [body = std::move(body)] { return body; });
}

void BatchGet::judge() {
    const std::unique_ptr<Operation> done = std::move(operation_);
    earlier_ += done->stats();
    const auto& reply = done->outcome();
    auto left = reply ? take(reply->body) : std::unexpected(reply.error());
    if (!left) {
        error_ = std::move(left.error());
        return;
    }
    in_vain_ = left->size() == asking_.size() ? in_vain_ + 1 : 0;
    if (in_vain_ == most_in_vain) {
        error_ = Error{Code::TableUnavailable, "DynamoDB left all of BatchGetItem unprocessed " +
                                                   std::to_string(most_in_vain) +
                                                   " times; repeating the same request is safe"};
    }
    std::erase_if(pending_,
                  [&](std::size_t index) { return holds(asking_, index) && !holds(*left, index); });
    if (left->empty()) return;
    const double pause = static_cast<double>(first_pause.count()) * std::exp2(in_vain_) *
                         (1.0 - service_.jitter() / 2.0);
    not_before_ = service_.clock().steady() + std::chrono::duration_cast<SteadyTime::duration>(
                                                  std::chrono::duration<double, std::milli>(pause));
}

/// What is left unprocessed. The rest of what was asked is answered, or is not there.
Result<BatchGet::Indices> BatchGet::take(const Json& body) {
    const auto items = part_of(member(body, "Responses"), table_);
    if (!items || !(items->is_array() || items->is_null())) return unasked();
    for (const Json& item : *items) {
        if (!take_item(item)) return unasked();
    }
    const Json* map = member(body, "UnprocessedKeys");
    const auto rest = map == nullptr ? Json() : part_of(map, table_);
    if (!rest) return unasked();
    Indices left;
    const Json* keys = member(*rest, "Keys");
    if (keys == nullptr) return rest->is_null() ? Result<Indices>(left) : unasked();
    for (const Json& key : *keys) {
        const auto index = find_asking(key);
        if (!index || key != asked_[*index].key || holds(left, *index)) {
            return unasked();
        }
        left.push_back(*index);
    }
    return left;
}

bool BatchGet::take_item(const Json& item) {
    const auto index = find_asking(item);
    if (!index) return false;
    asked_[*index].item = item;
    asked_[*index].is_answered = true;
    return true;
}

/// That the operation asks for, with no answer so far.
std::optional<std::size_t> BatchGet::find_asking(const Json& holder) const {
    const auto found = std::ranges::find_if(asking_, [&](std::size_t index) {
        return !asked_[index].is_answered && has_key(holder, asked_[index].key);
    });
    return found == asking_.end() ? std::nullopt : std::optional(*found);
}

io::CallStats BatchGet::stats() const {
    io::CallStats all = earlier_;
    if (operation_) all += operation_->stats();
    return all;
}

Result<std::vector<Json>> BatchGet::outcome() const {
    if (error_) return std::unexpected(*error_);
    if (!pending_.empty()) {
        return fail(Code::Deadline,
                    "there was no time left to ask " + service_.traits().display_name);
    }
    std::vector<Json> items;
    for (const std::size_t index : order_) items.push_back(asked_[index].item);
    return items;
}

Result<std::vector<Json>> batch_get(Service& dynamodb, io::ExchangeRunner& runner,
                                    std::string table, const std::vector<ItemKey>& keys,
                                    SteadyTime deadline) {
    BatchGet reading(dynamodb, std::move(table), keys);
    io::Exchange* const exchange = &reading;
    runner.run({&exchange, 1}, deadline);
    return reading.outcome();
}

}  // namespace redoubt::aws::dynamodb
