// SPDX-License-Identifier: Apache-2.0
#include "signer.hpp"

#include <redoubt/lambda/event.hpp>

#include <handlers/tezos_log.hpp>

#include <inputs/inputs.hpp>

namespace redoubt::bench {
namespace {

tezos::ApiSettings settings() {
    tezos::ApiSettings settings;
    for (SignatureScheme scheme : test::schemes)
        settings.consensus_keys.push_back(consensus_key(scheme).named());
    settings.authorized_keys.push_back(authorized_key(SignatureScheme::Secp256k1).named());
    return settings;
}

std::map<tezos::KeyHash, aws::KeyArn> arns() {
    std::map<tezos::KeyHash, aws::KeyArn> arns;
    for (SignatureScheme scheme : test::kms_schemes)
        arns.emplace(consensus_key(scheme).named().hash, key_arn(scheme));
    return arns;
}

/// By another runner than what is measured: the signer starts with its key open.
tezos_adapters::SealedKeys opened(test::SealedWorld& world) {
    world.add_key(bls_seed);
    auto keys = world.sealed_keys();
    keys.open(SteadyTime::max());
    return keys;
}

/// With identifiers as long as Lambda's.
const lambda::Invocation& invocation() {
    static const lambda::Invocation invocation{
        .request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        .invocation_id = {},
        .trace_id = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        .deadline = {},
        .event = {}};
    return invocation;
}

}  // namespace

void ReadyRunner::run(std::span<io::Exchange* const> exchanges, SteadyTime /*deadline*/) {
    const auto [remote, local] = http::sort_exchanges(exchanges);
    for (io::LocalExchange* exchange : local) exchange->compute();
    for (http::Exchange* exchange : remote) {
        while (const auto next = exchange->next()) {
            exchange->on_send();
            exchange->on_response(next->request.origin.starts_with("https://kms.") ? kms_
                                                                                   : dynamodb_);
        }
    }
}

Signer::Signer(http::ResponseOrError kms, http::ResponseOrError dynamodb)
    : keys_(opened(sealed_)),
      store_(cloud_.dynamodb, std::string(table_name)),
      bls_signer_(keys_, cloud_.clock),
      kms_signer_(cloud_.kms, arns()),
      signer_(bls_signer_, kms_signer_),
      runner_(std::move(kms), std::move(dynamodb)),
      api_(settings(), {store_, signer_, runner_, cloud_.clock}, [](SteadyTime) {}),
      log_(cloud_.clock, "redoubt-signer", bootstrap::signer_metrics()) {
    cloud_.credentials.session_token = Secret(session_token());
}

Signer::Answered Signer::answer(const std::string& text) const {
    const auto event = lambda::parse_event(text);
    const auto& http = std::get<lambda::HttpEvent>(event);
    if (!http.request) return {};
    auto [response, error, trace] = api_.respond(*http.request, SteadyTime::max());
    const int status = response.status;
    const Json answer = lambda::to_answer(std::move(response), http.header_form);
    return {dump(answer), log_.line(invocation(), bootstrap::log_fields(trace, status, error),
                                    error, SteadyTime::duration(), false)};
}

}  // namespace redoubt::bench
