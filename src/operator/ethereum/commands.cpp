// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/ethereum/commands.hpp>

namespace redoubt::ethereum_operator {

std::vector<operators::Command> commands(const Context& context) {
    return {status(context),
            create_keys(context),
            list_keys(context),
            set_keys(context),
            set_until(context),
            tag_keys(context),
            set_fee(context),
            delete_keys(context),
            import_interchange(context),
            export_interchange(context),
            create_token(context),
            revoke_token(context),
            list_tokens(context)};
}

}  // namespace redoubt::ethereum_operator
