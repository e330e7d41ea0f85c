// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "attribute.hpp"
#include "aws_exception.hpp"

namespace redoubt::standins {

/// The attributes that make up a primary key.
struct KeyAttribute {
    std::string name;
    Type type = Type::S;
};

/// The items of one DynamoDB table. Each operation is atomic, and safe from any thread.
class Table {
public:
    Table(std::string name, KeyAttribute partition, std::optional<KeyAttribute> sort);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const KeyAttribute& partition() const { return partition_; }
    [[nodiscard]] const std::optional<KeyAttribute>& sort() const { return sort_; }
    [[nodiscard]] bool is_key(const std::string& attribute) const;

    /// The key attributes of an item that may hold more. Throws AwsException if they do not fit.
    [[nodiscard]] Item key_of(const Item& item) const;
    /// `key` itself, if it holds exactly the key attributes. Throws AwsException otherwise.
    [[nodiscard]] Item check_key(const Item& key) const;

    [[nodiscard]] std::optional<Item> get(const Item& key) const;
    /// Hands the item (or nothing) to `decide`, which returns what it shall be from now on
    /// (nothing: gone) or throws, which leaves it as it was.
    using Decide = std::function<std::optional<Item>(const std::optional<Item>&)>;
    void change(const Item& key, const Decide& decide);
    /// All of several, or none: none if one throws AwsException. `told` hears of each in turn: its
    /// refusal, or null.
    struct Change {
        Item key;
        Decide decide;
    };
    void change_all(const std::vector<Change>& changes,
                    const std::function<void(const AwsException*)>& told);
    /// All items, ordered by sort key within a partition.
    [[nodiscard]] std::vector<Item> items() const;
    /// Each one after that key, or all, in the same order, until `see` says that it is enough. It
    /// must not ask the table meanwhile.
    using See = std::function<bool(const Item& key, const Item& item)>;
    void look_through(const std::optional<Item>& after, const See& see) const;

private:
    struct InKeyOrder {
        bool operator()(const Item& a, const Item& b) const;
    };

    std::string name_;
    KeyAttribute partition_;
    std::optional<KeyAttribute> sort_;
    mutable std::mutex mutex_;
    std::map<Item, Item, InKeyOrder> items_;
};

}  // namespace redoubt::standins
