// SPDX-License-Identifier: Apache-2.0
#include "condition.hpp"

#include <algorithm>

namespace redoubt::standins {

bool Condition::holds(const Node& node, const Item& item) {
    switch (node.op) {
        case Operator::And: return holds(node.nodes[0], item) && holds(node.nodes[1], item);
        case Operator::Or: return holds(node.nodes[0], item) || holds(node.nodes[1], item);
        case Operator::Not: return !holds(node.nodes[0], item);
        case Operator::Exists: return node.operands[0].in(item).has_value();
        case Operator::NotExists: return !node.operands[0].in(item).has_value();
        case Operator::In: return among(node, item);
        case Operator::Equal:
        case Operator::NotEqual:
        case Operator::Less:
        case Operator::LessOrEqual:
        case Operator::Greater:
        case Operator::GreaterOrEqual:
        case Operator::Between:
        case Operator::HasType:
        case Operator::BeginsWith:
        case Operator::Contains: return compares(node, item);
    }
    return false;
}

bool Condition::contains(const Attribute& holder, const Attribute& part) {
    if (holder.type == Type::StringSet) {
        return part.type == Type::S &&
               std::ranges::find(holder.nested, Json(part.text)) != holder.nested.end();
    }
    const bool same_text =
        holder.type == part.type && (holder.type == Type::S || holder.type == Type::B);
    return same_text && holder.text.contains(part.text);
}

bool Condition::compares(const Node& node, const Item& item) {
    const auto left = node.operands[0].in(item);
    const auto right = node.operands[1].in(item);
    if (!left || !right) return node.op == Operator::NotEqual;
    if (node.op == Operator::NotEqual) return *left != *right;
    if (node.op == Operator::Equal) return *left == *right;
    if (node.op == Operator::HasType) return name(left->type) == right->text;
    const bool same_text =
        left->type == right->type && (left->type == Type::S || left->type == Type::B);
    if (node.op == Operator::BeginsWith) return same_text && left->text.starts_with(right->text);
    if (node.op == Operator::Contains) return contains(*left, *right);

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
