// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/tezos/commands.hpp>

namespace redoubt::tezos_operator {

std::vector<operators::Command> commands(const Context& context) {
    return {status(context),     arm(context),          raise(context),
            handover(context),   import_marks(context), export_rows(context),
            create_key(context), list_keys(context),    examine(context)};
}

}  // namespace redoubt::tezos_operator
