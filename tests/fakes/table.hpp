// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include <redoubt/adapters/tezos/watermark_table.hpp>

#include "aws_world.hpp"
#include "item.hpp"

namespace redoubt::test {

/// A table that answers calls, and does what the words of their expressions say: by the evaluator
/// of the stand-ins, which the contract tests hold to Amazon's own.
class Table {
public:
    explicit Table(const Clock& clock) : clock_(clock) {}

    [[nodiscard]] http::ResponseOrError answer(const http::ClientRequest& call);

    /// By address and scope.
    std::map<std::pair<std::string, std::string>, Json> items;
    /// Rows in one answer to a Query.
    std::size_t page = 2;

private:
    [[nodiscard]] http::Response update(const Json& body);
    [[nodiscard]] http::Response query(const Json& body) const;

    const Clock& clock_;
};

}  // namespace redoubt::test
