// SPDX-License-Identifier: Apache-2.0
#include "environment.hpp"

namespace redoubt::simulation::tezos {
namespace {

// Much earlier and more often than the product does, so that it is the rule in every world.
constexpr aws::HedgingRules eager{.share = 0.5, .samples = 1, .factor = 0.5};

Outcome refusal(const Error& error) {
    return {redoubt::tezos::status_of(error.code), std::string(name(error.code)), {}};
}

Outcome outcome_of(const redoubt::tezos::ApiResponse& answered) {
    if (answered.error) return refusal(*answered.error);
    const auto body = parse_json(answered.response.body);
    const std::string* signature = body ? string_member(*body, "signature") : nullptr;
    return {answered.response.status, {}, signature == nullptr ? std::string() : *signature};
}

}  // namespace

Environment::Environment(const Fixtures& fixtures, Sealing& sealing, Machine& machine,
                         std::uint64_t seed, const std::string& table)
    : machine_(machine),
      corrected_(machine.clock),
      credentials_{"ASIASIMULATED", Secret("secret"), Secret("token")},
      kms_(aws::kms::traits(), {"https://kms.eu-west-1.amazonaws.com"}, "eu-west-1", credentials_,
           corrected_, eager, seed),
      dynamodb_(aws::dynamodb::traits(), {"https://dynamodb.eu-west-1.amazonaws.com"}, "eu-west-1",
                credentials_, corrected_, eager, seed + 1),
      store_(dynamodb_, table),
      table_(table),
      regions_(kms_, "eu-west-1", {}, credentials_, corrected_),
      sealed_keys_(
          {dynamodb_, table_, regions_, sealing.wrapping_keys, machine.runner}, sealing.keys,
          machine.clock,
          [this](const tezos_adapters::Opening& opening) { openings_.push_back(opening); }),
      kms_signer_(kms_, fixtures.arns()),
      bls_signer_(sealed_keys_, machine.clock),
      signer_(bls_signer_, kms_signer_),
      ports_{store_, signer_, machine.runner, machine.clock},
      api_(fixtures.settings(), ports_, [](SteadyTime /*deadline*/) {}),
      context_{"simulated",
               table,
               fixtures.arn_texts(),
               fixtures.settings().consensus_keys,
               fixtures.settings().authorized_keys,
               kms_,
               regions_,
               dynamodb_,
               machine.runner},
      commands_(tezos_operator::commands(context_)) {}

void Environment::begin(const Prepared& prepared, bool over_http, WallTime end) {
    const SteadyTime deadline = deadlines_.answer_by(end, machine_.clock);
    if (over_http || !prepared.authenticated) {
        machine_.start([this, &prepared, deadline] {
            outcome_ = outcome_of(api_.respond(prepared.request, deadline));
        });
        return;
    }
    machine_.start([this, &prepared, deadline] {
        const auto signature = sign(*prepared.authenticated, ports_, deadline).signature;
        outcome_ = signature ? Outcome{200, {}, signature->text()} : refusal(signature.error());
    });
}

void Environment::operate(Json command, WallTime end) {
    const SteadyTime deadline = deadlines_.answer_by(end, machine_.clock);
    machine_.start([this, command = std::move(command), deadline] {
        const auto name = command.at("command").get<std::string>();
        const auto result = commands_.run(name, command, deadline);
        outcome_ = result.error ? refusal(*result.error) : Outcome{200, {}, {}};
    });
}

}  // namespace redoubt::simulation::tezos
