// SPDX-License-Identifier: Apache-2.0
#include "environment.hpp"

#include <algorithm>

namespace redoubt::simulation::ethereum {
namespace {

// Much earlier and more often than the product does, so that it is the rule in every world.
constexpr aws::HedgingRules eager{.share = 0.5, .samples = 1, .factor = 0.5};

// As the handler has them.
constexpr Milliseconds preparing_time{1'000};
constexpr Milliseconds opening_time{500};
constexpr Milliseconds answering_time{2'000};
constexpr Milliseconds tolerated_skew{3'000};
std::vector<Milliseconds> times_of_tries(bool is_operators) {
    if (is_operators) return {};
    return {Milliseconds(250), Milliseconds(500), Milliseconds(750)};
}

/// Fewer than there are keys, so that some make room for others.
constexpr std::size_t most_cached = 3;

Outcome outcome_of(const redoubt::ethereum::ApiResponse& answered) {
    const int status = answered.response.status;
    if (answered.error) return {status, std::string(name(answered.error->code)), {}, {}};
    const auto body = parse_json(answered.response.body);
    const std::string* signature = body ? string_member(*body, "signature") : nullptr;
    return {status, {}, signature == nullptr ? std::string() : *signature, body.value_or(Json())};
}

}  // namespace

Environment::Environment(const Fixtures& fixtures, Sealing& sealing, Machine& machine,
                         std::uint64_t seed, bool is_operators)
    : machine_(machine),
      corrected_(machine.clock, tolerated_skew),
      credentials_{"ASIASIMULATED", Secret("secret"), Secret("token")},
      table_(Fixtures::table_name),
      kms_(aws::kms::traits(), {"https://kms.eu-west-1.amazonaws.com"}, "eu-west-1", credentials_,
           corrected_, eager, seed, times_of_tries(is_operators)),
      dynamodb_(aws::dynamodb::traits(), {"https://dynamodb.eu-west-1.amazonaws.com"}, "eu-west-1",
                credentials_, corrected_, eager, seed + 1, times_of_tries(is_operators)),
      regions_(kms_, "eu-west-1", {}, credentials_, corrected_),
      signer_({dynamodb_, regions_, machine.runner, machine.clock, sealing.wrapping_keys, table_,
               fixtures.network()},
              most_cached),
      context_{.version = "simulated",
               .table = table_,
               .network = fixtures.network(),
               .kms = kms_,
               .wrapping_kms = regions_,
               .dynamodb = dynamodb_,
               .runner = machine.runner},
      commands_(ethereum_operator::commands(context_)) {}

SteadyTime Environment::answer_by(Milliseconds time) {
    const WallTime true_wall = machine_.clock.wall() - machine_.clock.offset;
    return deadlines_.answer_by(true_wall + time, machine_.clock);
}

void Environment::begin(const http::Request& request, Milliseconds time) {
    machine_.start([this, request, time] {
        is_preparing_ = true;
        if (!std::exchange(is_prepared_, true)) {
            signer_.store.prepare(machine_.clock.steady() + preparing_time);
        } else {
            // As after the answer before; nobody else uses that time here.
            signer_.store.open_more(machine_.clock.steady() + opening_time);
        }
        is_preparing_ = false;
        const SteadyTime deadline =
            std::min(answer_by(time), machine_.clock.steady() + answering_time);
        outcome_ = outcome_of(signer_.api.respond(request, deadline));
    });
}

void Environment::operate(Json command, Milliseconds time) {
    machine_.start([this, command = std::move(command), deadline = answer_by(time)] {
        const auto name = command.at("command").get<std::string>();
        auto result = commands_.run(name, command, deadline);
        outcome_ = {.status = result.error ? 500 : 200,
                    .code = result.error ? std::string(redoubt::name(result.error->code)) : "",
                    .signature = {},
                    .members = std::move(result.members)};
    });
}

}  // namespace redoubt::simulation::ethereum
