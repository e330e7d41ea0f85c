// SPDX-License-Identifier: Apache-2.0
#include "table.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "aws_exception.hpp"

namespace redoubt::standins {

namespace {

void check_key_value(const Attribute& value, const KeyAttribute& wanted) {
    if (value.type != Type::N && value.text.empty()) {
        throw validation(
            "One or more parameter values are not valid. The AttributeValue for a key "
            "attribute cannot contain an empty " +
            std::string(value.type == Type::S ? "string" : "binary") +
            " value. Key: " + wanted.name);
    }
}

}  // namespace

bool Table::InKeyOrder::operator()(const Item& a, const Item& b) const {
    // Both have the same attributes with the same types: they were checked before.
    return std::ranges::lexicographical_compare(a, b, [](const auto& x, const auto& y) {
        return compare(x.second, y.second) == std::strong_ordering::less;
    });
}

Table::Table(std::string name, KeyAttribute partition, std::optional<KeyAttribute> sort)
    : name_(std::move(name)), partition_(std::move(partition)), sort_(std::move(sort)) {}

bool Table::is_key(const std::string& attribute) const {
    return attribute == partition_.name || (sort_ && attribute == sort_->name);
}

Item Table::key_of(const Item& item) const {
    Item key;
    for (const KeyAttribute* wanted : {&partition_, sort_ ? &*sort_ : nullptr}) {
        if (wanted == nullptr) continue;
        const auto found = item.find(wanted->name);
        if (found == item.end()) {
            throw validation("One or more parameter values were invalid: Missing the key " +
                             wanted->name + " in the item");
        }
        if (found->second.type != wanted->type) {
            throw validation("One or more parameter values were invalid: Type mismatch for key " +
                             wanted->name +
                             " expected: " + std::string(standins::name(wanted->type)) +
                             " actual: " + std::string(standins::name(found->second.type)));
        }
        check_key_value(found->second, *wanted);
        key.insert(*found);
    }
    return key;
}

Item Table::check_key(const Item& key) const {
    const std::size_t size = sort_ ? 2 : 1;
    const auto fits = [&key](const KeyAttribute& wanted) {
        const auto found = key.find(wanted.name);
        return found != key.end() && found->second.type == wanted.type;
    };
    if (key.size() != size || !fits(partition_) || (sort_ && !fits(*sort_))) {
        throw validation("The provided key element does not match the schema");
    }
    return key_of(key);
}

std::optional<Item> Table::get(const Item& key) const {
    const std::scoped_lock lock(mutex_);
    const auto found = items_.find(key);
    if (found == items_.end()) return std::nullopt;
    return found->second;
}

void Table::change(const Item& key, const Decide& decide) {
    const std::scoped_lock lock(mutex_);
    const auto found = items_.find(key);
    const auto now = found == items_.end() ? std::nullopt : std::optional(found->second);
    auto after = decide(now);
    if (after) {
        items_.insert_or_assign(key, std::move(*after));
    } else {
        items_.erase(key);
    }
}

void Table::change_all(const std::vector<Change>& changes,
                       const std::function<void(const AwsException*)>& told) {
    const std::scoped_lock lock(mutex_);
    auto items = items_;
    bool is_refused = false;
    for (const Change& change : changes) {
        const auto found = items.find(change.key);
        const auto now = found == items.end() ? std::nullopt : std::optional(found->second);
        try {
            auto after = change.decide(now);
            items.erase(change.key);
            if (after) items.emplace(change.key, std::move(*after));
            told(nullptr);
        } catch (const AwsException& refusal) {
            if (refusal.type != "ConditionalCheckFailedException") throw;
            is_refused = true;
            told(&refusal);
        }
    }
    if (!is_refused) items_ = std::move(items);
}

std::vector<Item> Table::items() const {
    const std::scoped_lock lock(mutex_);
    const auto values = std::views::values(items_);
    return {values.begin(), values.end()};
}

}  // namespace redoubt::standins
