// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/operator/ethereum/commands.hpp>

#include "fields.hpp"
#include "interchange.hpp"
#include "paging.hpp"

namespace redoubt::ethereum_operator {
namespace {

using ethereum_adapters::Validator;

/// Of keys that may sign on, what was exported is old at once. (`until` ends only what is after
/// it.)
Json note_about(const std::vector<Validator>& validators) {
    const auto count = std::ranges::count_if(validators, &Validator::is_on);
    if (count == 0) return nullptr;
    return std::to_string(count) +
           " of these keys are on, so this is out of date with their next signature: before "
           "another "
           "signer has them, `set_keys` with `on`: false, then export again";
}

operators::CommandResult answer(const Context& context, const std::vector<Validator>& validators) {
    return {.members = {{"data", interchange_of(context, validators)},
                        {"count", validators.size()},
                        {"note", note_about(validators)}}};
}

operators::CommandResult export_page(const Context& context, const Json& fields,
                                     SteadyTime deadline) {
    auto position = read_after(fields);
    if (!position) return operators::failed(position.error());
    if (auto error = check_network(context, deadline)) return operators::failed(std::move(*error));
    const auto page =
        scan_validators(context, *position, context.paging.keys, deadline, Roots::Read);
    if (!page) return operators::failed(page.error());
    operators::CommandResult result = answer(context, page->validators);
    result.members.update({{"damaged", page->damaged}, {"next", to_next(*position)}});
    return result;
}

operators::CommandResult run_export_interchange(const Context& context, const Json& fields,
                                                SteadyTime deadline) {
    if (!fields.contains("keys")) return export_page(context, fields, deadline);
    if (fields.contains("after")) {
        return operators::failed(bad_request("`after` is for pages of all keys: leave it out with "
                                             "`keys`")
                                     .error());
    }
    const auto keys = read_keys(fields);
    if (!keys) return operators::failed(keys.error());
    const auto validators = read_validators(context, *keys, Tables::Ours, deadline);
    if (!validators) return operators::failed(validators.error());
    return answer(context, *validators);
}

}  // namespace

operators::Command export_interchange(const Context& context) {
    return operators::bound("export_interchange", {"keys", "after"}, context,
                            run_export_interchange);
}

}  // namespace redoubt::ethereum_operator
