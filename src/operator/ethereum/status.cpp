// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include <redoubt/operator/ethereum/commands.hpp>

#include "rows.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

using ethereum_adapters::Validator;

Json network_to_json(const ethereum::Network& network, WallTime now) {
    const auto slot = ethereum::slot_at(network, now);
    return {{"name", network.name},
            {"genesis_validators_root", ethereum::prefixed_hex(network.genesis_validators_root)},
            {"slot", slot ? Json(slot->value()) : Json()},
            {"epoch", slot ? Json(ethereum::epoch_of(network, *slot).value()) : Json()}};
}

/// What the table says of itself.
Json table_is_for(const Context& context, const Json& item) {
    const auto network = ethereum_adapters::parse_network_item(item);
    if (!network) return nullptr;
    return {{"genesis_validators_root", ethereum::prefixed_hex(network->root)},
            {"table", network->table},
            {"is_ours", !judge_network(context, item)}};
}

Json wraps_to_json(const Json& item) {
    Json wraps = Json::array();
    const auto network = ethereum_adapters::parse_network_item(item);
    if (!network) return wraps;
    for (const sealed::WrapId& wrap : network->wraps) wraps.push_back(wrap.text());
    return wraps;
}

Json counts(const ScanPage& page) {
    return {{"keys", page.validators.size()},
            {"on", std::ranges::count_if(page.validators, &Validator::is_on)},
            {"deleted",
             std::ranges::count_if(page.validators,
                                   [](const Validator& validator) { return !validator.sealed; })},
            {"damaged", page.damaged.size()}};
}

Json texts(const std::vector<aws::KeyArn>& arns) {
    Json out = Json::array();
    for (const aws::KeyArn& arn : arns) out.push_back(arn.text);
    return out;
}

operators::CommandResult run_status(const Context& context, SteadyTime deadline) {
    const auto items = read_items(context, {ethereum_adapters::network_key()}, deadline);
    if (!items) return operators::failed(items.error());
    ScanPosition position;
    const auto page =
        scan_validators(context, position, std::numeric_limits<std::size_t>::max(), deadline);
    if (!page) return operators::failed(page.error());
    const aws::CorrectedClock& clock = context.dynamodb.clock();
    const auto& recipients = context.sealing.backup_recipients;
    return {.members = {{"version", context.version},
                        {"network", network_to_json(context.network, clock.now())},
                        {"table", context.table},
                        {"table_is_for", table_is_for(context, items->front())},
                        {"wraps", wraps_to_json(items->front())},
                        {"wrapping_keys", texts(context.sealing.wrapping_keys)},
                        {"threshold", context.threshold},
                        {"backup", recipients ? Json(!recipients->empty()) : Json()},
                        {"counts", counts(*page)},
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

}  // namespace redoubt::ethereum_operator
