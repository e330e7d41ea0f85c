// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/tezos/recovery.hpp>

namespace redoubt::tezos_operator {

std::vector<operators::Command> recovery_commands(const Context& context) {
    return {import_key(context), test_backup(context), rewrap(context), reseal(context)};
}

}  // namespace redoubt::tezos_operator
