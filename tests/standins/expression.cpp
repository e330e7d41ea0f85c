// SPDX-License-Identifier: Apache-2.0
#include "expression.hpp"

#include <algorithm>
#include <utility>

#include "aws_exception.hpp"

namespace redoubt::standins {

namespace {

constexpr std::size_t max_expression = 4096;

bool begins_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool in_word(char c) { return begins_word(c) || (c >= '0' && c <= '9'); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return out;
}

/// Length of the symbol that `text` begins with; 0 for none.
std::size_t symbol_length(std::string_view text) {
    if (text.starts_with("<>") || text.starts_with("<=") || text.starts_with(">=")) return 2;
    return std::string_view("=<>(),+-.[]").contains(text.front()) ? 1 : 0;
}

bool is_placeholder(std::string_view text, char mark) {
    return text.size() > 1 && text.front() == mark && std::ranges::all_of(text.substr(1), in_word);
}

const Json* given(const Json& call, const std::string& field, std::string_view absent) {
    const Json* map = member(call, field);
    if (map == nullptr || map->is_null()) return nullptr;
    if (!map->is_object()) {
        throw AwsException{.type = "SerializationException",
                           .message = "Unexpected value type in payload"};
    }
    const bool expects = call.contains("ConditionExpression") ||
                         call.contains("UpdateExpression") ||
                         call.contains("KeyConditionExpression") ||
                         call.contains("ProjectionExpression") || call.contains("FilterExpression");
    if (!expects) {
        throw validation(field + " can only be specified when using expressions" +
                         std::string(absent));
    }
    if (map->empty()) throw validation(field + " must not be empty");
    return map;
}

void refuse_key(const std::string& field, const std::string& key) {
    throw validation(field + " contains invalid key: Syntax error; key: \"" + key + "\"");
}

template <class Map>
void refuse_unused_in(const Map& map, const std::set<std::string, std::less<>>& used,
                      const std::string& field) {
    std::string unused;
    for (const auto& [key, value] : map) {
        if (!used.contains(key)) unused += (unused.empty() ? "" : ", ") + key;
    }
    if (unused.empty()) return;
    throw validation("Value provided in " + field + " unused in expressions: keys: {" + unused +
                     "}");
}

/// Characters of a UTF-8 text: all bytes but those that continue one.
std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

/// What `size` gives; nothing for types that have none.
std::optional<std::size_t> size_of(const Attribute& sized) {
    switch (sized.type) {
        case Type::S: return characters(sized.text);
        case Type::B: return sized.text.size();
        case Type::List:
        case Type::Map:
        case Type::StringSet: return sized.nested.size();
        case Type::N:
        case Type::Bool:
        case Type::Null: break;
    }
    return std::nullopt;
}

}  // namespace

Placeholders::Placeholders(const Json& call, std::string_view absent) {
    if (const Json* names = given(call, "ExpressionAttributeNames", "")) {
        for (const auto& [key, value] : names->items()) {
            if (!is_placeholder(key, '#')) refuse_key("ExpressionAttributeNames", key);
            const auto* text = value.get_ptr<const std::string*>();
            if (text == nullptr || text->empty()) {
                throw validation("ExpressionAttributeNames contains invalid value: Syntax error");
            }
            names_.emplace(key, *text);
        }
    }
    const Json* values = given(call, "ExpressionAttributeValues", absent);
    if (values == nullptr) return;
    for (const auto& [key, value] : values->items()) {
        if (!is_placeholder(key, ':')) refuse_key("ExpressionAttributeValues", key);
        try {
            values_.emplace(key, parse_attribute(value));
        } catch (AwsException& problem) {
            if (problem.type == "ValidationException") {
                problem.message =
                    "ExpressionAttributeValues contains invalid value: " + problem.message +
                    " for key " + key;
            }
            throw;
        }
    }
}

std::string Placeholders::attribute_name(std::string_view placeholder,
                                         std::string_view expression) {
    const auto found = names_.find(placeholder);
    if (found == names_.end()) {
        throw validation("Invalid " + std::string(expression) +
                         ": An expression attribute name used in the document path is not "
                         "defined; attribute name: " +
                         std::string(placeholder));
    }
    used_.emplace(placeholder);
    return found->second;
}

const Attribute& Placeholders::value(std::string_view placeholder, std::string_view expression) {
    const auto found = values_.find(placeholder);
    if (found == values_.end()) {
        throw validation("Invalid " + std::string(expression) +
                         ": An expression attribute value used in expression is not defined; "
                         "attribute value: " +
                         std::string(placeholder));
    }
    used_.emplace(placeholder);
    return found->second;
}

void Placeholders::refuse_unused() const {
    refuse_unused_in(names_, used_, "ExpressionAttributeNames");
    refuse_unused_in(values_, used_, "ExpressionAttributeValues");
}

std::optional<Attribute> Operand::in(const Item& item) const {
    if (kind == Kind::Given) return given;
    const auto found = item.find(attribute);
    if (found == item.end()) return std::nullopt;
    if (kind == Kind::Path) return found->second;
    const auto size = size_of(found->second);
    if (!size) return std::nullopt;
    return Attribute{.type = Type::N, .number = Number(std::to_string(*size))};
}

Words::Words(std::string_view text, std::string expression, Placeholders& placeholders)
    : text_(text), expression_(std::move(expression)), placeholders_(placeholders) {
    if (text.size() > max_expression) {
        refuse("Expression size has exceeded the maximum allowed size; expression size: " +
               std::to_string(text.size()));
    }
    split(text);
    if (tokens_.size() == 1) refuse("The expression can not be empty;");
}

void Words::split(std::string_view text) {
    while (!text.empty()) {
        if (is_space(text.front())) {
            text.remove_prefix(1);
            continue;
        }
        const bool marked = text.front() == '#' || text.front() == ':';
        std::size_t length = symbol_length(text);
        Token kind = Token::Symbol;
        if (marked || begins_word(text.front())) {
            const auto end = std::ranges::find_if_not(text.substr(1), in_word);
            length = static_cast<std::size_t>(end - text.begin());
            kind = !marked ? Token::Word : text.front() == '#' ? Token::Name : Token::Value;
            if (marked && length == 1) length = 0;
        }
        if (length == 0) syntax_error_at(text.substr(0, 1));
        tokens_.push_back({kind, std::string(text.substr(0, length))});
        text.remove_prefix(length);
    }
    tokens_.push_back({Token::End, "<EOF>"});
}

bool Words::is(std::string_view word) const {
    const Word& here = tokens_[at_];
    if (here.kind == Token::Symbol) return here.text == word;
    return here.kind == Token::Word && begins_word(word.front()) && upper(here.text) == upper(word);
}

bool Words::is_call() const {
    return kind() == Token::Word && tokens_[at_ + 1].kind == Token::Symbol &&
           tokens_[at_ + 1].text == "(";
}

std::string Words::take() {
    if (at_end()) syntax_error();
    return tokens_[at_++].text;
}

bool Words::take_if(std::string_view word) {
    if (!is(word)) return false;
    ++at_;
    return true;
}

void Words::expect(std::string_view word) {
    if (!take_if(word)) syntax_error();
}

std::string Words::path() {
    if (kind() == Token::Name) return placeholders_.attribute_name(take(), expression_);
    if (kind() != Token::Word) syntax_error();
    if (is_reserved(upper(tokens_[at_].text))) {
        refuse("Attribute name is a reserved keyword; reserved keyword: " + tokens_[at_].text);
    }
    return take();
}

Operand Words::operand() {
    if (kind() == Token::Value) {
        return {.kind = Operand::Kind::Given, .given = placeholders_.value(take(), expression_)};
    }
    if (!is_call()) return {.kind = Operand::Kind::Path, .attribute = path()};
    const std::string function = take();
    if (function != "size") refuse("Invalid function name; function: " + function);
    expect("(");
    Operand sized{.kind = Operand::Kind::Size, .attribute = path()};
    expect(")");
    return sized;
}

void Words::refuse(const std::string& why) const {
    throw validation("Invalid " + expression_ + ": " + why);
}

void Words::syntax_error() const { syntax_error_at(tokens_[at_].text); }

void Words::syntax_error_at(std::string_view token) const {
    refuse("Syntax error; token: \"" + std::string(token) + "\", near: \"" + text_ + "\"");
}

}  // namespace redoubt::standins
