// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <algorithm>
#include <utility>

#include <simulation/engine/demand.hpp>
#include <simulation/engine/engine.hpp>

namespace redoubt::simulation::ethereum {
namespace {

/// As Lambda has it: the function's timeout.
constexpr Milliseconds time_of_a_request{3'000};
/// A clock that is ahead by about as much takes time away, if not enough to be seen as wrong.
constexpr Milliseconds least_time{2'500};
/// A clock that is off by less than three seconds is not corrected; a Date has whole seconds, and
/// is as old as its answer.
constexpr std::int64_t clock_error_ms = 3'000 + 1'000 + 1'000;

}  // namespace

World::World(Fixtures& fixtures, Context& context)
    : fixtures_(fixtures),
      context_(context),
      sealing_(fixtures.sealing(context.random.below(3) == 0)),
      cloud_(fixtures, sealing_),
      vault_(sealing_, cloud_),
      oracle_(context.profile.clocks_are_wrong ? clock_error_ms : 0, Fixtures::slots_per_epoch),
      operators_(fixtures, oracle_),
      environments_(context.machines.size()),
      offsets_(context.machines.size()) {
    for (std::size_t i = 0; i < context.profile.clients; ++i) {
        // Any of the callers: often there is but one client.
        clients_.emplace_back(context.random.below(fixtures.callers().size()));
    }
    cloud_.wrote = [this](const std::string& key, const std::optional<Message>& message,
                          const Json& item) { on_write(key, message, item); };
    put_keys();
}

/// Some were just made, others have signed elsewhere until now.
void World::put_keys() {
    const std::vector<std::set<std::string>> tags = {{"a"}, {"a", "b"}, {"b", "c"}, {}};
    for (std::size_t i = 0; i < Fixtures::keys; ++i) {
        const bool is_new = context_.random.below(3) == 0;
        ethereum_adapters::Validator validator;
        validator.key = redoubt::ethereum::PublicKey::parse(fixtures_.key_text(i)).value();
        validator.is_on = context_.random.below(8) > 0;
        if (!is_new) {
            validator.source = redoubt::ethereum::Epoch(Fixtures::first_epoch - 3);
            validator.target = redoubt::ethereum::Epoch(Fixtures::first_epoch - 2);
            validator.slot =
                redoubt::ethereum::Slot((Fixtures::first_epoch - 1) * Fixtures::slots_per_epoch);
        }
        validator.sealed = sealing_.secrets[i];
        validator.tags = tags.at(i);
        if (i != 1) validator.fee = {Fixtures::recipient};
        const Json item = parse_json(to_item(validator).text()).value();
        cloud_.put(item);
        oracle_.changed(fixtures_.key_text(i), cloud_.validator_of(item, {}), context_.now_ms());
    }
}

void World::start_environment(Machine& machine) {
    auto& environment = environments_[machine.number];
    environment.reset();  // before the next one uses its machine
    const bool is_operators = &machine == &context_.machines.back();
    environment =
        std::make_unique<Environment>(fixtures_, sealing_, machine, ++started_, is_operators);
    oracle_.started(machine.number);
    offsets_[machine.number].reset();
}

// --- Requests ------------------------------------------------------------------------------------

void World::ask(Machine& machine, std::size_t client) {
    rest();
    machine.client = client;
    begin(machine, clients_[client].ask(fixtures_, context_.random, present()));
}

/// Now and then nobody asks for some slots; seldom for longer than anything is remembered.
void World::rest() {
    const bool is_quiet = std::ranges::all_of(context_.machines, &Machine::is_idle);
    if (!is_quiet || !context_.random.chance(0.1)) return;
    const std::uint64_t most_s = context_.random.below(20) == 0 ? 150 : 12;
    context_.note("nobody asks for a while");
    context_.pass_time(most_s * 1'000'000);
}

void World::begin(Machine& machine, Prepared asked) {
    machine.request = ++requests_;
    context_.count("requests");
    context_.note("asks: " + text(asked.question));
    asked_[machine.request] = asked.choice;
    const auto before = std::exchange(offsets_[machine.number], machine.clock.offset);
    if (before && *before != machine.clock.offset) oracle_.clock_was_set(machine.number);
    oracle_.asked(machine.request, asked.question, machine.number, context_.now_ms());
    const Milliseconds believed = time_of_a_request - machine.clock.offset;
    if (believed <= Milliseconds(0)) context_.count("deadlines that had passed");
    if (believed > Milliseconds(0) && believed < least_time) {
        oracle_.met_fault(machine.request, true, context_.now_ms());
    }
    environments_[machine.number]->begin(asked.request, time_of_a_request);
}

Present World::present() const {
    const std::int64_t age_ms =
        context_.now_ms() - static_cast<std::int64_t>(fixtures_.network().genesis_time) * 1'000;
    return {static_cast<int>(age_ms / Fixtures::slot_ms)};
}

void World::operate(Machine& machine) {
    command(machine, operators_.next(context_.random, present()));
}

void World::command(Machine& machine, const Json& command) {
    if (context_.is_traced) context_.note(dump(command));
    start_environment(machine);
    // As the event brings it: numbers are what was read.
    environments_[machine.number]->operate(parse_json(dump(command)).value(), time_of_a_request);
}

bool World::on_answer(Machine& machine) {
    context_.tally.counts["answers that settled no race"] +=
        static_cast<std::uint64_t>(std::exchange(machine.runner.losses, 0));
    last_ = environments_[machine.number]->outcome();
    if (machine.request == 0) {
        context_.note("the command: " + last_.code);
        context_.count(last_.code.empty() ? "commands done" : "commands refused: " + last_.code);
        operators_.answered(last_);
        return last_.code == "credentials_expired";
    }
    hear_of_wraps(machine);
    context_.note("answers " + std::to_string(last_.status) + " " + last_.code);
    const Choice choice = asked_.extract(machine.request).mapped();
    if (last_.status == 200 && choice.kind == Kind::List) {
        context_.count("lists of keys");
        oracle_.listed(machine.request, last_.members.get<std::set<std::string>>());
    } else if (last_.status == 200) {
        context_.count("signatures released");
        oracle_.released(machine.request, fixtures_.is_signature(choice, last_.signature),
                         context_.now_ms());
    } else {
        context_.count("refused: " + last_.code);
        oracle_.refused(machine.request, last_.status, last_.code, context_.now_ms());
    }
    clients_[machine.client].answered(last_.status);
    return last_.code == "credentials_expired";
}

void World::on_kill(Machine& machine) {
    oracle_.killed(machine.request);
    asked_.erase(machine.request);
    clients_[machine.client].answered(500);
}

// --- Calls ---------------------------------------------------------------------------------------

Reply World::act(const Flight& flight) {
    const WallTime now = context_.time.wall;
    const std::string operation = operation_of(flight.call);
    return operation == "Decrypt" ? vault_.decrypt(flight, now)
                                  : cloud_.act(operation, flight.body, now);
}

Reply World::update(const Json& body) { return cloud_.act("UpdateItem", body, context_.time.wall); }

/// Neither that vote nor that block.
void World::falsify(Json& row) const {
    row["tgt"]["N"] = "1";
    row["slot"]["N"] = "1";
}

void World::on_call(const Machine& machine, const Flight& flight) {
    if (machine.request == 0) return;
    hear_of_wraps(machine);
    if (environments_[machine.number]->is_preparing()) return;
    oracle_.called(machine.request, is_write(flight.call));
}

void World::hear_of_wraps(const Machine& machine) {
    for (const auto& opening : environments_[machine.number]->take_openings()) {
        for (const std::string& wrap : opening.opened) {
            context_.count("wraps opened");
            oracle_.opened(machine.number, wrap);
        }
        for (const auto& [wrap, error] : opening.closed) {
            context_.note("cannot open " + wrap + ": " + error.message);
            const std::string code(name(error.code));
            context_.count("wraps not opened: " + code);
            oracle_.closed(machine.request, wrap, code, context_.now_ms());
        }
        if (!opening.wrong_shares.empty()) context_.count("wraps opened despite a wrong share");
    }
}

void World::on_fault(const Machine& machine, bool is_lasting) {
    if (is_lasting && &machine == &context_.machines.back()) operators_.misled();
    oracle_.met_fault(machine.request, is_lasting, context_.now_ms());
}

void World::on_row(const Machine& machine, const Json& item) {
    if (machine.request != 0) oracle_.read_row(machine.request, validator_of(item));
}

Validator World::validator_of(const Json& item) const {
    return cloud_.validator_of(item, oracle_.validator(item.at("id").at("S")));
}

void World::on_write(const std::string& key, const std::optional<Message>& message,
                     const Json& item) {
    const Validator after = validator_of(item);
    context_.note((message ? "commits " + text(*message) : "writes") + ": " + text(after.row));
    if (message) {
        oracle_.committed(key, *message, after, context_.now_ms());
    } else {
        oracle_.changed(key, after, context_.now_ms());
    }
}

// --- The end -------------------------------------------------------------------------------------

/// What was asked is answered; what is on signs on, and all of it is once it is switched on.
void World::settle(Engine& engine) {
    repair_all();
    engine.calm();
    repeat_questions(engine);
    // Whatever was ahead of time is so no more. (Wall clocks follow with the next step of time.)
    context_.time.steady += std::chrono::minutes(20);
    context_.pass_time(1);
    ask_for_duties(engine);
    give_command(engine, operators_.switch_on_all());
    give_command(engine, operators_.take_ends_away());
    ask_for_duties(engine);
}

void World::repeat_questions(Engine& engine) {
    std::vector<Choice> asked;
    for (const Client& client : clients_) {
        asked.insert(asked.end(), client.history().begin(), client.history().end());
    }
    Machine& machine = context_.machines.front();
    machine.client = 0;
    for (const Choice& choice : asked) {
        begin(machine, fixtures_.prepare(choice, fixtures_.callers().front()));
        engine.finish(machine);
    }
}

void World::ask_for_duties(Engine& engine) {
    context_.pass_time(Fixtures::slot_ms * Fixtures::slots_per_epoch * 2'000);
    for (std::size_t key = 0; key < Fixtures::keys; ++key) {
        for (const Kind kind : {Kind::Vote, Kind::Block}) ask_for_duty(engine, key, kind);
    }
}

/// The next one by its row, asked for by the one who may use all keys.
void World::ask_for_duty(Engine& engine, std::size_t key, Kind kind) {
    const Validator before = oracle_.validator(fixtures_.key_text(key));
    const Present now = present();
    const bool is_vote = kind == Kind::Vote;
    const bool is_past = before.until && now.epoch() >= *before.until;
    const std::string expected = !before.row.is_on ? "key_disabled" : is_past ? "past_until" : "";
    Machine& machine = context_.machines.front();
    machine.client = 0;
    begin(machine, fixtures_.prepare({.key = key,
                                      .kind = kind,
                                      .source = is_vote ? now.epoch() - 1 : 0,
                                      .target = is_vote ? now.epoch() : now.slot},
                                     fixtures_.callers().front()));
    engine.finish(machine);
    demand(last_.code == expected, "what is on signs on",
           fixtures_.key_text(key) + " " + last_.code + ": " + text(before.row));
}

void World::give_command(Engine& engine, const Json& given) {
    Machine& machine = context_.machines.back();
    command(machine, given);
    engine.finish(machine);
    demand(last_.code.empty(), "what is commanded calmly is done", dump(given));
}

}  // namespace redoubt::simulation::ethereum
