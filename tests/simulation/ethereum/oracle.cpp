// SPDX-License-Identifier: Apache-2.0
#include "oracle.hpp"

#include <algorithm>
#include <limits>

#include <simulation/engine/demand.hpp>

namespace redoubt::simulation::ethereum {
namespace {

/// So long may an environment act on what it has read of a key or of a caller, where nothing can be
/// slashed; and a step of time more.
constexpr std::int64_t memory_ms = 60'000 + 100;
/// So long may a request take that nothing or one fault disturbs, of the two seconds that it has.
constexpr std::int64_t calm_ms = 900;
constexpr std::int64_t disturbed_ms = 1'900;
/// So long may an environment repeat a refusal of a wrap that it could not open, unasked.
constexpr std::int64_t pause_ms = 5'000;
constexpr std::int64_t for_ever = std::numeric_limits<std::int64_t>::max();

/// Those by which the state of a key refuses.
const std::set<std::string> of_state = {"unknown_key",     "not_permitted",  "key_disabled",
                                        "below_watermark", "already_signed", "past_until"};
/// Those that an environment may repeat for a while once the table has lied to it.
const std::set<std::string> of_memory = {"token_invalid", "wrong_network"};

template <class Texts>
bool share_one(const Texts& some, const Texts& others) {
    return std::ranges::any_of(some, [&](const auto& text) { return others.contains(text); });
}

bool is_below(const Row& row, const Message& message) {
    if (message.is_block) return message.target < row.slot;
    return message.source < row.source || message.target < row.target;
}

/// But for what a commit moves.
bool differ_beside_watermarks(const Validator& one, Validator other) {
    const bool is_on = other.row.is_on;
    other.row = one.row;
    other.row.is_on = is_on;
    return one != other;
}

void demand_peace(const std::vector<Message>& before, const Message& message,
                  const std::string& promise, const std::string& key) {
    for (const Message& other : before) {
        demand(!is_slashable(message, other), promise,
               key + ", " + text(message) + " and " + text(other));
    }
}

void add_once(std::vector<Message>& messages, const Message& message) {
    if (std::ranges::find(messages, message) == messages.end()) messages.push_back(message);
}

}  // namespace

std::string text(const Question& question) {
    if (question.is_list) return "a list of keys";
    return question.key.substr(0, 10) + ", " +
           (question.is_slashable
                ? text(question.message)
                : "what is not slashable, root " + std::to_string(question.message.root));
}

// --- Requests ------------------------------------------------------------------------------------

void Oracle::asked(Id request, const Question& question, std::size_t environment,
                   std::int64_t now_ms) {
    Request& asked = requests_[request];
    asked = {.question = question, .environment = environment, .began_ms = now_ms};
    if (question.is_list) return;
    Key& key = keys_[question.key];
    meet(asked, key.now);
    // What can be slashed asks the table each time.
    asked.is_excused =
        question.is_slashable ? key.damaged_until_ms == for_ever : now_ms < key.damaged_until_ms;
    if (question.is_slashable) {
        if (question.refusal.empty()) key.asked.insert(question.message);
        return;
    }
    if (question.is_for_ever) return;
    for (std::size_t i = 0; i + 1 < key.versions.size(); ++i) {
        if (key.versions[i + 1].since_ms >= now_ms - memory_ms) {
            meet(asked, key.versions[i].validator);
        }
    }
}

int Oracle::epoch_of(const Message& message) const {
    return message.is_block ? message.target / slots_per_epoch_ : message.target;
}

/// Why a key does not have something signed; empty if it has.
std::string Oracle::reason(const Validator& validator, const Question& question) const {
    if (question.tags && !share_one(*question.tags, validator.tags)) return "not_permitted";
    if (!validator.row.is_on) return "key_disabled";
    if (!question.is_slashable) {
        const bool is_fine =
            question.recipient.empty() || validator.fee.contains(question.recipient);
        return is_fine ? "" : "not_permitted";
    }
    const bool is_past = validator.until && epoch_of(question.message) >= *validator.until;
    if (is_past) return "past_until";
    if (approves(validator.row, question.message)) return "";
    return is_below(validator.row, question.message) ? "below_watermark" : "already_signed";
}

void Oracle::meet(Request& request, const Validator& validator) const {
    const std::string why = reason(validator, request.question);
    if (why.empty()) request.may_be_signed = true;
    if (!why.empty()) request.reasons.insert(why);
}

void Oracle::called(Id request, bool is_write) {
    requests_.at(request).has_called = true;
    const Question& question = requests_.at(request).question;
    demand(question.may_read, "no call for a request without a token", text(question));
    if (!is_write) return;
    demand(question.is_slashable && question.refusal.empty(),
           "no write for what is not to be committed", text(question));
}

void Oracle::met_fault(Id request, bool lasts, std::int64_t now_ms) {
    const auto found = requests_.find(request);
    if (found == requests_.end()) return;
    ++found->second.faults;
    if (!lasts) return;
    found->second.is_excused = true;
    misled_until_ms_[found->second.environment] = now_ms + memory_ms;
}

void Oracle::read_row(Id request, const Validator& validator) {
    Request& asked = requests_.at(request);
    const Message& message = asked.question.message;
    asked.is_committed =
        asked.question.is_slashable && after_approval(validator.row, message) == validator.row;
}

void Oracle::released(Id request, bool is_its_signature, std::int64_t now_ms) {
    const Request asked = requests_.at(request);
    requests_.erase(request);
    const std::string what = text(asked.question);
    demand(is_its_signature, "what is released is the signature of the message asked for", what);
    check_released(asked, now_ms);
    if (asked.has_called) mistaken_.erase(asked.environment);
    if (!asked.question.is_slashable) return;
    Key& key = keys_.at(asked.question.key);
    demand_peace(key.released, asked.question.message, "no two signatures slash", what);
    add_once(key.released, asked.question.message);
}

void Oracle::check_released(const Request& asked, std::int64_t now_ms) const {
    const Question& question = asked.question;
    const std::string what = text(question);
    demand(question.refusal.empty(), "what is to be refused is not signed",
           what + ": " + question.refusal);
    const bool is_mistaken = asked.is_excused || mistaken_.contains(asked.environment);
    demand(is_mistaken || question.from_ms <= now_ms + clock_error_ms_,
           "nothing is signed far ahead of time", what);
    if (question.is_slashable) {
        demand(asked.is_committed, "no release without a commit that this very request read", what);
    } else {
        demand(asked.may_be_signed, "what is off or not permitted is not signed", what);
    }
}

/// What is on and theirs is there, and nothing else; of what was switched meanwhile, either.
void Oracle::listed(Id request, const std::set<std::string>& keys) {
    const Request asked = requests_.at(request);
    requests_.erase(request);
    const Question& question = asked.question;
    demand(question.refusal.empty(), "what is to be refused is not told", text(question));
    const auto is_theirs = [&question](const std::string& key, const Validator& validator) {
        const bool is_named = question.keys.empty() || question.keys.contains(key);
        return validator.row.is_on && is_named &&
               (!question.tags || share_one(*question.tags, validator.tags));
    };
    for (const auto& [text, key] : keys_) {
        // The table has only those that were ever there.
        if (key.versions.empty() || asked.began_ms < key.damaged_until_ms) continue;
        bool always = true, never = true;
        for (std::size_t i = 0; i < key.versions.size(); ++i) {
            const bool is_over = i + 1 < key.versions.size() &&
                                 key.versions[i + 1].since_ms < asked.began_ms - memory_ms;
            if (is_over) continue;
            const bool is_listed = is_theirs(text, key.versions[i].validator);
            always = always && is_listed;
            never = never && !is_listed;
        }
        demand(always ? keys.contains(text) : !never || !keys.contains(text),
               "a caller is told of its keys that are on", text);
    }
}

void Oracle::refused(Id request, int status, const std::string& code, std::int64_t now_ms) {
    const Request asked = requests_.at(request);
    requests_.erase(request);
    const Question& question = asked.question;
    const bool was_mistaken = mistaken_.contains(asked.environment);
    if (asked.has_called && status != 500) mistaken_.erase(asked.environment);
    if (!question.refusal.empty() && code == question.refusal) return;
    const std::string what = text(question) + " " + code;
    if (of_memory.contains(code)) {
        const auto misled = misled_until_ms_.find(asked.environment);
        demand(misled != misled_until_ms_.end() && asked.began_ms < misled->second,
               "no refusal without a reason", what);
    } else if (code == "too_far_ahead") {
        demand(
            asked.is_excused || was_mistaken || question.from_ms > asked.began_ms - clock_error_ms_,
            "no refusal without a reason", what);
    } else if (of_state.contains(code)) {
        check_reason(asked, code);
    } else if (code == "damaged_row" || code == "damaged_key") {
        const auto key = keys_.find(question.key);
        demand(key != keys_.end() && asked.began_ms < key->second.damaged_until_ms,
               "no damage is invented", what);
    } else if (code.starts_with("wrap_")) {
        check_closed(asked, status, code, now_ms);
    } else {
        check_excuse(asked, status, code, now_ms);
    }
}

void Oracle::check_reason(const Request& asked, const std::string& code) const {
    demand(asked.is_excused || asked.reasons.contains(code), "no refusal without a reason",
           text(asked.question) + " " + code);
}

/// Anything else needs an excuse, and one fault that passes is none.
void Oracle::check_excuse(const Request& asked, int status, const std::string& code,
                          std::int64_t now_ms) const {
    const std::string what = text(asked.question) + " " + code;
    demand(status == 500, "a failure is a 500", what);
    const std::int64_t took = now_ms - asked.began_ms;
    const bool calm = asked.faults == 0 && took < calm_ms;
    const bool one_fault = asked.faults == 1 && took < disturbed_ms;
    demand(asked.is_excused || met_shut(asked) || !(calm || one_fault),
           "an answer after any single fault", what);
}

void Oracle::killed(Id request) { requests_.erase(request); }

void Oracle::started(std::size_t environment) {
    mistaken_.erase(environment);
    misled_until_ms_.erase(environment);
    closed_until_ms_.erase(environment);
    std::erase_if(open_, [environment](const auto& wrap) { return wrap.first == environment; });
}

// --- The table -----------------------------------------------------------------------------------

void Oracle::committed(const std::string& key, const Message& message, const Validator& after,
                       std::int64_t now_ms) {
    Key& held = keys_.at(key);
    const Validator& before = held.now;
    const std::string what = key + ", " + text(message) + " on " + text(before.row);
    demand(held.asked.contains(message), "nothing is committed that nobody asked for", what);
    demand(before.row.is_on, "nothing is committed by a key that is off", what);
    const bool is_past = before.until && epoch_of(message) >= *before.until;
    demand(!is_past, "nothing is committed past a key's end", what);
    demand(approves(before.row, message), "nothing is committed that the rule refuses", what);
    Validator wanted = before;
    wanted.row = after_approval(before.row, message);
    demand(after == wanted, "a commit changes what it is about", what + ": " + text(after.row));
    demand_peace(held.committed, message, "no two commits slash", key);
    demand_peace(held.elsewhere, message, "no commit slashes what was imported", key);
    add_once(held.committed, message);
    change(key, after, now_ms);
}

void Oracle::changed(const std::string& key, const Validator& after, std::int64_t now_ms) {
    const auto found = keys_.find(key);
    if (found != keys_.end()) {
        const Row& before = found->second.now.row;
        const auto is_kept = [](int is, int was) { return is == was || is == no_root; };
        demand(after.row.source >= before.source && after.row.target >= before.target &&
                   after.row.slot >= before.slot,
               "a watermark never falls", key + ", " + text(before) + " to " + text(after.row));
        demand(is_kept(after.row.vote_root, before.vote_root) &&
                   is_kept(after.row.block_root, before.block_root),
               "an operator signs nothing", key + ", " + text(after.row));
        demand(after.row.is_on == false || after.has_secret, "what has no secret is off", key);
        demand(!after.row.is_on || !found->second.stays_off, "what is switched off stays off", key);
    }
    change(key, after, now_ms);
}

void Oracle::change(const std::string& key, const Validator& after, std::int64_t now_ms) {
    Key& held = keys_[key];
    if (held.versions.empty() || differ_beside_watermarks(held.now, after)) {
        held.versions.push_back({now_ms, after});
    }
    held.now = after;
    for (auto& [id, request] : requests_) {
        if (request.question.key == key) meet(request, after);
    }
}

void Oracle::damaged(const std::string& key, bool is_damaged, std::int64_t now_ms) {
    keys_.at(key).damaged_until_ms = is_damaged ? for_ever : now_ms + memory_ms;
    for (auto& [id, request] : requests_) {
        if (request.question.key == key) request.is_excused = true;
    }
}

// --- Wraps ---------------------------------------------------------------------------------------

void Oracle::opened(std::size_t environment, const std::string& wrap) {
    open_.emplace(environment, wrap);
}

/// Whatever passes is no reason to stay closed.
void Oracle::closed(Id request, const std::string& wrap, const std::string& code,
                    std::int64_t now_ms) {
    const Request& asked = requests_.at(request);
    demand(!open_.contains({asked.environment, wrap}), "an open wrap stays open", wrap);
    if (code != "wrap_refused") return;
    const auto shut = shut_until_ms_.find(wrap);
    const bool is_shut = shut != shut_until_ms_.end() && asked.began_ms < shut->second;
    demand(is_shut || asked.is_excused || asked.faults > 1, "a wrap stays closed for cause",
           wrap + " " + text(asked.question));
    closed_until_ms_[asked.environment] = now_ms + pause_ms;
}

void Oracle::can_open(const std::string& wrap, bool can, std::int64_t now_ms) {
    std::int64_t& until_ms = shut_until_ms_[wrap];
    if (!can) until_ms = for_ever;
    if (can && until_ms == for_ever) until_ms = now_ms;
}

/// A wrap that cannot be opened, and is not open already, excuses what is said of the attempt.
bool Oracle::met_shut(const Request& asked) const {
    return std::ranges::any_of(shut_until_ms_, [&](const auto& wrap) {
        return asked.began_ms < wrap.second && !open_.contains({asked.environment, wrap.first});
    });
}

void Oracle::check_closed(const Request& asked, int status, const std::string& code,
                          std::int64_t now_ms) const {
    const auto closed = closed_until_ms_.find(asked.environment);
    const bool is_closed = closed != closed_until_ms_.end() && asked.began_ms < closed->second;
    if (!is_closed) check_excuse(asked, status, code, now_ms);
}

// --- Operators -----------------------------------------------------------------------------------

void Oracle::imported(const std::string& key, const std::vector<Message>& messages) {
    std::vector<Message>& elsewhere = keys_.at(key).elsewhere;
    elsewhere.insert(elsewhere.end(), messages.begin(), messages.end());
}

void Oracle::exported(const std::string& key, const Marks& marks, std::size_t count) const {
    const std::vector<Message>& committed = keys_.at(key).committed;
    for (std::size_t i = 0; i < count; ++i) {
        const Message& message = committed.at(i);
        const bool is_within =
            message.is_block ? message.target <= marks.slot
                             : message.source <= marks.source && message.target <= marks.target;
        demand(is_within, "an export is above all that was signed",
               key + ", " + text(message) + " is above the " + text(marks));
    }
}

}  // namespace redoubt::simulation::ethereum
