// SPDX-License-Identifier: Apache-2.0
#include "policy.hpp"

#include <algorithm>
#include <optional>

#include <redoubt/base/text.hpp>

namespace redoubt::tezos_operator::doctor {
namespace {

using Names = std::vector<std::string>;

/// A string, or a list of strings; other things are none.
Names names_of(const Json* value) {
    Names names;
    if (value == nullptr) return names;
    if (const auto* text = value->get_ptr<const std::string*>()) names.push_back(*text);
    if (!value->is_array()) return names;
    for (const Json& entry : *value) {
        if (const auto* text = entry.get_ptr<const std::string*>()) names.push_back(*text);
    }
    return names;
}

/// `*` and `?` as IAM has them. By marks, not by recursion: a hostile pattern costs little.
bool is_match(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool has_wildcard(std::string_view text) { return text.find_first_of("*?") < text.size(); }

/// Whether a statement is about the action.
bool covers(const Json& statement, const std::string& action) {
    const auto any = [&action](const Names& patterns) {
        return std::ranges::any_of(patterns, [&action](const std::string& pattern) {
            return is_match(lower_case(pattern), action);
        });
    };
    const Json* others = member(statement, "NotAction");
    return others == nullptr ? any(names_of(member(statement, "Action"))) : !any(names_of(others));
}

/// An index or a stream of a table is another resource than the table.
bool is_of(const Json& statement, std::string_view resource) {
    const Json* named = member(statement, "Resource");
    if (named == nullptr) return member(statement, "NotResource") == nullptr;
    return std::ranges::any_of(names_of(named), [resource](const std::string& pattern) {
        return is_match(pattern, resource);
    });
}

bool is_effect(const Json& statement, std::string_view effect) {
    const std::string* given = string_member(statement, "Effect");
    return given != nullptr && *given == effect;
}

/// Whom the condition names by aws:PrincipalArn: exactly, with operators that end so. Empty if it
/// names nobody, or not exactly.
Names arns_in(const Json& statement, std::string_view arn, std::string_view string) {
    const Json* condition = member(statement, "Condition");
    if (condition == nullptr || !condition->is_object()) return {};
    for (const auto& [test, keys] : condition->items()) {
        if ((test != arn && test != string) || !keys.is_object()) continue;
        for (const auto& [key, values] : keys.items()) {
            if (lower_case(key) != "aws:principalarn") continue;
            Names names = names_of(&values);
            if (std::ranges::none_of(names, has_wildcard)) return names;
        }
    }
    return {};
}

void add_allowed(const Json& statement, std::vector<Principal>& found) {
    const Names narrowed = arns_in(statement, "ArnEquals", "StringEquals");
    for (const std::string& name : narrowed) found.push_back({name, true});
    if (!narrowed.empty()) return;
    const Json* principal = member(statement, "Principal");
    if (principal == nullptr || !principal->is_object()) {
        found.push_back({"*", false});
        return;
    }
    for (const auto& [kind, value] : principal->items()) {
        for (std::string& name : names_of(&value)) {
            const bool is_one = kind == "AWS" && !has_wildcard(name) && name.contains(":iam::") &&
                                !name.ends_with(":root");
            found.push_back({std::move(name), is_one});
        }
    }
}

bool is_for_everybody(const Json& statement) {
    const Json* principal = member(statement, "Principal");
    if (principal == nullptr) return false;
    const Names names = names_of(principal->is_object() ? member(*principal, "AWS") : principal);
    return std::ranges::find(names, "*") != names.end();
}

/// All but `exceptions` lose it; of what was wide just these are left.
void keep_only(const Names& exceptions, std::vector<Principal>& found) {
    const bool was_wide = !std::ranges::all_of(found, &Principal::is_one);
    std::erase_if(found, [&exceptions](const Principal& one) {
        return !one.is_one || std::ranges::find(exceptions, one.name) == exceptions.end();
    });
    if (!was_wide) return;
    for (const std::string& name : exceptions) {
        if (std::ranges::find(found, name, &Principal::name) == found.end()) {
            found.push_back({name, true});
        }
    }
}

void apply_deny(const Json& statement, std::vector<Principal>& found) {
    if (!is_for_everybody(statement)) return;
    const Json* condition = member(statement, "Condition");
    if (condition == nullptr) {
        found.clear();
        return;
    }
    // One condition alone: with another one beside it, it may not hold.
    const bool is_alone = condition->is_object() && condition->size() == 1 &&
                          condition->front().is_object() && condition->front().size() == 1;
    if (!is_alone) return;
    const Names exceptions = arns_in(statement, "ArnNotEquals", "StringNotEquals");
    if (!exceptions.empty()) keep_only(exceptions, found);
}

}  // namespace

std::optional<std::vector<Principal>> who_may(std::string_view policy, std::string_view action,
                                              std::string_view resource,
                                              std::vector<Principal> before) {
    const auto parsed = parse_json(policy);
    const Json* statements = parsed ? member(*parsed, "Statement") : nullptr;
    if (statements == nullptr) return std::nullopt;
    const Json list = statements->is_array() ? *statements : Json::array({*statements});
    const std::string wanted = lower_case(action);
    std::vector<Principal> found = std::move(before);
    for (const Json& statement : list) {
        if (is_effect(statement, "Allow") && covers(statement, wanted)) {
            add_allowed(statement, found);
        }
    }
    for (const Json& statement : list) {
        if (is_effect(statement, "Deny") && covers(statement, wanted) &&
            is_of(statement, resource)) {
            apply_deny(statement, found);
        }
    }
    return found;
}

std::string list_principals(const std::vector<Principal>& principals, bool only_wide) {
    std::string list;
    for (const Principal& principal : principals) {
        if (!only_wide || !principal.is_one) list.append(" ").append(principal.name);
    }
    return list;
}

}  // namespace redoubt::tezos_operator::doctor
