// SPDX-License-Identifier: Apache-2.0
#include "paging.hpp"

#include <algorithm>

#include "fields.hpp"

namespace redoubt::ethereum_operator {
namespace {

/// Of an item's name in the table: longer than any that there is.
constexpr std::size_t longest_id = 256;

}  // namespace

Result<ScanPosition> read_after(const Json& fields) {
    ScanPosition position;
    const Json* list = member(fields, "after");
    if (list == nullptr) return position;
    const auto is_part = [](const Json& part) {
        const auto* text = part.get_ptr<const std::string*>();
        return part.is_null() || (text != nullptr && !text->empty() && text->size() <= longest_id);
    };
    if (!list->is_array() || list->size() != position.parts.size() ||
        !std::ranges::all_of(*list, is_part)) {
        return bad_request("`after` must be the `next` of the page before, as it was");
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto* text = (*list)[i].get_ptr<const std::string*>();
        if (text == nullptr) {
            position.parts.at(i).is_done = true;
        } else {
            position.parts.at(i).after = *text;
        }
    }
    return position;
}

Json to_next(const ScanPosition& position) {
    if (position.is_done()) return nullptr;
    Json next = Json::array();
    for (const ScanPosition::Part& part : position.parts) {
        next.push_back(part.is_done ? Json() : Json(part.after.value()));
    }
    return next;
}

}  // namespace redoubt::ethereum_operator
