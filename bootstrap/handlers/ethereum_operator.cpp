// SPDX-License-Identifier: Apache-2.0
#include "handlers/ethereum_operator.hpp"

#include <redoubt/operator/ethereum/recovery.hpp>

#include "handlers/command_handler.hpp"
#include "handlers/ethereum_setup.hpp"

namespace redoubt::bootstrap {
namespace {

using EthereumHandler = CommandHandler<EthereumSetup, ethereum_operator::Context>;

ethereum_operator::Context context_of(EthereumSetup& setup) {
    return {.version = REDOUBT_VERSION,
            .table = setup.config.table,
            .network = setup.config.network,
            .kms = setup.cloud.kms(),
            .wrapping_kms = setup.cloud.kms_regions(),
            .dynamodb = setup.cloud.dynamodb(),
            .runner = setup.cloud.client(),
            .sealing = {setup.config.wrapping_keys, setup.config.backup_recipients},
            .threshold = setup.config.threshold};
}

http::Response refuse(const Error& error) {
    Json body;
    body["error"] = operators::to_answer(operators::failed(error)).at("redoubt").at("error");
    return {
        404,
        {{"Content-Type", "application/json"}, {"X-Redoubt-Error", std::string(name(error.code))}},
        dump(body)};
}

NewHandler make_handler_of(const Environment& environment, const Clock& clock,
                           EthereumHandler::MakeCommands make_commands) {
    auto setup = set_up_ethereum(environment, clock);
    if (!setup) return std::unexpected(std::move(setup.error()));
    const auto make_context = [](EthereumSetup& made) { return context_of(made); };
    return std::make_unique<EthereumHandler>(std::move(*setup), make_context, make_commands,
                                             refuse);
}

}  // namespace

NewHandler make_ethereum_operator(const Environment& environment, const Clock& clock) {
    return make_handler_of(environment, clock, ethereum_operator::commands);
}

NewHandler make_ethereum_recovery(const Environment& environment, const Clock& clock) {
    return make_handler_of(environment, clock, ethereum_operator::recovery_commands);
}

}  // namespace redoubt::bootstrap
