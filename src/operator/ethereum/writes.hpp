// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/aws/dynamodb/transaction.hpp>
#include <redoubt/operator/ethereum/commands.hpp>

/// Writes that several commands make.
namespace redoubt::ethereum_operator {

/// A name for one attempt.
[[nodiscard]] std::string make_token();

/// Adds the wrap to those in use, if the table is of this network and not a copy.
[[nodiscard]] aws::dynamodb::Update network_update(const Context& context,
                                                   const sealed::WrapId& wrap);

/// A new wrap and its mention in `network`, two actions that come first: the wrap has to be there
/// before the keys that use it, or with them.
void add_new_wrap(const Context& context, const sealed::Wrap& wrap,
                  aws::dynamodb::Transaction& transaction);

/// Why `network_update`, the action of that number, was refused; nothing if it was not. Error:
/// wrong_network.
[[nodiscard]] std::optional<Error> judge_network_update(const Context& context,
                                                        const aws::dynamodb::Cancellation& refused,
                                                        std::size_t action);

}  // namespace redoubt::ethereum_operator
