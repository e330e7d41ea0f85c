// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

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

/// Few, since arithmetic takes long: in one world of four many, so that they meet.
double sealed_share(Random& random) { return random.below(4) == 0 ? 0.2 : 0.0; }

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
      vault_(fixtures, cloud_, context.random.below(3) == 0),
      tables_(1 + context.random.below(2)),
      handovers_(fixtures, cloud_),
      bakers_(context.profile.clients, Baker(sealed_share(context.random))),
      environments_(context.machines.size()),
      table_of_(context.machines.size()) {
    cloud_.wrote = [this](const RowName& name, const Json& item, bool by_operator) {
        on_write(name, item, by_operator);
    };
    context.count("worlds of " + std::to_string(tables_) + (tables_ == 1 ? " table" : " tables"));
    arm_first_chain();
}

/// In the first table one chain is armed from the start; the other only if an operator does so.
void World::arm_first_chain() {
    for (std::size_t key = 0; key < fixtures_.keys(); ++key) {
        for (const Kind kind : {Kind::Block, Kind::Preattestation, Kind::Attestation}) {
            const std::string scope = fixtures_.scope_name(key, 0, kind);
            const Json row = armed_row(scope, context_.now_ms());
            cloud_.put(0, row);
            on_write({0, scope}, row, true);
        }
    }
}

void World::start_environment(Machine& machine) {
    start_environment(machine, context_.random.below(tables_));
}

void World::start_environment(Machine& machine, std::size_t table) {
    auto& environment = environments_[machine.number];
    environment.reset();  // before the next one uses its machine
    environment = std::make_unique<Environment>(fixtures_, vault_.sealing(), machine, ++started_,
                                                table_names.at(table));
    oracle_.started(machine.number);
    table_of_[machine.number] = table;
}

// --- Requests ------------------------------------------------------------------------------------

void World::ask(Machine& machine, std::size_t client) {
    begin(machine, client, bakers_[client].ask(fixtures_, context_.random, head()));
}

void World::begin(Machine& machine, std::size_t client, const Prepared& asked) {
    machine.request = ++requests_;
    machine.client = client;
    context_.count("requests");
    const std::size_t table = table_of_[machine.number];
    context_.note("asks table " + std::to_string(table) + ": " + text(asked.question));
    oracle_.asked(machine.request, asked.question, {machine.number, table}, context_.now_ms());
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
    // Who arms at random does so where rows are missing in no table but the first.
    Handover asked = tables_ > 1 && context_.random.below(4) > 0
                         ? handovers_.next(context_.random, head())
                         : Handover{0, arm_or_raise()};
    if (context_.random.below(8) == 0) asked.command["dry_run"] = true;
    context_.note("table " + std::to_string(asked.table) + ": " + dump(asked.command));
    start_environment(machine, asked.table);
    environments_[machine.number]->operate(std::move(asked.command),
                                           context_.time.wall + time_of_a_request);
}

Json World::arm_or_raise() {
    Random& random = context_.random;
    const bool arms = random.below(2) == 0;
    const std::size_t chain = arms ? random.below(2) : 0;
    const std::uint64_t level = head() + random.below(4) - 2;
    Json command = {{"command", arms ? "arm" : "raise"},
                    {"chain", Fixtures::chain_text(chain)},
                    {"level", level}};
    if (!arms && random.below(2) == 0) command["round"] = random.below(3);
    return command;
}

bool World::on_answer(Machine& machine) {
    context_.tally.counts["answers that settled no race"] +=
        static_cast<std::uint64_t>(std::exchange(machine.runner.losses, 0));
    const Outcome& outcome = environments_[machine.number]->outcome();
    if (machine.request == 0) context_.note("the command: " + outcome.code);
    if (machine.request != 0) {
        hear_of_keys(machine);
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

Reply World::act(const Flight& flight) {
    const WallTime now = context_.time.wall;
    const std::string operation = operation_of(flight.call);
    if (operation == "UpdateItem") return update(flight.body);
    if (operation == "Decrypt") return vault_.decrypt(flight, now);
    if (operation != "Sign") return cloud_.read(operation, flight.body, now);
    const auto variant = static_cast<unsigned>(context_.random.below(Fixtures::variants));
    return cloud_.sign(flight.body, now, variant);
}

Reply World::update(const Json& body) { return cloud_.update(body, context_.time.wall); }

void World::on_call(const Machine& machine, const Flight& flight) {
    if (machine.request == 0) return;
    hear_of_keys(machine);
    oracle_.called(machine.request);
    if (is_write(flight.call)) oracle_.commits(machine.request);
}

/// What the environment says that it opened, or could not open.
void World::hear_of_keys(const Machine& machine) {
    for (const auto& opening : environments_[machine.number]->take_openings()) {
        for (const std::string& key : opening.opened) {
            context_.note("opens " + key);
            context_.count("sealed keys opened");
            oracle_.opened(machine.number, key);
        }
        for (const auto& [key, error] : opening.closed) {
            context_.note("cannot open " + key + ": " + error.message);
            const std::string code(name(error.code));
            context_.count("sealed keys not opened: " + code);
            oracle_.closed(machine.request, key, code, context_.now_ms());
        }
        if (!opening.wrong_shares.empty()) context_.count("wraps opened despite a wrong share");
    }
}

void World::on_fault(const Machine& machine, bool is_lasting) {
    oracle_.met_fault(machine.request, is_lasting);
}

void World::on_row(const Machine& machine, const Json& item) {
    const auto row = row_of(item);
    if (row && machine.request != 0) oracle_.read_row(machine.request, *row);
}

void World::on_write(const RowName& name, const Json& item, bool by_operator) {
    if (context_.is_traced) context_.note("writes " + dump(item));
    if (by_operator && damaged_.erase(name) > 0) oracle_.damaged(name, false);
    const auto row = row_of(item);
    if (!row) throw Violation("no write leaves a damaged row: " + name.scope);
    if (by_operator && row->until) context_.count("rows handed over");
    oracle_.wrote(name, *row, by_operator ? Writer::Operator : Writer::Function, context_.now_ms());
}

// --- The end -------------------------------------------------------------------------------------

/// What was asked is answered, and the next level is signed.
void World::settle(Engine& engine) {
    while (!damaged_.empty()) repair(damaged_.begin()->first);
    vault_.repair_all();
    tell_of_keys();
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
            // Arithmetic takes long.
            if (key >= fixtures_.sealed_key() && context_.random.below(4) > 0) continue;
            for (std::size_t table = 0; table < tables_; ++table) {
                ask_next_level(engine, table, key, kind);
            }
        }
    }
}

/// By its row; unless it is handed over, which is said.
void World::ask_next_level(Engine& engine, std::size_t table, std::size_t key, Kind kind) {
    const std::string scope = fixtures_.scope_name(key, 0, kind);
    const auto item = cloud_.item({table, scope});
    if (!item) return;
    const Row row = row_of(*item).value();
    const bool is_handed_over = row.until && *row.until <= row.at.level;
    start_environment(context_.machines.front(), table);
    const auto next = static_cast<std::uint32_t>(row.at.level + 1);
    const int status = ask_calmly(engine, {.key = key, .kind = kind, .level = next});
    if (status != (is_handed_over ? 409 : 200)) {
        throw Violation("the next level is signed, unless it was handed over: " + scope);
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
