// SPDX-License-Identifier: Apache-2.0
#include "opened_keys.hpp"

#include "new_keys.hpp"

namespace redoubt::tezos_operator {

OpenedKeys::OpenedKeys(const Context& context, tezos::Keys keys, SteadyTime deadline)
    : keys_(std::move(keys)),
      time_(context.dynamodb.clock()),
      sealed_(tools_of(context).sources, keys_, time_,
              [this](const tezos_adapters::Opening& opening) {
                  wrong_shares_ = opening.wrong_shares;
              }) {
    sealed_.open(deadline);
}

}  // namespace redoubt::tezos_operator
