// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>

#include "attribute.hpp"

/// What condition, update and key expressions of DynamoDB have in common: words, placeholders,
/// operands. Source: DynamoDB developer guide, "Using expressions".
/// Everything here throws AwsException (ValidationException).
namespace redoubt::standins {

enum class Token { End, Word, Name, Value, Symbol };

/// `ExpressionAttributeNames` and `ExpressionAttributeValues` of one call, and which were used.
class Placeholders {
public:
    /// `absent`: the end of the message if the call has no expression at all.
    Placeholders(const Json& call, std::string_view absent);

    /// `expression`: what the caller calls it, e.g. `ConditionExpression`.
    [[nodiscard]] std::string attribute_name(std::string_view placeholder,
                                             std::string_view expression);
    [[nodiscard]] const Attribute& value(std::string_view placeholder, std::string_view expression);
    /// Call after the last expression.
    void refuse_unused() const;

private:
    std::map<std::string, std::string, std::less<>> names_;
    std::map<std::string, Attribute, std::less<>> values_;
    std::set<std::string, std::less<>> used_;
};

/// Something that has a value in the light of an item: an attribute, a given value, or `size(...)`.
struct Operand {
    enum class Kind { Path, Given, Size };
    Kind kind = Kind::Path;
    std::string attribute{};  ///< Path, Size
    Attribute given{};        ///< Given

    /// Nothing if the item has no such attribute.
    [[nodiscard]] std::optional<Attribute> in(const Item& item) const;
};

/// Walks over the words of one expression.
class Words {
public:
    Words(std::string_view text, std::string expression, Placeholders& placeholders);

    [[nodiscard]] Token kind() const { return tokens_[at_].kind; }
    [[nodiscard]] bool at_end() const { return kind() == Token::End; }
    /// Whether the word here is this symbol, or this keyword in any case.
    [[nodiscard]] bool is(std::string_view word) const;
    /// Whether the word after the next one is `(`.
    [[nodiscard]] bool is_call() const;
    [[nodiscard]] std::string take();
    [[nodiscard]] bool take_if(std::string_view word);
    void expect(std::string_view word);

    /// An attribute's name, written out or as `#name`.
    [[nodiscard]] std::string path();
    /// A path, `:value` or `size(path)`.
    [[nodiscard]] Operand operand();

    [[noreturn]] void refuse(const std::string& why) const;
    [[noreturn]] void syntax_error() const;

private:
    struct Word {
        Token kind;
        std::string text;
    };
    void split(std::string_view text);
    [[noreturn]] void syntax_error_at(std::string_view token) const;

    std::string text_;
    std::string expression_;
    Placeholders& placeholders_;
    std::vector<Word> tokens_;
    std::size_t at_ = 0;
};

/// Whether no expression may name an attribute so without a `#` placeholder. In upper case.
[[nodiscard]] bool is_reserved(std::string_view word);

}  // namespace redoubt::standins
