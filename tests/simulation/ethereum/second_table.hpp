// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include <simulation/engine/remote_table.hpp>

namespace redoubt::simulation::ethereum {

/// A write to a table of validators: what was there, and what came of it.
struct Write {
    Json before;  // an item
    Json call;    // of UpdateItem
    int status = 0;
    Json answer;
    Json after;  // the item
};

/// A new table behind DynamoDB's API, in which each write has to come to the same. Those that are
/// equal are tried once.
class SecondTable {
public:
    /// Throws std::runtime_error if it cannot be created.
    SecondTable(const std::string& url, const std::string& name);

    /// Throws Broken if this table decides, answers or becomes otherwise.
    void compare(const Write& write);

    [[nodiscard]] std::uint64_t compared() const { return seen_.size(); }

private:
    /// Puts an item there, or takes it away by null; and what is there.
    void set(const Json& key, const Json& item);
    [[nodiscard]] Json item(const Json& key);
    void expect(const Write& write);

    RemoteTable remote_;
    std::string name_;
    std::set<std::string> seen_;
};

}  // namespace redoubt::simulation::ethereum
