// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "expression.hpp"

namespace redoubt::standins {

/// An update expression with SET (values, attributes, `if_not_exists`), REMOVE, and ADD to a set of
/// texts. Everything throws AwsException (ValidationException). Arithmetic and DELETE are not
/// offered.
class Update {
public:
    Update(std::string_view text, Placeholders& placeholders);

    /// The item as it is afterwards. Right sides see the item as it was.
    [[nodiscard]] Item apply(const Item& item) const;

    /// The attributes that it names on its left sides.
    [[nodiscard]] std::set<std::string> touched() const;

private:
    struct Action {
        std::string attribute;
        bool removes = false;
        bool adds = false;
        bool only_if_missing = false;
        std::string fallback_of{};  ///< the attribute that `if_not_exists` asks for
        Operand value{};
    };
    static Action parse_set(Words& words);
    static Action parse_add(Words& words);
    static Attribute united(const std::optional<Attribute>& set, const Attribute& more);
    static void refuse_overlap(const Words& words, const std::vector<Action>& actions,
                               const std::string& attribute);

    std::vector<Action> actions_;
};

}  // namespace redoubt::standins
