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

    /// Whether it answers calls of that operation.
    [[nodiscard]] static bool is_about_items(std::string_view operation);
    [[nodiscard]] http::ResponseOrError answer(const http::ClientRequest& call);

    /// By address and scope.
    std::map<std::pair<std::string, std::string>, Json> items;
    /// Items in one answer to a Query or Scan.
    std::size_t page = 2;

private:
    [[nodiscard]] http::Response write(const std::string& operation, const Json& body,
                                       const std::pair<std::string, std::string>& key);
    /// Page by page, of that address or of all.
    [[nodiscard]] http::Response read(const Json& body, const std::string& address) const;
    [[nodiscard]] http::Response batch_get(const Json& body) const;

    const Clock& clock_;
};

}  // namespace redoubt::test
