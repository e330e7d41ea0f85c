// SPDX-License-Identifier: Apache-2.0
#include "condition.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace redoubt::standins {

namespace {

/// An operand whose type is known without an item and is not one that the operator works on is
/// refused while reading.
void refuse_given(const Words& words, const Operand& operand, std::string_view op,
                  std::initializer_list<Type> allowed) {
    if (operand.kind == Operand::Kind::Path) return;
    const Type type = operand.kind == Operand::Kind::Size ? Type::N : operand.given.type;
    if (std::ranges::find(allowed, type) != allowed.end()) return;
    words.refuse("Incorrect operand type for operator or function; operator or function: " +
                 std::string(op) + ", operand type: " + std::string(name(type)));
}

/// An attribute compared with itself is taken for a mistake.
void refuse_same_path(const Words& words, std::string_view op,
                      const std::vector<Operand>& operands) {
    const Operand& first = operands.front();
    for (std::size_t at = 1; at < operands.size(); ++at) {
        const bool both_paths =
            first.kind == Operand::Kind::Path && operands[at].kind == Operand::Kind::Path;
        if (!both_paths || first.attribute != operands[at].attribute) continue;
        words.refuse(
            "The first operand must be distinct from the remaining operands for this "
            "operator or function; operator: " +
            std::string(op) + ", first operand: [" + first.attribute + "]");
    }
}

std::string shown(const Operand& operand) {
    const Json json = to_json(operand.given);
    return "AttributeValue: {" + json.begin().key() + ":" + json.begin()->get<std::string>() + "}";
}

/// Two literal bounds that no value can lie between are a mistake of the caller.
void check_bounds(const Words& words, const Operand& low, const Operand& high) {
    if (low.kind != Operand::Kind::Given || high.kind != Operand::Kind::Given) return;
    const std::string bounds =
        "; lower bound operand: " + shown(low) + ", upper bound operand: " + shown(high);
    const auto order = compare(low.given, high.given);
    if (!order) {
        words.refuse("The BETWEEN operator requires same data type for lower and upper bounds" +
                     bounds);
    }
    if (*order > 0) {
        words.refuse(
            "The BETWEEN operator requires upper bound to be greater than or equal to "
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

void Condition::check_call(const Words& words, const std::string& called, const Node& node) {
    refuse_same_path(words, called, node.operands);
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
        words.refuse(
            "Incorrect number of operands for operator or function; operator or "
            "function: " +
            called + ", number of operands: " + std::to_string(node.operands.size()));
    }
    if (node.operands.front().kind != Operand::Kind::Path && node.op != Operator::BeginsWith) {
        words.refuse("Operator or function requires a document path; operator or function: " +
                     called);
    }
    check_call(words, called, node);
    return node;
}

Condition::Node Condition::parse_comparison(Words& words) {
    struct Comparison {
        std::string_view symbol;
        Operator op;
        bool ordered;
    };
    static constexpr std::array comparisons = {
        Comparison{"=", Operator::Equal, false},  Comparison{"<>", Operator::NotEqual, false},
        Comparison{"<", Operator::Less, true},    Comparison{"<=", Operator::LessOrEqual, true},
        Comparison{">", Operator::Greater, true}, Comparison{">=", Operator::GreaterOrEqual, true}};
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
    Node node{.op = found->op, .operands = {std::move(left), std::move(right)}};
    refuse_same_path(words, found->symbol, node.operands);
    return node;
}

Condition::Node Condition::parse_between(Words& words, Operand tested) {
    Operand low = words.operand();
    words.expect("AND");
    Operand high = words.operand();
    for (const Operand* operand : {&tested, &low, &high}) {
        refuse_given(words, *operand, "BETWEEN", {Type::S, Type::N, Type::B});
    }
    check_bounds(words, low, high);
    Node node{.op = Operator::Between,
              .operands = {std::move(tested), std::move(low), std::move(high)}};
    refuse_same_path(words, "BETWEEN", node.operands);
    return node;
}

Condition::Node Condition::parse_in(Words& words, Operand tested) {
    Node node{.op = Operator::In, .operands = {std::move(tested)}};
    words.expect("(");
    do {
        node.operands.push_back(words.operand());
    } while (words.take_if(","));
    words.expect(")");
    refuse_same_path(words, "IN", node.operands);
    return node;
}

}  // namespace redoubt::standins
