// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace redoubt::test {

/// What the rows of one section look like.
struct Shape {
    std::set<std::string> required;
    std::set<std::string> optional;
    /// For fields that decide what a test expects: the values it knows.
    std::map<std::string, std::set<std::string>> values;
};

/// All sections of tests/vectors/tezos.json that have rows.
[[nodiscard]] const std::map<std::string, Shape>& shapes();

}  // namespace redoubt::test
