// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/ethereum/recovery.hpp>

namespace redoubt::ethereum_operator {

std::vector<operators::Command> recovery_commands(const Context& context) {
    return {import_key(context), test_backup(context), export_keystore(context),
            rewrap(context),     reseal(context),      sign_exits(context)};
}

}  // namespace redoubt::ethereum_operator
