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

}  // namespace

void ReadyDriver::run(std::span<http::Dialogue* const> dialogues, SteadyTime /*deadline*/) {
    for (http::Dialogue* dialogue : dialogues) {
        while (const auto next = dialogue->next()) {
            dialogue->heard(next->call.url.starts_with("https://kms.") ? kms_ : dynamodb_);
        }
    }
}

Signer::Signer(http::Answer kms, http::Answer dynamodb)
    : store_(cloud_.dynamodb, std::string(table_name)),
      signer_(cloud_.kms, arns()),
      driver_(std::move(kms), std::move(dynamodb)),
      api_(settings(), {store_, signer_, driver_, cloud_.clock}, [](SteadyTime) {}) {
    cloud_.credentials.session_token = Secret(session_token());
}

std::string Signer::answer(const std::string& event) const {
    const Json parsed = parse_json(event).value_or(Json());
    const auto request = lambda::parse_http_event(parsed);
    if (!request) return {};
    tezos::Record record;
    const auto answered = api_.answer(*request, SteadyTime::max(), record);
    return dump(lambda::to_http_answer(parsed, answered.response));
}

}  // namespace redoubt::bench
