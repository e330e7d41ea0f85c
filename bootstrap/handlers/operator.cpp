// SPDX-License-Identifier: Apache-2.0
#include "handlers/operator.hpp"

#include <redoubt/operator/tezos/recovery.hpp>
#include <redoubt/tezos/remote_signer_api.hpp>

#include "handlers/command_handler.hpp"
#include "handlers/tezos_setup.hpp"

namespace redoubt::bootstrap {
namespace {

using TezosHandler = CommandHandler<TezosSetup, tezos_operator::Context>;

std::vector<std::string> texts(const std::vector<aws::KeyArn>& arns) {
    std::vector<std::string> out;
    for (const aws::KeyArn& arn : arns) out.push_back(arn.text);
    return out;
}

std::map<std::string, std::string, std::less<>> variables_of(const Environment& environment) {
    std::map<std::string, std::string, std::less<>> found;
    for (const std::string_view name : tezos_operator::variables_looked_at()) {
        const std::string& value = environment.get(name);
        if (!value.empty()) found.emplace(name, value);
    }
    // Its value may hold a password.
    for (const std::string& name : environment.proxies()) found.emplace(name, "set");
    return found;
}

tezos_operator::Context context_of(TezosSetup& setup, const Environment& environment) {
    return {.version = REDOUBT_VERSION,
            .table = setup.config.table,
            .key_arns = texts(setup.config.key_arns),
            .consensus_keys = setup.keys,
            .authorized_keys = setup.config.authorized_keys,
            .kms = setup.cloud.kms(),
            .wrapping_kms = setup.cloud.kms_regions(),
            .dynamodb = setup.cloud.dynamodb(),
            .runner = setup.cloud.client(),
            .variables = variables_of(environment),
            .sealing = {setup.config.wrapping_keys, setup.config.backup_recipients}};
}

/// With the public keys of all that it serves.
NewHandler make_handler_of(const Environment& environment, const Clock& clock,
                           TezosHandler::MakeCommands make_commands) {
    auto setup = set_up_tezos(environment, clock, TezosRole::KeyHandler);
    if (!setup) return std::unexpected(std::move(setup.error()));
    http::Client& client = (*setup)->cloud.client();
    const auto run = [&client](auto exchanges, SteadyTime deadline) {
        client.run(exchanges, deadline);
    };
    if (auto found = find_keys(**setup, clock, run); !found) {
        return std::unexpected(std::move(found.error()));
    }
    const auto make_context = [&](TezosSetup& made) { return context_of(made, environment); };
    return std::make_unique<TezosHandler>(std::move(*setup), make_context, make_commands,
                                          tezos::error_response);
}

}  // namespace

NewHandler make_operator(const Environment& environment, const Clock& clock) {
    return make_handler_of(environment, clock, tezos_operator::commands);
}

NewHandler make_tezos_recovery(const Environment& environment, const Clock& clock) {
    return make_handler_of(environment, clock, tezos_operator::recovery_commands);
}

}  // namespace redoubt::bootstrap
