// SPDX-License-Identifier: Apache-2.0
#include "opened_keys.hpp"

namespace redoubt::tezos_operator {

OpenedKeys::OpenedKeys(const Context& context, tezos::Keys keys, SteadyTime deadline)
    : keys_(std::move(keys)),
      time_(context.dynamodb.clock()),
      sealed_(sources_of(context), keys_, time_, [this](const tezos_adapters::Opening& opening) {
          wrong_shares_ = opening.wrong_shares;
      }) {
    sealed_.open(deadline);
}

tezos_adapters::SealedSources sources_of(const Context& context) {
    return {context.dynamodb, context.table, context.wrapping_kms, context.sealing.wrapping_keys,
            context.runner};
}

}  // namespace redoubt::tezos_operator
