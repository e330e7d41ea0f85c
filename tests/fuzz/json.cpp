// SPDX-License-Identifier: Apache-2.0
// JSON, of which all else is made. The input: a text.
#include <set>
#include <string>
#include <vector>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/json.hpp>

#include "check.hpp"

namespace redoubt::fuzz::json {
namespace {

/// Looks for what nlohmann lets pass, in its own words.
struct Scan {
    std::size_t deepest = 0;
    bool names_twice = false;
};

Scan scan(const std::string& text) {
    Scan found;
    std::vector<std::set<std::string>> open;
    const auto look = [&](int depth, Json::parse_event_t event, Json& value) {
        const auto level = static_cast<std::size_t>(depth);
        if (event == Json::parse_event_t::object_start ||
            event == Json::parse_event_t::array_start) {
            found.deepest = std::max(found.deepest, level + 1);
            open.resize(std::max(open.size(), level + 2));
            open[level + 1].clear();
        }
        if (event == Json::parse_event_t::key) {
            found.names_twice |= !open.at(level).insert(value.get<std::string>()).second;
        }
        return true;
    };
    const Json ignored = Json::parse(text, look, false);
    return found;
}

}  // namespace

void one_input(ByteView input) {
    const std::string text(text_of(input));
    const auto value = parse_json(text);
    const Json reference = Json::parse(text, nullptr, false);
    if (!value) {
        if (reference.is_discarded() || text.contains('\0')) return;
        const Scan found = scan(text);
        check(found.names_twice || found.deepest > 32, "what is refused is refused for a reason");
        return;
    }
    check(*value == reference, "what is read is what nlohmann reads");
    check(!text.contains('\0'), "no NUL");
    const Scan found = scan(text);
    check(!found.names_twice && found.deepest <= 32, "no member twice, no depth");
    const std::string written = dump(*value);
    const auto again = parse_json(written);
    check(again && dump(*again) == written, "what is written is read, and written the same");
    check(!written.contains('\n'), "on one line");
    ObjectText object;
    object.add("a", text).add_json("b", *value);
    const auto members = parse_json(object.text());
    check(members && dump(members->at("b")) == written, "members written one by one are read");
}

}  // namespace redoubt::fuzz::json
