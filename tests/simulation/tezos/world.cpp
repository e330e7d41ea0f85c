// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <fakes/aws_answer.hpp>

namespace redoubt::simulation {
namespace {

constexpr WallTime beginning{std::chrono::seconds(1'795'255'200)};
constexpr std::uint32_t first_level = 1'000;
constexpr Milliseconds time_of_a_request{2'700};
constexpr Milliseconds time_of_a_call{1'000};
constexpr std::uint64_t settling_steps = 100'000;

FaultProfile draw_profile(Random& random) {
    constexpr std::array trouble = {0.0, 0.02, 0.1, 0.3};
    constexpr std::array stray = {0.0, 0.02, 0.15};
    constexpr std::array chaos = {0.0, 0.005, 0.02};
    return {.environments = 1 + random.below(4),
            .bakers = 1 + random.below(4),
            .trouble = trouble.at(random.below(trouble.size())),
            .stray = stray.at(random.below(stray.size())),
            .chaos = chaos.at(random.below(chaos.size())),
            .clocks_are_wrong = random.below(3) == 0};
}

/// The time that SigV4 says a call was signed at: `20261121T100000Z`.
WallTime signed_at(const http::ClientRequest& call) {
    const std::string text = test::header_of(call, "X-Amz-Date");
    const auto part = [&text](std::size_t at, std::size_t size) {
        return std::stoi(text.substr(at, size));
    };
    const std::chrono::year_month_day day{std::chrono::year(part(0, 4)),
                                          std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                          std::chrono::day(static_cast<unsigned>(part(6, 2)))};
    return std::chrono::sys_days(day) + std::chrono::hours(part(9, 2)) +
           std::chrono::minutes(part(11, 2)) + std::chrono::seconds(part(13, 2));
}

Json armed_row(const std::string& scope, std::int64_t now_ms) {
    const std::size_t space = scope.find(' ');
    return {{"pkh", {{"S", scope.substr(0, space)}}},
            {"scope", {{"S", scope.substr(space + 1)}}},
            {"lvl", {{"N", std::to_string(first_level)}}},
            {"rnd", {{"N", "2147483647"}}},
            {"at", {{"N", std::to_string(now_ms)}}},
            {"pace", {{"N", std::to_string(first_level * std::int64_t{1'000} - now_ms)}}}};
}

Json operator_event(Json command) { return {{"redoubt", std::move(command)}}; }

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
    for (const auto& [name, count] : other.counts) counts[name] += count;
    return *this;
}

World::World(Fixtures& fixtures, std::uint64_t seed, bool traced)
    : fixtures_(fixtures),
      random_(seed),
      traced_(traced),
      profile_(draw_profile(random_)),
      dates_matter_(profile_.clocks_are_wrong),
      time_{beginning, SteadyTime(std::chrono::hours(1))},
      cloud_(fixtures),
      bakers_(profile_.bakers) {
    cloud_.wrote = [this](const std::string& scope, const Json& item, bool by_operator) {
        if (traced_) note("writes " + dump(item));
        if (by_operator && damaged_.erase(scope) > 0) oracle_.damaged(scope, false);
        const auto row = row_of(item);
        if (!row) throw Violation("no write leaves a damaged row: " + scope);
        oracle_.wrote(scope, *row, by_operator ? Writer::Operator : Writer::Function, now_ms());
    };
    // One chain is armed from the start; the other only if an operator does so.
    for (std::size_t key = 0; key < fixtures_.keys(); ++key) {
        for (const Kind kind : {Kind::Block, Kind::Preattestation, Kind::Attestation}) {
            const std::string scope = fixtures_.scope_name(key, 0, kind);
            const Json row = armed_row(scope, now_ms());
            cloud_.put(row);
            cloud_.wrote(scope, row, true);
        }
    }
    places_.resize(profile_.environments + 1);
    places_.back().is_operator = true;
    for (Place& place : places_) replace(place);
}

void World::run(std::uint64_t steps) {
    for (std::uint64_t i = 0; i < steps; ++i) step();
    tally_.counts["steps"] += steps;
    settle();
}

Tally World::tally() const {
    Tally out = tally_;
    out.counts["requests"] = requests_;
    out.counts["signatures released"] = oracle_.releases();
    for (const auto& [code, count] : oracle_.refusals()) out.counts["refused: " + code] = count;
    return out;
}

/// Either time passes, or somebody does something.
void World::step() {
    if (random_.below(5) < 3) return pass_time(3'000);
    if (old_writes_.has_late() && random_.below(8) == 0) return apply_late_write();
    if (random_.chance(profile_.stray)) return apply_stray_write();
    if (random_.chance(profile_.chaos)) return happen_by_chance();
    std::array<Place*, 8> busy{};
    std::size_t count = 0;
    for (Place& place : places_) {
        if (!place.environment->is_idle()) busy.at(count++) = &place;
    }
    // Now and then a new request, always if there is nothing else to do.
    if (count == 0 || random_.below(4) == 0) return ask();
    go_on(*busy.at(random_.below(count)));
}

void World::happen_by_chance() {
    switch (random_.below(6)) {
        case 0: return kill();
        case 1: return set_a_clock();
        case 2: return operate();
        case 3: return damage_or_repair();
        case 4:
            // Long enough for calls and requests to time out.
            note("time passes");
            return pass_time(3'000'000);
        default: {
            Place& place = places_[random_.below(places_.size())];
            note("credentials expire");
            place.environment->is_expired = true;
        }
    }
}

void World::pass_time(std::uint64_t most_us) {
    const std::chrono::microseconds by(random_.below(most_us));
    time_.steady += by;
    time_.wall = beginning +
                 std::chrono::floor<Milliseconds>(time_.steady - SteadyTime(std::chrono::hours(1)));
}

std::uint32_t World::head() const {
    const auto passed = std::chrono::floor<std::chrono::seconds>(time_.wall - beginning);
    return first_level + static_cast<std::uint32_t>(passed.count()) + 1;
}

// --- What bakers do ------------------------------------------------------------------------------

void World::ask() {
    Baker& baker = bakers_[random_.below(bakers_.size())];
    Place& place = places_[random_.below(places_.size() - 1)];
    if (baker.is_waiting() || !place.environment->is_idle()) return pass_time(20'000);
    begin(place, baker, baker.ask(fixtures_, random_, head()));
}

void World::begin(Place& place, const Baker& baker, const Prepared& asked) {
    place.request = ++requests_;
    place.baker = static_cast<std::size_t>(&baker - bakers_.data());
    const Question& question = asked.question;
    note("asks " + question.scope + " " + std::to_string(question.at.level) + "/" +
         std::to_string(question.at.round) + " " + question.digest);
    oracle_.asked(place.request, question, now_ms());
    place.environment->begin(asked, random_.chance(0.04), time_.steady + time_of_a_request);
    go_on(place);
}

// --- What becomes of calls -----------------------------------------------------------------------

void World::go_on(Place& place) {
    Environment& environment = *place.environment;
    auto& flights = environment.flights();
    if (flights.empty() || time_.steady >= environment.deadline()) {
        if (environment.go_on()) finish(place);
        return;
    }
    move(place, flights[random_.below(flights.size())]);
}

void World::move(Place& place, Flight& flight) {
    if (flight.state == Flight::State::Pausing) {
        return flight.not_before <= time_.steady ? send(place, flight) : pass_time(50'000);
    }
    if (time_.steady - flight.sent >= time_of_a_call) {
        note("a call times out");
        oracle_.met_fault(place.request, false);
        return hear(place, flight,
                    std::unexpected(http::TransportError{http::TransportFailure::Timeout}));
    }
    if (hedge(place, flight)) return;
    if (flight.state == Flight::State::Sent) return arrive(place, flight);
    deliver(place, flight);
}

/// Whether a second call begins beside this one, which is then no longer valid.
bool World::hedge(Place& place, Flight& flight) {
    if (!flight.hedge_after || time_.steady - flight.sent < *flight.hedge_after) return false;
    const bool is_table = is_for_table(flight.call);
    if (!place.environment->hedge(flight)) return false;
    note(is_table ? "the commit is hedged" : "KMS is hedged");
    ++tally_.counts[is_table ? "hedges: table" : "hedges: KMS"];
    return true;
}

void World::send(Place& place, Flight& flight) {
    flight.state = Flight::State::Sent;
    flight.sent = time_.steady;
    if (place.request != 0) oracle_.called(place.request);
    // What is signed for another time than now is never taken.
    if (!is_for_table(flight.call) || is_misdated(flight.call)) return;
    old_writes_.sent(flight.body, random_);
}

/// The service acts, or not.
void World::arrive(Place& place, Flight& flight) {
    flight.state = Flight::State::Answered;
    if (auto refusal = refused_for_itself(place, flight.call)) {
        oracle_.met_fault(place.request, place.environment->is_expired);
        flight.response = {std::move(*refusal), std::nullopt};
        return;
    }
    if (!random_.chance(profile_.trouble)) {
        flight.response = act(flight);
        // What the client does on a dead connection: the same bytes once more.
        if (random_.chance(profile_.trouble)) {
            note("a call is sent twice");
            flight.response = act(flight);
        }
        return;
    }
    const bool is_table = is_for_table(flight.call);
    const Fault trouble = draw_fault(is_table, random_);
    note((is_table ? "table: " : "KMS: ") + trouble.name);
    ++tally_.counts[(is_table ? "trouble: table, " : "trouble: KMS, ") + trouble.name];
    oracle_.met_fault(place.request, trouble.lasts);
    Reply said;
    if (trouble.is_done) said = act(flight);
    const bool shown = keeps_row(trouble, said.response);
    hear(place, flight, answer_with_fault(trouble, std::move(said.response), time_.wall),
         shown ? said.row : std::nullopt);
}

Reply World::act(const Flight& flight) {
    if (is_for_table(flight.call)) return cloud_.update(flight.body, time_.wall);
    return cloud_.sign(flight.body, time_.wall,
                       static_cast<unsigned>(random_.below(Fixtures::variants)));
}

bool World::is_misdated(const http::ClientRequest& call) const {
    return dates_matter_ &&
           std::chrono::abs(signed_at(call) - time_.wall) > std::chrono::minutes(5);
}

std::optional<http::Response> World::refused_for_itself(const Place& place,
                                                        const http::ClientRequest& call) const {
    if (place.environment->is_expired) {
        return test::aws_error(400, "ExpiredTokenException", time_.wall);
    }
    if (is_misdated(call)) {
        return test::aws_error(400, "InvalidSignatureException", time_.wall);
    }
    return std::nullopt;
}

void World::deliver(Place& place, Flight& flight) {
    if (random_.chance(profile_.trouble / 2)) {
        note("an answer is lost");
        oracle_.met_fault(place.request, false);
        return hear(place, flight,
                    std::unexpected(http::TransportError{http::TransportFailure::Connection}));
    }
    hear(place, flight, std::move(flight.response.response), flight.response.row);
}

/// A write that lost the race may be on its way still: it is applied now and then, at any later
/// time, with nobody listening.
void World::abandon_rivals(const Place& place, const Flight& winner) {
    for (const Flight& rival : place.environment->flights()) {
        if (&rival == &winner || rival.exchange != winner.exchange) continue;
        ++tally_.counts["calls given up for a faster one"];
        const bool is_on_its_way = rival.state == Flight::State::Sent;
        if (!is_on_its_way || !is_for_table(rival.call) || is_misdated(rival.call)) continue;
        if (random_.below(2) == 0) old_writes_.given_up(rival.body);
    }
}

void World::hear(Place& place, Flight& flight, http::ResponseOrError answer,
                 const std::optional<Row>& row) {
    if (answer) abandon_rivals(place, flight);
    if (row && place.request != 0) oracle_.read_row(place.request, *row);
    flight.arrived = std::move(answer);
    if (place.environment->go_on()) finish(place);
}

void World::finish(Place& place) {
    const Outcome said = place.environment->outcome();
    const Oracle::Id request = std::exchange(place.request, 0);
    if (request != 0) {
        Baker& baker = bakers_[place.baker];
        note("answers " + std::to_string(said.status) + " " + said.code);
        if (said.status == 200) {
            oracle_.released(request, said.signature,
                             fixtures_.verifies(baker.wanted(), said.signature));
        } else {
            oracle_.refused(request, said.status, said.code, now_ms());
        }
        last_status_ = said.status;
        baker.answered(said.status);
    }
    if (said.code == "credentials_expired") replace(place);
}

// --- What goes wrong -----------------------------------------------------------------------------

void World::replace(Place& place) {
    place.environment = std::make_unique<Environment>(fixtures_, time_, ++environments_);
    if (profile_.clocks_are_wrong && random_.chance(0.5)) {
        place.environment->clock.offset =
            Milliseconds(random_.below(600'001)) - Milliseconds(300'000);
    }
}

void World::kill() {
    Place& place = places_[random_.below(places_.size())];
    note("a kill");
    ++tally_.counts["kills"];
    if (place.request != 0) {
        oracle_.killed(place.request);
        bakers_[place.baker].answered(502);
        place.request = 0;
    }
    replace(place);
}

/// Every write ever sent may be applied at any later time, with nobody listening.
void World::apply_stray_write() {
    if (!old_writes_.has_sent()) return;
    note("an old write is applied");
    ++tally_.counts["old writes applied"];
    static_cast<void>(cloud_.update(old_writes_.any_sent(random_), time_.wall));
}

/// A write that was given up arrives after all.
void World::apply_late_write() {
    note("a write that was given up is applied");
    ++tally_.counts["writes applied after they were given up"];
    static_cast<void>(cloud_.update(old_writes_.take_late(random_), time_.wall));
}

void World::set_a_clock() {
    if (!profile_.clocks_are_wrong) return;
    constexpr std::array<std::int64_t, 7> offsets = {0,        1'000,   -1'000,     239'000,
                                                     -239'000, 360'000, -36'000'000};
    Place& place = places_[random_.below(places_.size())];
    note("a clock is set");
    ++tally_.counts["clocks set"];
    place.environment->clock.offset = Milliseconds(offsets.at(random_.below(offsets.size())));
    // A clock that jumps in the middle of a request is another fault to it.
    oracle_.met_fault(place.request, true);
}

void World::operate() {
    Place& place = places_.back();
    if (!place.environment->is_idle()) return;
    note("an operator's command");
    ++tally_.counts["operators' commands"];
    const bool arms = random_.below(2) == 0;
    const std::size_t chain = arms ? random_.below(2) : 0;
    const std::uint64_t level = head() + random_.below(4) - 2;
    Json command = {{"command", arms ? "arm" : "raise"},
                    {"chain", Fixtures::chain_text(chain)},
                    {"level", level}};
    if (!arms && random_.below(2) == 0) command["round"] = random_.below(3);
    place.environment->operate(operator_event(std::move(command)),
                               time_.steady + time_of_a_request);
    go_on(place);
}

void World::damage_or_repair() {
    const std::string scope = fixtures_.scope_name(random_.below(fixtures_.keys()), 0,
                                                   kinds.at(random_.below(kinds.size())));
    if (damaged_.contains(scope)) return repair(scope);
    const Json row = cloud_.item(scope).value();
    constexpr std::array attributes = {"lvl", "rnd", "at", "pace", "digest", "sig"};
    const std::string attribute = attributes.at(random_.below(attributes.size()));
    Json damaged = row;
    if (random_.below(2) == 0 && attribute != "digest" && attribute != "sig") {
        damaged.erase(attribute);
    } else {
        damaged[attribute] = {{"BOOL", true}};
    }
    note("damage to " + attribute + " of " + scope);
    ++tally_.counts["rows damaged"];
    cloud_.put(damaged);
    damaged_[scope] = row;
    oracle_.damaged(scope, true);
}

void World::repair(std::string scope) {
    note("repair of " + scope);
    cloud_.put(damaged_.at(scope));
    damaged_.erase(scope);
    oracle_.damaged(scope, false);
}

// --- The end -------------------------------------------------------------------------------------

/// When all trouble is over, nothing is stuck: what was asked is answered, and the next is signed.
void World::settle() {
    profile_ = {.environments = profile_.environments, .bakers = profile_.bakers};
    while (!damaged_.empty()) repair(damaged_.begin()->first);
    for (Place& place : places_) {
        if (place.request != 0) oracle_.met_fault(place.request, true);
        place.environment->clock.offset = Milliseconds(0);
    }
    const auto is_busy = [](const Place& place) { return !place.environment->is_idle(); };
    for (std::uint64_t i = 0; std::ranges::any_of(places_, is_busy); ++i) {
        if (i == settling_steps) throw Violation("every request is answered: one is stuck");
        pass_time(3'000);
        go_on(*std::ranges::find_if(places_, is_busy));
    }
    for (Place& place : places_) replace(place);
    std::vector<Choice> asked;
    for (const Baker& baker : bakers_) {
        asked.insert(asked.end(), baker.history().begin(), baker.history().end());
    }
    for (const Choice& choice : asked) static_cast<void>(ask_calmly(choice));
    time_.steady += std::chrono::minutes(20);  // whatever was ahead of time is so no more
    for (std::size_t key = 0; key < fixtures_.keys(); ++key) {
        for (const Kind kind : kinds) {
            const auto row = row_of(*cloud_.item(fixtures_.scope_name(key, 0, kind))).value();
            const auto next = static_cast<std::uint32_t>(row.at.level + 1);
            if (ask_calmly({.key = key, .kind = kind, .level = next}) != 200) {
                throw Violation("the next level is signed: " + fixtures_.scope_name(key, 0, kind));
            }
        }
    }
}

/// Asks the first environment, undisturbed; the status.
int World::ask_calmly(const Choice& choice) {
    Baker& baker = bakers_.front();
    Place& place = places_.front();
    begin(place, baker, baker.ask(fixtures_, choice));
    while (!place.environment->is_idle()) {
        pass_time(3'000);
        go_on(place);
    }
    return last_status_;
}

void World::note(const std::string& what) {
    if (!traced_) return;
    static_cast<void>(std::printf(
        "%12.3f  %s\n", static_cast<double>(now_ms() - unix_ms(beginning)) / 1000.0, what.c_str()));
}

}  // namespace redoubt::simulation
