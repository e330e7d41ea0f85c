// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/json.hpp>

#include <algorithm>
#include <vector>

namespace redoubt {
namespace {

constexpr int max_depth = 32;

/// Watches a parse for what nlohmann lets pass: members named twice, and depth.
class Strictness {
public:
    bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
        if (event == Json::parse_event_t::object_start) {
            named_.push_back(0);
            too_deep_ = too_deep_ || depth >= max_depth;
        } else if (event == Json::parse_event_t::array_start) {
            too_deep_ = too_deep_ || depth >= max_depth;
        } else if (event == Json::parse_event_t::object_end) {
            repeated_ = repeated_ || parsed.size() != named_.back();
            named_.pop_back();
        } else if (event == Json::parse_event_t::key) {
            ++named_.back();
        }
        return !too_deep_;  // what is below is not even kept
    }

    [[nodiscard]] bool satisfied() const { return !repeated_ && !too_deep_; }

private:
    // Of the objects that are open, how often a member was named. An object with fewer members than
    // that has some that were named twice.
    std::vector<std::size_t> named_;
    bool repeated_ = false;
    bool too_deep_ = false;
};

bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

void append_quoted(std::string& out, std::string_view text) {
    if (std::ranges::all_of(text, is_plain)) {
        out.append("\"").append(text).append("\"");
    } else {
        out += dump(text);
    }
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
    // For nlohmann a NUL ends the text, and what follows it is anybody's.
    if (text.contains('\0')) return std::nullopt;
    Strictness strictness;
    Json value = Json::parse(text, std::ref(strictness), false);
    if (value.is_discarded() || !strictness.satisfied()) return std::nullopt;
    return value;
}

const Json* member(const Json& value, std::string_view key) {
    if (!value.is_object()) return nullptr;
    const auto found = value.find(key);
    return found == value.end() ? nullptr : &*found;
}

const std::string* string_member(const Json& value, std::string_view key) {
    const Json* found = member(value, key);
    return found == nullptr ? nullptr : found->get_ptr<const std::string*>();
}

std::string dump(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ObjectText& ObjectText::add(std::string_view name, std::string_view value) {
    begin_member(name);
    append_quoted(open_, value);
    return *this;
}

ObjectText& ObjectText::add(std::string_view name, const ObjectText& value) {
    begin_member(name);
    open_.append(value.open_).append("}");
    return *this;
}

ObjectText& ObjectText::add_json(std::string_view name, const Json& value) {
    begin_member(name);
    open_ += dump(value);
    return *this;
}

void ObjectText::begin_member(std::string_view name) {
    if (open_.size() > 1) open_ += ',';
    append_quoted(open_, name);
    open_ += ':';
}

}  // namespace redoubt
