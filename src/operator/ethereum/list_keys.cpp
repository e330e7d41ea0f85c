// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/ethereum/commands.hpp>

#include "paging.hpp"
#include "rows.hpp"

namespace redoubt::ethereum_operator {
namespace {

using ethereum_adapters::Validator;

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
                        {"next", to_next(*position)}}};
}

}  // namespace

operators::Command list_keys(const Context& context) {
    return operators::bound("list_keys", {"after"}, context, run_list_keys);
}

}  // namespace redoubt::ethereum_operator
