// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/tezos/commands.hpp>

#include "fields.hpp"
#include "rows.hpp"

namespace redoubt::tezos_operator {
namespace {

Json addresses(const tezos::Keys& keys) {
    Json list = Json::array();
    for (const auto& key : keys) list.push_back(key.address);
    return list;
}

Json limits(WallTime now) {
    return {{"levels_a_second", 1},
            {"highest_level_to_arm", unlikely_level.value()},
            {"highest_level_to_arm_with_force", highest_possible_level(now).value()},
            {"pace_slack_ms", tezos::pace_slack.count()},
            {"max_dal_bytes", tezos::max_dal_bytes}};
}

operators::CommandResult run_status(const Context& context, SteadyTime deadline) {
    const aws::CorrectedClock& clock = context.dynamodb.clock();
    Json keys = Json::array();
    Json rows = Json::array();
    for (std::size_t i = 0; i < context.consensus_keys.size(); ++i) {
        const tezos::KeyInfo& key = context.consensus_keys[i];
        const bool is_in_kms = i < context.key_arns.size();
        keys.push_back({{"arn", is_in_kms ? Json(context.key_arns[i]) : Json()},
                        {"pkh", key.address},
                        {"public_key", key.public_key_text}});
        const auto items = read_items(context, key.hash, deadline);
        if (!items) return operators::failed(items.error());
        for (const Json& item : *items) rows.push_back(item_to_json(key.hash, item, clock.now()));
    }
    return {.members = {{"version", context.version},
                        {"table", context.table},
                        {"keys", std::move(keys)},
                        {"addresses", addresses(context.consensus_keys)},
                        {"authorized_keys", addresses(context.authorized_keys)},
                        {"rows", std::move(rows)},
                        {"limits", limits(clock.now())},
                        {"clock",
                         {{"ahead_of_us_ms", clock.measured_offset().count()},
                          {"corrected_by_ms", clock.offset().count()}}}}};
}

}  // namespace

operators::Command status(const Context& context) {
    return {"status", {}, [&context](const Json& /*fields*/, SteadyTime deadline) {
                return run_status(context, deadline);
            }};
}

}  // namespace redoubt::tezos_operator
