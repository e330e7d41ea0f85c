// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "expression.hpp"

namespace redoubt::standins {

/// A condition expression, parsed. Everything throws AwsException (ValidationException).
class Condition {
public:
    /// `expression` names it in error messages, e.g. `ConditionExpression`.
    Condition(std::string_view text, const std::string& expression, Placeholders& placeholders);

    [[nodiscard]] bool holds(const Item& item) const { return holds(root_, item); }

    /// The value that the expression demands of an attribute: `attribute = :value`, alone or joined
    /// by AND. Null if it does not. For key conditions.
    [[nodiscard]] const Attribute* demanded(std::string_view attribute) const {
        return demanded(root_, attribute);
    }

private:
    enum class Operator {
        And,
        Or,
        Not,
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        Between,
        In,
        Exists,
        NotExists,
        HasType,
        BeginsWith,
        Contains,
    };
    struct Node {
        Operator op{};
        std::vector<Node> nodes{};
        std::vector<Operand> operands{};
        bool grouped = false;  ///< stood in parentheses
    };

    static Node parse_or(Words& words);
    static Node parse_and(Words& words);
    static Node parse_not(Words& words);
    static Node parse_group(Words& words);
    static Node parse_function(Words& words);
    static void check_call(const Words& words, const std::string& called, const Node& node);
    static Node parse_comparison(Words& words);
    static Node parse_between(Words& words, Operand tested);
    static Node parse_in(Words& words, Operand tested);
    static bool holds(const Node& node, const Item& item);
    static bool contains(const Attribute& holder, const Attribute& part);
    static bool compares(const Node& node, const Item& item);
    static bool among(const Node& node, const Item& item);
    static const Attribute* demanded(const Node& node, std::string_view attribute);

    Node root_;
};

}  // namespace redoubt::standins
