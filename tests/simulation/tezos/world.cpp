// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <array>
#include <utility>

#include <simulation/engine/engine.hpp>
#include <simulation/engine/violation.hpp>

namespace redoubt::simulation::tezos {
namespace {

constexpr std::uint32_t first_level = 1'000;
/// As Lambda has it: the function's timeout.
constexpr Milliseconds time_of_a_request{3'000};
/// A clock that is ahead by about as much takes time away, if not enough to be seen as wrong.
constexpr Milliseconds least_time{2'500};

Json armed_row(const std::string& scope, std::int64_t now_ms) {
    const std::size_t space = scope.find(' ');
    return {{"pkh", {{"S", scope.substr(0, space)}}},
            {"scope", {{"S", scope.substr(space + 1)}}},
            {"lvl", {{"N", std::to_string(first_level)}}},
            {"rnd", {{"N", "2147483647"}}},
            {"at", {{"N", std::to_string(now_ms)}}},
            {"pace", {{"N", std::to_string(first_level * std::int64_t{1'000} - now_ms)}}}};
}

}  // namespace

World::World(Fixtures& fixtures, Context& context)
    : fixtures_(fixtures),
      context_(context),
      cloud_(fixtures),
      bakers_(context.profile.clients),
      environments_(context.machines.size()) {
    cloud_.wrote = [this](const std::string& scope, const Json& item, bool by_operator) {
        on_write(scope, item, by_operator);
    };
    arm_first_chain();
}

/// One chain is armed from the start; the other only if an operator does so.
void World::arm_first_chain() {
    for (std::size_t key = 0; key < fixtures_.keys(); ++key) {
        for (const Kind kind : {Kind::Block, Kind::Preattestation, Kind::Attestation}) {
            const std::string scope = fixtures_.scope_name(key, 0, kind);
            const Json row = armed_row(scope, context_.now_ms());
            cloud_.put(row);
            on_write(scope, row, true);
        }
    }
}

void World::start_environment(Machine& machine) {
    auto& environment = environments_[machine.number];
    environment.reset();  // before the next one uses its machine
    environment = std::make_unique<Environment>(fixtures_, machine, ++started_);
}

// --- Requests ------------------------------------------------------------------------------------

void World::ask(Machine& machine, std::size_t client) {
    begin(machine, client, bakers_[client].ask(fixtures_, context_.random, head()));
}

void World::begin(Machine& machine, std::size_t client, const Prepared& asked) {
    machine.request = ++requests_;
    machine.client = client;
    context_.count("requests");
    context_.note("asks " + text(asked.question));
    oracle_.asked(machine.request, asked.question, context_.now_ms());
    const Milliseconds believed = time_of_a_request - machine.clock.offset;
    if (believed <= Milliseconds(0)) context_.count("deadlines that had passed");
    if (believed > Milliseconds(0) && believed < least_time) {
        oracle_.met_fault(machine.request, true);
    }
    const bool over_http = context_.random.chance(0.04);
    environments_[machine.number]->begin(asked, over_http, context_.time.wall + time_of_a_request);
}

/// The level that the chain asks for: one a second.
std::uint32_t World::head() const {
    const auto passed = std::chrono::floor<std::chrono::seconds>(context_.time.wall - beginning);
    return first_level + static_cast<std::uint32_t>(passed.count()) + 1;
}

void World::operate(Machine& machine) {
    Random& random = context_.random;
    const bool arms = random.below(2) == 0;
    const std::size_t chain = arms ? random.below(2) : 0;
    const std::uint64_t level = head() + random.below(4) - 2;
    Json command = {{"command", arms ? "arm" : "raise"},
                    {"chain", Fixtures::chain_text(chain)},
                    {"level", level}};
    if (!arms && random.below(2) == 0) command["round"] = random.below(3);
    environments_[machine.number]->operate(std::move(command),
                                           context_.time.wall + time_of_a_request);
}

bool World::on_answer(Machine& machine) {
    context_.tally.counts["answers that settled no race"] +=
        static_cast<std::uint64_t>(std::exchange(machine.runner.losses, 0));
    const Outcome& outcome = environments_[machine.number]->outcome();
    if (machine.request != 0) {
        Baker& baker = bakers_[machine.client];
        context_.note("answers " + std::to_string(outcome.status) + " " + outcome.code);
        if (outcome.status == 200) {
            context_.count("signatures released");
            oracle_.released(machine.request, outcome.signature,
                             fixtures_.verifies(baker.wanted(), outcome.signature));
        } else {
            context_.count("refused: " + outcome.code);
            oracle_.refused(machine.request, outcome.status, outcome.code, context_.now_ms());
        }
        last_status_ = outcome.status;
        baker.answered(outcome.status);
    }
    return outcome.code == "credentials_expired";
}

void World::on_kill(Machine& machine) {
    oracle_.killed(machine.request);
    bakers_[machine.client].answered(502);
}

// --- Calls ---------------------------------------------------------------------------------------

Reply World::update(const Json& body) { return cloud_.update(body, context_.time.wall); }

Reply World::sign(const Json& body) {
    const auto variant = static_cast<unsigned>(context_.random.below(Fixtures::variants));
    return cloud_.sign(body, context_.time.wall, variant);
}

void World::on_call(const Machine& machine) {
    if (machine.request != 0) oracle_.called(machine.request);
}

void World::on_fault(const Machine& machine, bool is_lasting) {
    oracle_.met_fault(machine.request, is_lasting);
}

void World::on_row(const Machine& machine, const Json& item) {
    const auto row = row_of(item);
    if (row && machine.request != 0) oracle_.read_row(machine.request, *row);
}

void World::on_write(const std::string& scope, const Json& item, bool by_operator) {
    if (context_.is_traced) context_.note("writes " + dump(item));
    if (by_operator && damaged_.erase(scope) > 0) oracle_.damaged(scope, false);
    const auto row = row_of(item);
    if (!row) throw Violation("no write leaves a damaged row: " + scope);
    oracle_.wrote(scope, *row, by_operator ? Writer::Operator : Writer::Function,
                  context_.now_ms());
}

// --- Damage --------------------------------------------------------------------------------------

void World::damage_or_repair() {
    Random& random = context_.random;
    const Kind kind = kinds.at(random.below(kinds.size()));
    const std::string scope = fixtures_.scope_name(random.below(fixtures_.keys()), 0, kind);
    return damaged_.contains(scope) ? repair(scope) : damage(scope);
}

void World::damage(const std::string& scope) {
    constexpr std::array attributes = {"lvl", "rnd", "at", "pace", "digest", "sig"};
    const Json row = cloud_.item(scope).value();
    const std::string attribute = attributes.at(context_.random.below(attributes.size()));
    Json damaged = row;
    if (context_.random.below(2) == 0 && attribute != "digest" && attribute != "sig") {
        damaged.erase(attribute);
    } else {
        damaged[attribute] = {{"BOOL", true}};
    }
    context_.note("damage to " + attribute + " of " + scope);
    context_.count("rows damaged");
    cloud_.put(damaged);
    damaged_[scope] = row;
    oracle_.damaged(scope, true);
}

void World::repair(std::string scope) {
    context_.note("repair of " + scope);
    cloud_.put(damaged_.at(scope));
    damaged_.erase(scope);
    oracle_.damaged(scope, false);
}

// --- The end -------------------------------------------------------------------------------------

/// What was asked is answered, and the next level is signed.
void World::settle(Engine& engine) {
    while (!damaged_.empty()) repair(damaged_.begin()->first);
    engine.calm();
    repeat_questions(engine);
    // Whatever was ahead of time is so no more. (Wall clocks follow with the next step of time.)
    context_.time.steady += std::chrono::minutes(20);
    ask_next_levels(engine);
}

void World::repeat_questions(Engine& engine) {
    std::vector<Choice> asked;
    for (const Baker& baker : bakers_) {
        asked.insert(asked.end(), baker.history().begin(), baker.history().end());
    }
    for (const Choice& choice : asked) static_cast<void>(ask_calmly(engine, choice));
}

void World::ask_next_levels(Engine& engine) {
    for (std::size_t key = 0; key < fixtures_.keys(); ++key) {
        for (const Kind kind : kinds) {
            const std::string scope = fixtures_.scope_name(key, 0, kind);
            const auto row = row_of(*cloud_.item(scope)).value();
            const auto next = static_cast<std::uint32_t>(row.at.level + 1);
            if (ask_calmly(engine, {.key = key, .kind = kind, .level = next}) != 200) {
                throw Violation("the next level is signed: " + scope);
            }
        }
    }
}

/// The first baker asks the first environment, undisturbed. The status.
int World::ask_calmly(Engine& engine, const Choice& choice) {
    Machine& machine = context_.machines.front();
    begin(machine, 0, bakers_.front().ask(fixtures_, choice));
    engine.finish(machine);
    return last_status_;
}

}  // namespace redoubt::simulation::tezos
