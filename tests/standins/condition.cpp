// SPDX-License-Identifier: Apache-2.0
#include "condition.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace redoubt::standins {

namespace {

/// The literal values that an operator cannot work on are refused while reading, whatever the item.
void refuse_given(const Words& words, const Operand& operand, std::string_view op,
                  std::initializer_list<Type> allowed) {
    if (operand.kind != Operand::Kind::Given) return;
    const Type type = operand.given.type;
    if (std::ranges::find(allowed, type) != allowed.end()) return;
    words.refuse("Incorrect operand type for operator or function; operator or function: " +
                 std::string(op) + ", operand type: " + std::string(name(type)));
}

std::string shown(const Operand& operand) {
    const Json json = to_json(operand.given);
    return "AttributeValue: {" + json.begin().key() + ":" + json.begin()->get<std::string>() + "}";
}

/// Two literal bounds that no value can lie between are a mistake of the caller.
void check_bounds(const Words& words, const Operand& low, const Operand& high) {
    if (low.kind != Operand::Kind::Given || high.kind != Operand::Kind::Given) return;
    const std::string bounds = "; lower bound operand: " + shown(low) +
                               ", upper bound operand: " + shown(high);
    const auto order = compare(low.given, high.given);
    if (!order) {
        words.refuse("The BETWEEN operator requires same data type for lower and upper bounds" +
                     bounds);
    }
    if (*order > 0) {
        words.refuse("The BETWEEN operator requires upper bound to be greater than or equal to "
                     "lower bound" +
                     bounds);
    }
}

}  // namespace

Condition::Condition(std::string_view text, const std::string& expression,
                     Placeholders& placeholders) {
    Words words(text, expression, placeholders);
    root_ = parse_or(words);
    if (!words.at_end()) words.syntax_error();
}

Condition::Node Condition::parse_or(Words& words) {
    Node left = parse_and(words);
    while (words.take_if("OR")) {
        Node right = parse_and(words);
        left = {.op = Operator::Or, .nodes = {std::move(left), std::move(right)}};
    }
    return left;
}

Condition::Node Condition::parse_and(Words& words) {
    Node left = parse_not(words);
    while (words.take_if("AND")) {
        Node right = parse_not(words);
        left = {.op = Operator::And, .nodes = {std::move(left), std::move(right)}};
    }
    return left;
}

Condition::Node Condition::parse_not(Words& words) {
    if (words.take_if("NOT")) return {.op = Operator::Not, .nodes = {parse_not(words)}};
    if (words.is("(")) return parse_group(words);
    if (words.is_call() && !words.is("size")) return parse_function(words);
    return parse_comparison(words);
}

Condition::Node Condition::parse_group(Words& words) {
    words.expect("(");
    Node inner = parse_or(words);
    words.expect(")");
    if (inner.grouped) words.refuse("The expression has redundant parentheses;");
    inner.grouped = true;
    return inner;
}

Condition::Node Condition::parse_function(Words& words) {
    struct Function {
        std::string_view name;
        Operator op;
        std::size_t operands;
    };
    static constexpr std::array functions = {
        Function{"attribute_exists", Operator::Exists, 1},
        Function{"attribute_not_exists", Operator::NotExists, 1},
        Function{"attribute_type", Operator::HasType, 2},
        Function{"begins_with", Operator::BeginsWith, 2},
        Function{"contains", Operator::Contains, 2},
    };
    const std::string called = words.take();
    const auto* function = std::ranges::find(functions, called, &Function::name);
    if (function == functions.end()) words.refuse("Invalid function name; function: " + called);
    Node node{.op = function->op};
    words.expect("(");
    do {
        node.operands.push_back(words.operand());
    } while (words.take_if(","));
    words.expect(")");
    if (node.operands.size() != function->operands) {
        words.refuse("Incorrect number of operands for operator or function; operator or "
                     "function: " +
                     called + ", number of operands: " + std::to_string(node.operands.size()));
    }
    if (node.operands.front().kind != Operand::Kind::Path && node.op != Operator::BeginsWith) {
        words.refuse("Operator or function requires a document path; operator or function: " +
                     called);
    }
    if (node.op == Operator::BeginsWith) {
        for (const Operand& operand : node.operands) {
            refuse_given(words, operand, called, {Type::S, Type::B});
        }
    }
    if (node.op == Operator::HasType) {
        refuse_given(words, node.operands[1], called, {Type::S});
        const std::string& type = node.operands[1].given.text;
        static constexpr std::string_view others = " SS NS BS L M ";
        if (!parse_type(type) && !others.contains(" " + type + " ")) {
            words.refuse("Invalid attribute type name found; type: " + type +
                         ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
        }
    }
    return node;
}

Condition::Node Condition::parse_comparison(Words& words) {
    struct Comparison {
        std::string_view symbol;
        Operator op;
        bool ordered;
    };
    static constexpr std::array comparisons = {
        Comparison{"=", Operator::Equal, false},      Comparison{"<>", Operator::NotEqual, false},
        Comparison{"<", Operator::Less, true},        Comparison{"<=", Operator::LessOrEqual, true},
        Comparison{">", Operator::Greater, true},
        Comparison{">=", Operator::GreaterOrEqual, true}};
    Operand left = words.operand();
    if (words.take_if("BETWEEN")) return parse_between(words, std::move(left));
    if (words.take_if("IN")) return parse_in(words, std::move(left));
    const auto* found = std::ranges::find_if(
        comparisons, [&words](const Comparison& known) { return words.is(known.symbol); });
    if (found == comparisons.end()) words.syntax_error();
    (void)words.take();
    Operand right = words.operand();
    if (found->ordered) {
        refuse_given(words, left, found->symbol, {Type::S, Type::N, Type::B});
        refuse_given(words, right, found->symbol, {Type::S, Type::N, Type::B});
    }
    if (left.kind == Operand::Kind::Path && right.kind == Operand::Kind::Path &&
        left.attribute == right.attribute) {
        words.refuse("The first operand must be distinct from the remaining operands for this "
                     "operator or function; operator: " +
                     std::string(found->symbol) + ", first operand: [" + left.attribute + "]");
    }
    return {.op = found->op, .operands = {std::move(left), std::move(right)}};
}

Condition::Node Condition::parse_between(Words& words, Operand tested) {
    Operand low = words.operand();
    words.expect("AND");
    Operand high = words.operand();
    for (const Operand* operand : {&tested, &low, &high}) {
        refuse_given(words, *operand, "BETWEEN", {Type::S, Type::N, Type::B});
    }
    check_bounds(words, low, high);
    return {.op = Operator::Between,
            .operands = {std::move(tested), std::move(low), std::move(high)}};
}

Condition::Node Condition::parse_in(Words& words, Operand tested) {
    Node node{.op = Operator::In, .operands = {std::move(tested)}};
    words.expect("(");
    do {
        node.operands.push_back(words.operand());
    } while (words.take_if(","));
    words.expect(")");
    return node;
}

bool Condition::holds(const Node& node, const Item& item) {
    switch (node.op) {
        case Operator::And:
            return holds(node.nodes[0], item) && holds(node.nodes[1], item);
        case Operator::Or:
            return holds(node.nodes[0], item) || holds(node.nodes[1], item);
        case Operator::Not:
            return !holds(node.nodes[0], item);
        case Operator::Exists:
            return node.operands[0].in(item).has_value();
        case Operator::NotExists:
            return !node.operands[0].in(item).has_value();
        case Operator::In:
            return among(node, item);
        case Operator::Equal:
        case Operator::NotEqual:
        case Operator::Less:
        case Operator::LessOrEqual:
        case Operator::Greater:
        case Operator::GreaterOrEqual:
        case Operator::Between:
        case Operator::HasType:
        case Operator::BeginsWith:
        case Operator::Contains:
            return compares(node, item);
    }
    return false;
}

bool Condition::compares(const Node& node, const Item& item) {
    const auto left = node.operands[0].in(item);
    const auto right = node.operands[1].in(item);
    if (node.op == Operator::NotEqual) return left != right;
    if (!left || !right) return false;
    if (node.op == Operator::Equal) return *left == *right;
    if (node.op == Operator::HasType) return name(left->type) == right->text;
    const bool same_text = left->type == right->type && (left->type == Type::S ||
                                                         left->type == Type::B);
    if (node.op == Operator::BeginsWith) return same_text && left->text.starts_with(right->text);
    if (node.op == Operator::Contains) return same_text && left->text.contains(right->text);

    const auto order = compare(*left, *right);
    if (!order) return false;
    if (node.op == Operator::Less) return *order < 0;
    if (node.op == Operator::LessOrEqual) return *order <= 0;
    if (node.op == Operator::Greater) return *order > 0;
    if (node.op == Operator::GreaterOrEqual) return *order >= 0;
    const auto high = node.operands[2].in(item);
    const auto below = high ? compare(*left, *high) : std::nullopt;
    return *order >= 0 && below && *below <= 0;
}

bool Condition::among(const Node& node, const Item& item) {
    const auto tested = node.operands[0].in(item);
    return tested && std::any_of(node.operands.begin() + 1, node.operands.end(),
                                 [&](const Operand& one) { return one.in(item) == tested; });
}

const Attribute* Condition::demanded(const Node& node, std::string_view attribute) {
    if (node.op == Operator::And) {
        const Attribute* left = demanded(node.nodes[0], attribute);
        return left != nullptr ? left : demanded(node.nodes[1], attribute);
    }
    if (node.op != Operator::Equal) return nullptr;
    const Operand& path = node.operands[0];
    const Operand& value = node.operands[1];
    const bool fits = path.kind == Operand::Kind::Path && path.attribute == attribute &&
                      value.kind == Operand::Kind::Given;
    return fits ? &value.given : nullptr;
}

}  // namespace redoubt::standins
