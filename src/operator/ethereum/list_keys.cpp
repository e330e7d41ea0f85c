// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/operator/ethereum/commands.hpp>

#include "fields.hpp"
#include "rows.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

using ethereum_adapters::Validator;

/// Of an item's name in the table: longer than any that there is.
constexpr std::size_t longest_id = 256;

/// `after`: of each part of the table, where it was left, or null if it is done.
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

Json to_json(const ScanPosition& position) {
    if (position.is_done()) return nullptr;
    Json next = Json::array();
    for (const ScanPosition::Part& part : position.parts) {
        next.push_back(part.is_done ? Json() : Json(part.after.value()));
    }
    return next;
}

Json to_json(const Validator& validator) {
    return {{"public_key", validator.key.text()},
            {"on", validator.is_on},
            {"source", validator.source.value()},
            {"target", validator.target.value()},
            {"slot", validator.slot.value()},
            {"until", or_null(validator.until)},
            {"tags", validator.tags},
            {"fee", validator.fee},
            {"wrap", validator.sealed ? Json(validator.sealed->wrap.text()) : Json()},
            {"made", validator.made_ms},
            {"at", validator.written_ms}};
}

operators::CommandResult run_list_keys(const Context& context, const Json& fields,
                                       SteadyTime deadline) {
    auto position = read_after(fields);
    if (!position) return operators::failed(position.error());
    const auto page = scan_validators(context, *position, context.paging.keys, deadline);
    if (!page) return operators::failed(page.error());
    Json keys = Json::array();
    for (const Validator& validator : page->validators) keys.push_back(to_json(validator));
    return {.members = {{"keys", std::move(keys)},
                        {"damaged", page->damaged},
                        {"next", to_json(*position)}}};
}

}  // namespace

operators::Command list_keys(const Context& context) {
    return {"list_keys", {"after"}, [&context](const Json& fields, SteadyTime deadline) {
                return run_list_keys(context, fields, deadline);
            }};
}

}  // namespace redoubt::ethereum_operator
