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
    std::map<Item, std::optional<Item>, InKeyOrder> changed;
    const auto now = [&](const Item& key) {
        if (const auto found = changed.find(key); found != changed.end()) return found->second;
        const auto found = items_.find(key);
        return found == items_.end() ? std::nullopt : std::optional(found->second);
    };
    bool is_refused = false;
    for (const Change& change : changes) {
        try {
            changed.insert_or_assign(change.key, change.decide(now(change.key)));
            told(nullptr);
        } catch (const AwsException& refusal) {
            if (refusal.type != "ConditionalCheckFailedException") throw;
            is_refused = true;
            told(&refusal);
        }
    }
    if (is_refused) return;
    for (auto& [key, item] : changed) {
        items_.erase(key);
        if (item) items_.emplace(key, std::move(*item));
    }
}

std::vector<Item> Table::items() const {
    const std::scoped_lock lock(mutex_);
    const auto values = std::views::values(items_);
    return {values.begin(), values.end()};
}

void Table::look_through(const std::optional<Item>& after, const See& see) const {
    const std::scoped_lock lock(mutex_);
    for (auto at = after ? items_.upper_bound(*after) : items_.begin(); at != items_.end(); ++at) {
        if (!see(at->first, at->second)) return;
    }
}

}  // namespace redoubt::standins
