// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <redoubt/aws/operation.hpp>
#include <redoubt/io/exchange.hpp>

#include "report.hpp"

namespace redoubt::tezos_operator::doctor {

/// Reads, asked of AWS side by side.
class Questions {
public:
    /// Its number. `no_such_thing`: the error code that says that there is nothing to describe.
    std::size_t add(aws::Service& service, std::string operation, std::string body,
                    std::string no_such_thing);
    /// Those that were not asked yet, some at a time: each has a connection of its own.
    void ask(io::ExchangeRunner& runner, SteadyTime deadline);

    /// The answer, its `error` being empty or `no_such_thing`. Null, and in the report, if there is
    /// none: the function is not allowed to ask, or AWS did not answer.
    [[nodiscard]] const aws::Reply* answer(std::size_t number, std::string_view of,
                                           Report& report) const;

private:
    std::vector<std::unique_ptr<aws::Operation>> operations_;
    std::size_t asked_ = 0;
};

/// A member that is a string; empty if there is none.
[[nodiscard]] std::string text_in(const Json& value, std::string_view name);
/// The object of that name; null if there is none.
[[nodiscard]] const Json& object_in(const Json& value, std::string_view name);

}  // namespace redoubt::tezos_operator::doctor
