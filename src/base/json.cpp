// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/json.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace redoubt {
namespace {

constexpr std::size_t max_depth = 32;

/// Builds a value as nlohmann parses its text, and stops at what nlohmann would let pass: members
/// named twice, and depth.
class StrictBuilder {
public:
    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(std::int64_t value) { return put(value); }
    bool number_unsigned(std::uint64_t value) { return put(value); }
    bool number_float(double value, const std::string& /*text*/) { return put(value); }
    bool string(const std::string& value) { return put(value); }
    static bool binary(const Json::binary_t& /*value*/) { return false; }  // JSON has none

    bool start_object(std::size_t /*size*/) { return open(Json::object()); }
    bool key(const std::string& name) {
        const auto [entry, is_new] = open_.back()->get_ref<Json::object_t&>().try_emplace(name);
        member_ = &entry->second;
        return is_new;
    }
    bool end_object() { return close(); }
    bool start_array(std::size_t /*size*/) { return open(Json::array()); }
    bool end_array() { return close(); }

    static bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                            const Json::exception& /*what*/) {
        return false;
    }

    [[nodiscard]] Json take() { return std::move(root_); }

private:
    bool put(Json value) {
        place(std::move(value));
        return true;
    }
    bool open(Json empty) {
        if (open_.size() >= max_depth) return false;
        open_.push_back(&place(std::move(empty)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }
    Json& place(Json value) {
        if (open_.empty()) return root_ = std::move(value);
        if (open_.back()->is_object()) return *member_ = std::move(value);
        return open_.back()->get_ref<Json::array_t&>().emplace_back(std::move(value));
    }

    Json root_;
    // Objects and arrays that are not at their end. None moves: all that grows is the last one.
    std::vector<Json*> open_;
    Json* member_ = nullptr;  // that was named last
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
    StrictBuilder builder;
    if (!Json::sax_parse(text, &builder)) return std::nullopt;
    return builder.take();
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

ObjectText& ObjectText::add(std::string_view name, std::span<const ObjectText> list) {
    begin_member(name);
    open_ += '[';
    for (const ObjectText& one : list) {
        if (open_.back() != '[') open_ += ',';
        open_.append(one.open_).append("}");
    }
    open_ += ']';
    return *this;
}

ObjectText& ObjectText::add_json(std::string_view name, const Json& value) {
    begin_member(name);
    open_ += dump(value);
    return *this;
}

ObjectText& ObjectText::add_verbatim(std::string_view name, std::string_view json) {
    begin_member(name);
    open_ += json;
    return *this;
}

void ObjectText::begin_member(std::string_view name) {
    if (open_.size() > 1) open_ += ',';
    append_quoted(open_, name);
    open_ += ':';
}

}  // namespace redoubt
