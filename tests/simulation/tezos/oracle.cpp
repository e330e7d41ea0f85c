// SPDX-License-Identifier: Apache-2.0
#include "oracle.hpp"

#include <algorithm>

#include <simulation/engine/demand.hpp>

namespace redoubt::simulation::tezos {
namespace {

constexpr std::int64_t slack_ms = 300'000;
/// A clock that is off by less is not corrected (the design's four minutes); a Date has whole
/// seconds.
constexpr std::int64_t clock_error_ms = 240'000 + 1'000;
/// So long may a request take that nothing or one fault disturbs: a call that is lost is given up
/// after a second.
constexpr std::int64_t calm_ms = 900;
constexpr std::int64_t disturbed_ms = 1'900;

std::string text(const Place& place) {
    return std::to_string(place.level) + "/" + std::to_string(place.round);
}

std::string text(const RowName& name) {
    return "table " + std::to_string(name.table) + ", " + name.scope;
}

/// An operator lowers the last level, or opens the row above it.
bool may_set_until(const Row& before, const Row& row) {
    if (!row.until) return row.at.level >= *before.until;
    const bool is_lowered = !before.until || *row.until < *before.until;
    return is_lowered && row.at == before.at && row.at.level <= *row.until;
}

}  // namespace

std::string text(const Question& question) {
    return question.scope + " " + text(question.at) + " " + question.digest;
}

void Oracle::asked(Id request, const Question& question, const Asked& who, std::int64_t now_ms) {
    const RowName name{who.table, question.scope};
    const Held& held = rows_[name];
    requests_[request] = {.question = question,
                          .row = name,
                          .environment = who.environment,
                          .began_ms = now_ms,
                          .began = ++events_,
                          .was_damaged = held.is_damaged,
                          .met_damage = held.is_damaged,
                          .met_shut = shut_keys(who.table),
                          .was_armed = held.row.has_value(),
                          .lowest_pace = held.row ? held.row->pace : 0,
                          .lowest_until = held.row ? held.row->until : std::nullopt};
}

void Oracle::called(Id request) {
    Request& asked = requests_.at(request);
    ++asked.calls;
    demand(asked.question.is_legitimate, "no call for what is not to be signed",
           text(asked.question));
}

void Oracle::met_fault(Id request, bool lasts) {
    const auto found = requests_.find(request);
    if (found == requests_.end()) return;
    ++found->second.faults;
    if (lasts) found->second.excused = true;
}

void Oracle::read_row(Id request, const Row& row) {
    Request& asked = requests_.at(request);
    if (row.at == asked.question.at && row.digest == asked.question.digest) asked.committed = true;
}

void Oracle::released(Id request, const std::string& signature, bool verifies) {
    const Request asked = requests_.at(request);
    requests_.erase(request);
    ++events_;
    const Question& question = asked.question;
    const std::string what = text(question);
    Scope& scope = scopes_[question.scope];
    Held& held = rows_[asked.row];
    demand(verifies, "a signature that is released verifies", what);
    demand(question.is_legitimate, "only what is to be signed is signed", what);
    demand(asked.committed, "no release without a commit that this very request read", what);
    demand(!asked.was_damaged, "no release on a row that is missing or damaged", what);
    const auto [first, is_first] = scope.released.emplace(question.at, question.digest);
    demand(first->second == question.digest, "no two digests for a slot", what);
    for (auto higher = held.first_release.upper_bound(question.at);
         higher != held.first_release.end(); ++higher) {
        demand(higher->second > asked.began, "no release below a higher release before the request",
               what + " below " + text(higher->first));
    }
    if (is_first) held.first_release[question.at] = events_;
    if (question.is_block) {
        const auto [stored, is_new] = scope.signatures.emplace(question.digest, signature);
        demand(stored->second == signature, "no second signature for a block", what);
    }
}

void Oracle::refused(Id request, int status, const std::string& code, std::int64_t now_ms) {
    const Request asked = requests_.at(request);
    requests_.erase(request);
    ++events_;
    if (!asked.question.is_legitimate) {
        demand(status >= 400 && status < 409, "what is not to be signed is refused as such",
               text(asked.question) + " " + code);
    } else if (status == 409) {
        check_conflict(asked, code);
    } else if (is_of_sealed_key(code)) {
        check_closed(asked, status, code, now_ms);
    } else {
        check_excuse(with_shut_key(asked), status, code, now_ms);
    }
}

void Oracle::killed(Id request) {
    ++events_;
    requests_.erase(request);
}

/// A watermark's refusal has a reason in the row.
void Oracle::check_conflict(const Request& asked, const std::string& code) const {
    const Question& question = asked.question;
    const Held& held = rows_.at(asked.row);
    const std::string promise = "no refusal without a reason";
    const std::string what = text(question) + " " + code;
    if (code == "not_armed") return demand(!asked.was_armed, promise, what);
    demand(held.row.has_value(), promise, what + " without a row");
    if (code == "below_watermark") return demand(held.row->at > question.at, promise, what);
    if (code == "already_signed") {
        const auto other = held.digest.find(question.at);
        return demand(other != held.digest.end() && other->second != question.digest, promise,
                      what);
    }
    if (code == "handed_over") {
        return demand(asked.lowest_until && question.at.level > *asked.lowest_until, promise, what);
    }
    demand(code == "too_far_ahead", "a refusal is one of the five", what);
    // A Date, by which the last form is judged, has whole seconds.
    const std::int64_t pace = question.at.level * 1000 - asked.began_ms + 1'000;
    demand(asked.lowest_pace < pace - slack_ms, promise, what);
}

/// Anything else needs an excuse, and one fault that passes is none.
void Oracle::check_excuse(const Request& asked, int status, const std::string& code,
                          std::int64_t now_ms) const {
    const Question& question = asked.question;
    const std::string what = text(question) + " " + code;
    if (code == "damaged_row") {
        return demand(asked.met_damage, "no damage is invented", what);
    }
    demand(status == 502 || status == 500, "a failure is a 502 or a 500", what);
    const std::int64_t took = now_ms - asked.began_ms;
    const bool calm = asked.faults == 0 && took < calm_ms;
    const bool one_fault = asked.faults == 1 && took < disturbed_ms;
    demand(asked.excused || !(calm || one_fault), "an answer after any single fault", what);
}

void Oracle::wrote(const RowName& name, const Row& row, Writer writer, std::int64_t now_ms) {
    ++events_;
    Held& held = rows_[name];
    demand(held.row || writer == Writer::Operator, "only an operator creates rows", text(name));
    demand(!held.is_damaged || writer == Writer::Operator, "no write on a damaged row", text(name));
    if (held.row) check_row(name, held, row, writer);
    check_fence(name, held, row, writer, now_ms);
    if (writer == Writer::Operator && !(held.row && held.row->at == row.at)) {
        demand(row.digest.empty() && row.signature.empty(), "an operator signs nothing",
               text(name));
    }
    if (writer == Writer::Function) {
        const auto [by, is_new] = scopes_[name.scope].committed.emplace(row.at, name.table);
        demand(by->second == name.table, "no position is committed by two tables",
               text(name) + " " + text(row.at));
    }
    const auto [digest, is_new] = held.digest.emplace(row.at, row.digest);
    demand(digest->second == row.digest, "a slot keeps its digest",
           text(name) + " " + text(row.at));
    held.row = row;
    for (auto& [id, request] : requests_) {
        if (request.row != name) continue;
        request.lowest_pace = std::min(request.lowest_pace, row.pace);
        if (row.until) {
            request.lowest_until = std::min(request.lowest_until.value_or(*row.until), *row.until);
        }
    }
}

void Oracle::check_row(const RowName& name, const Held& held, const Row& row, Writer writer) const {
    const Row& before = *held.row;
    const std::string what = text(name) + " " + text(before.at) + " to " + text(row.at);
    demand(row.at >= before.at, "a watermark never falls", what);
    Row all_but_until = row;
    all_but_until.until = before.until;
    if (before.until && !row.until) all_but_until.pace = before.pace;  // opened where it stood
    demand(row.at > before.at || all_but_until == before, "a slot keeps its digest and signature",
           what);
    if (row.until != before.until) {
        demand(writer == Writer::Operator && may_set_until(before, row),
               "a last level is lowered or passed by an operator alone", what);
    } else if (writer == Writer::Function) {
        demand(!before.until || row.at.level <= *before.until,
               "nothing is committed above a row's last level", what);
    }
}

/// The row is never further than its pace at the last arm or raise allows.
void Oracle::check_fence(const RowName& name, Held& held, const Row& row, Writer writer,
                         std::int64_t now_ms) const {
    if (writer == Writer::Operator) {
        const bool is_limited_alone = held.row && held.row->at == row.at && row.until;
        if (!is_limited_alone) held.fence = row.pace;
        return;
    }
    demand(row.pace <= held.row->pace, "a vote or block never lifts the pace", text(name));
    const std::int64_t excess = row.at.level * 1000 - now_ms - held.fence;
    demand(excess <= slack_ms + clock_error_ms, "a row is never further ahead than time allows",
           text(name) + " by " + std::to_string(excess) + " ms");
}

void Oracle::damaged(const RowName& name, bool is_damaged) {
    ++events_;
    rows_[name].is_damaged = is_damaged;
    for (auto& [id, request] : requests_) {
        if (request.row != name) continue;
        request.excused = true;
        request.was_damaged = request.was_damaged && is_damaged;
        request.met_damage = request.met_damage || is_damaged;
    }
}

}  // namespace redoubt::simulation::tezos
