// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "cloud.hpp"

namespace redoubt::simulation::tezos {

/// A table of watermarks that acts on calls at once.
class Table {
public:
    Table() = default;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
    virtual ~Table() = default;

    /// An UpdateItem.
    [[nodiscard]] virtual http::ResponseOrError update(const http::ClientRequest& call,
                                                       WallTime now) = 0;
    /// Throws if it cannot be done.
    virtual void put(const Json& item) = 0;
};

/// In memory.
[[nodiscard]] std::unique_ptr<Table> memory_table(Fixtures& fixtures);

/// A new one behind DynamoDB's API, e.g. Amazon's DynamoDB Local at `http://127.0.0.1:8000`. Throws
/// if it cannot be created.
[[nodiscard]] std::unique_ptr<Table> remote_table(const std::string& url);

}  // namespace redoubt::simulation::tezos
