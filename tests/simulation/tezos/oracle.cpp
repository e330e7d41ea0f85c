// SPDX-License-Identifier: Apache-2.0
#include "oracle.hpp"

#include <algorithm>

#include <simulation/engine/violation.hpp>

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

void demand(bool kept, const std::string& promise, const std::string& what) {
    if (!kept) throw Violation(promise + ": " + what);
}

}  // namespace

std::string text(const Question& question) {
    return question.scope + " " + text(question.at) + " " + question.digest;
}

void Oracle::asked(Id request, const Question& question, std::int64_t now_ms) {
    const Scope& scope = scopes_[question.scope];
    requests_[request] = {.question = question,
                          .began_ms = now_ms,
                          .began = ++events_,
                          .was_damaged = scope.is_damaged,
                          .met_damage = scope.is_damaged,
                          .was_armed = scope.row.has_value(),
                          .lowest_pace = scope.row ? scope.row->pace : 0};
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
    demand(verifies, "a signature that is released verifies", what);
    demand(question.is_legitimate, "only what is to be signed is signed", what);
    demand(asked.committed, "no release without a commit that this very request read", what);
    demand(!asked.was_damaged, "no release on a row that is missing or damaged", what);
    const auto [first, is_first] = scope.released.emplace(question.at, question.digest);
    demand(first->second == question.digest, "no two digests for a slot", what);
    for (auto higher = scope.first_release.upper_bound(question.at);
         higher != scope.first_release.end(); ++higher) {
        demand(higher->second > asked.began, "no release below a higher release before the request",
               what + " below " + text(higher->first));
    }
    if (is_first) scope.first_release[question.at] = events_;
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
    } else {
        check_excuse(asked, status, code, now_ms);
    }
}

void Oracle::killed(Id request) {
    ++events_;
    requests_.erase(request);
}

/// A watermark's refusal has a reason in the row.
void Oracle::check_conflict(const Request& asked, const std::string& code) const {
    const Question& question = asked.question;
    const Scope& scope = scopes_.at(question.scope);
    const std::string promise = "no refusal without a reason";
    const std::string what = text(question) + " " + code;
    if (code == "not_armed") return demand(!asked.was_armed, promise, what);
    demand(scope.row.has_value(), promise, what + " without a row");
    if (code == "below_watermark") return demand(scope.row->at > question.at, promise, what);
    if (code == "already_signed") {
        const auto held = scope.digest.find(question.at);
        return demand(held != scope.digest.end() && held->second != question.digest, promise, what);
    }
    demand(code == "too_far_ahead", "a refusal is one of the four", what);
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

void Oracle::wrote(const std::string& name, const Row& row, Writer writer, std::int64_t now_ms) {
    ++events_;
    Scope& scope = scopes_[name];
    demand(scope.row || writer == Writer::Operator, "only an operator creates rows", name);
    demand(!scope.is_damaged || writer == Writer::Operator, "no write on a damaged row", name);
    if (scope.row) check_row(name, scope, row);
    check_fence(name, scope, row, writer, now_ms);
    if (writer == Writer::Operator) {
        demand(row.digest.empty() && row.signature.empty(), "an operator signs nothing", name);
    }
    const auto [held, is_new] = scope.digest.emplace(row.at, row.digest);
    demand(held->second == row.digest, "a slot keeps its digest", name + " " + text(row.at));
    scope.row = row;
    for (auto& [id, request] : requests_) {
        if (request.question.scope == name) {
            request.lowest_pace = std::min(request.lowest_pace, row.pace);
        }
    }
}

void Oracle::check_row(const std::string& name, const Scope& scope, const Row& row) const {
    const Row& before = *scope.row;
    const std::string what = name + " " + text(before.at) + " to " + text(row.at);
    demand(row.at >= before.at, "a watermark never falls", what);
    demand(row.at > before.at || row == before, "a slot keeps its digest and signature", what);
}

/// The row is never further than its pace at the last arm or raise allows.
void Oracle::check_fence(const std::string& name, Scope& scope, const Row& row, Writer writer,
                         std::int64_t now_ms) const {
    if (writer == Writer::Operator) {
        scope.fence = row.pace;
        return;
    }
    demand(row.pace <= scope.row->pace, "a vote or block never lifts the pace", name);
    const std::int64_t excess = row.at.level * 1000 - now_ms - scope.fence;
    demand(excess <= slack_ms + clock_error_ms, "a row is never further ahead than time allows",
           name + " by " + std::to_string(excess) + " ms");
}

void Oracle::damaged(const std::string& scope, bool is_damaged) {
    ++events_;
    scopes_[scope].is_damaged = is_damaged;
    for (auto& [id, request] : requests_) {
        if (request.question.scope != scope) continue;
        request.excused = true;
        request.was_damaged = request.was_damaged && is_damaged;
        request.met_damage = request.met_damage || is_damaged;
    }
}

}  // namespace redoubt::simulation::tezos
