// SPDX-License-Identifier: Apache-2.0
#include "signer.hpp"

#include <array>

#include <redoubt/lambda/event.hpp>

#include <inputs/inputs.hpp>

namespace redoubt::bench {
namespace {

constexpr std::array curves = {Curve::Ed25519, Curve::Secp256k1, Curve::P256};

tezos::ApiSettings settings() {
    tezos::ApiSettings settings;
    for (Curve curve : curves) settings.consensus_keys.push_back(consensus_key(curve).named());
    settings.authorized_keys.push_back(authorized_key(Curve::Secp256k1).named());
    return settings;
}

std::map<tezos::KeyHash, aws::KeyArn> arns() {
    std::map<tezos::KeyHash, aws::KeyArn> arns;
    for (Curve curve : curves) arns.emplace(consensus_key(curve).named().hash, key_arn(curve));
    return arns;
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

void ReadyDriver::run(std::span<http::Dialogue* const> dialogues, SteadyTime /*deadline*/) {
    for (http::Dialogue* dialogue : dialogues) {
        while (const auto next = dialogue->next()) {
            dialogue->sent();
            dialogue->heard(next->call.origin.starts_with("https://kms.") ? kms_ : dynamodb_);
        }
    }
}

Signer::Signer(http::Answer kms, http::Answer dynamodb)
    : store_(cloud_.dynamodb, std::string(table_name)),
      signer_(cloud_.kms, arns()),
      driver_(std::move(kms), std::move(dynamodb)),
      api_(settings(), {store_, signer_, driver_, cloud_.clock}, [](SteadyTime) {}),
      log_(cloud_.clock, "redoubt-signer") {
    cloud_.credentials.session_token = Secret(session_token());
}

Signer::Answered Signer::answer(const std::string& event) const {
    const Json parsed = parse_json(event).value_or(Json());
    const auto request = lambda::parse_http_event(parsed);
    if (!request) return {};
    tezos::Record record;
    const auto answered = api_.answer(*request, SteadyTime::max(), record);
    const bootstrap::Outcome outcome{
        lambda::to_http_answer(parsed, answered.response),
        [&] { return bootstrap::members_of(record, answered.response.status, answered.error); },
        answered.error};
    std::string text = dump(outcome.answer);
    return {std::move(text), log_.line(invocation(), outcome, SteadyTime::duration(), false)};
}

}  // namespace redoubt::bench
