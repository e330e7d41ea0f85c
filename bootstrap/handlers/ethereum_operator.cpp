// SPDX-License-Identifier: Apache-2.0
#include "handlers/ethereum_operator.hpp"

#include <redoubt/operator/ethereum/recovery.hpp>

namespace redoubt::bootstrap {
namespace {

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
                           MakeEthereumCommands make_commands) {
    auto setup = set_up_ethereum(environment, clock);
    if (!setup) return std::unexpected(std::move(setup.error()));
    return std::make_unique<EthereumOperator>(std::move(*setup), make_commands);
}

}  // namespace

EthereumOperator::EthereumOperator(std::unique_ptr<EthereumSetup> setup,
                                   MakeEthereumCommands make_commands)
    : setup_(std::move(setup)),
      context_(context_of(*setup_)),
      answers_(make_commands(context_), refuse) {}

NewHandler make_ethereum_operator(const Environment& environment, const Clock& clock) {
    return make_handler_of(environment, clock, ethereum_operator::commands);
}

NewHandler make_ethereum_recovery(const Environment& environment, const Clock& clock) {
    return make_handler_of(environment, clock, ethereum_operator::recovery_commands);
}

}  // namespace redoubt::bootstrap
