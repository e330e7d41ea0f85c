// SPDX-License-Identifier: Apache-2.0
#include "update.hpp"

#include <utility>

#include "aws_exception.hpp"

namespace redoubt::standins {

Update::Update(std::string_view text, Placeholders& placeholders) {
    Words words(text, "UpdateExpression", placeholders);
    std::set<std::string> sections;
    while (!words.at_end()) {
        const bool sets = words.is("SET");
        const bool adds = words.is("ADD");
        if (!sets && !adds && !words.is("REMOVE")) words.syntax_error();
        const std::string section = sets ? "SET" : adds ? "ADD" : "REMOVE";
        (void)words.take();
        if (!sections.insert(section).second) {
            words.refuse("The \"" + section +
                         "\" section can only be used once in an update expression;");
        }
        do {
            Action action = sets   ? parse_set(words)
                            : adds ? parse_add(words)
                                   : Action{.attribute = words.path(), .removes = true};
            refuse_overlap(words, actions_, action.attribute);
            actions_.push_back(std::move(action));
        } while (words.take_if(","));
    }
}

Update::Action Update::parse_set(Words& words) {
    Action action{.attribute = words.path()};
    words.expect("=");
    if (!words.is_call()) {
        action.value = words.operand();
        return action;
    }
    const std::string function = words.take();
    if (function != "if_not_exists") words.refuse("Invalid function name; function: " + function);
    words.expect("(");
    action.only_if_missing = true;
    action.fallback_of = words.path();
    words.expect(",");
    action.value = words.operand();
    words.expect(")");
    return action;
}

Update::Action Update::parse_add(Words& words) {
    Action action{.attribute = words.path(), .adds = true};
    action.value = words.operand();
    if (action.value.kind != Operand::Kind::Given || action.value.given.type != Type::StringSet) {
        words.refuse("Incorrect operand type for operator or function; operator: ADD");
    }
    return action;
}

Attribute Update::united(const std::optional<Attribute>& set, const Attribute& more) {
    if (!set) return more;
    if (set->type != Type::StringSet) {
        throw validation("An operand in the update expression has an incorrect data type");
    }
    std::set<std::string> all = set->nested;
    all.insert(more.nested.begin(), more.nested.end());
    return {.type = Type::StringSet, .nested = all};
}

void Update::refuse_overlap(const Words& words, const std::vector<Action>& actions,
                            const std::string& attribute) {
    for (const Action& earlier : actions) {
        if (earlier.attribute != attribute) continue;
        words.refuse(
            "Two document paths overlap with each other; must remove or rewrite one of "
            "these paths; path one: [" +
            attribute + "], path two: [" + attribute + "]");
    }
}

Item Update::apply(const Item& item) const {
    Item after = item;
    for (const Action& action : actions_) {
        if (action.removes) {
            after.erase(action.attribute);
            continue;
        }
        if (action.adds) {
            const Operand there{.kind = Operand::Kind::Path, .attribute = action.attribute};
            after[action.attribute] = united(there.in(item), action.value.given);
            continue;
        }
        std::optional<Attribute> value;
        if (action.only_if_missing) {
            value = Operand{.kind = Operand::Kind::Path, .attribute = action.fallback_of}.in(item);
        }
        if (!value) value = action.value.in(item);
        if (!value) {
            throw validation(
                "The provided expression refers to an attribute that does not exist "
                "in the item");
        }
        after[action.attribute] = *value;
    }
    return after;
}

std::set<std::string> Update::touched() const {
    std::set<std::string> names;
    for (const Action& action : actions_) names.insert(action.attribute);
    return names;
}

}  // namespace redoubt::standins
