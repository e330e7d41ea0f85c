// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/ethereum/exit.hpp>
#include <redoubt/operator/ethereum/recovery.hpp>

#include "fields.hpp"
#include "opened_keys.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

using ethereum::Epoch;
using ethereum::ValidatorIndex;

/// No chain has as many; DynamoDB's and JSON's numbers hold it.
constexpr std::uint64_t last_index = std::uint64_t{1} << 40U;

/// `validators`: the chain's number of each key, in the same order.
Result<std::vector<ValidatorIndex>> read_indices(const Json& fields, std::size_t count) {
    const Json* list = member(fields, "validators");
    const auto is_index = [](const Json& one) {
        return one.is_number_unsigned() && one.get<std::uint64_t>() <= last_index;
    };
    if (list == nullptr || !list->is_array() || list->size() != count ||
        !std::ranges::all_of(*list, is_index)) {
        return bad_request(
            "`validators` must be the chain's index of each of `keys`, whole numbers in the same "
            "order: a beacon node tells them");
    }
    std::vector<ValidatorIndex> out;
    for (const Json& one : *list) out.emplace_back(one.get<std::uint64_t>());
    return out;
}

/// Nothing is signed for later: who finds such an exit could wait until it hurts.
Result<Epoch> read_epoch(const Json& fields, const Context& context) {
    const auto epoch = read_number(fields, "epoch", 0, (std::uint64_t{1} << 62U));
    if (!epoch) return std::unexpected(epoch.error());
    const auto slot = ethereum::slot_at(context.network, context.dynamodb.clock().now());
    const Epoch now = slot ? ethereum::epoch_of(context.network, *slot) : Epoch();
    if (Epoch(*epoch) > now) {
        return fail(Code::TooFarAhead, "`epoch` is after the current one, " +
                                           std::to_string(now.value()) +
                                           ": give that, from which the exit is valid");
    }
    return Epoch(*epoch);
}

operators::CommandResult run_sign_exits(const Context& context, const Json& fields,
                                        SteadyTime deadline) {
    const auto keys = read_keys(fields);
    if (!keys) return operators::failed(keys.error());
    const auto indices = read_indices(fields, keys->size());
    if (!indices) return operators::failed(indices.error());
    const auto epoch = read_epoch(fields, context);
    if (!epoch) return operators::failed(epoch.error());
    // Also those of a copy, as whoever lost the table may need: an exit slashes nobody.
    const auto validators = read_validators(context, *keys, Tables::Any, deadline);
    if (!validators) return operators::failed(validators.error());
    const OpenedKeys opened = open_keys(context, *validators, deadline);
    Json exits = Json::array();
    for (std::size_t i = 0; i < keys->size(); ++i) {
        const auto& secret = opened.secrets[i];
        if (!secret) return operators::failed(secret.error());
        const auto exit = ethereum::make_exit(*secret, context.network, *epoch, (*indices)[i]);
        if (!exit) return operators::failed(exit.error());
        exits.push_back({{"public_key", (*keys)[i].text()}, {"exit", ethereum::to_json(*exit)}});
    }
    return {.members = {{"exits", std::move(exits)},
                        {"note",
                         "whoever has these can end the validators, for ever: keep them as you "
                         "keep the backups"}}};
}

}  // namespace

operators::Command sign_exits(const Context& context) {
    return operators::bound("sign_exits", {"keys", "validators", "epoch"}, context, run_sign_exits);
}

}  // namespace redoubt::ethereum_operator
