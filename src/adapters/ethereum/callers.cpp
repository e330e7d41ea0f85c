// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/ethereum/callers.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <redoubt/aws/dynamodb/get.hpp>
#include <redoubt/aws/operation.hpp>

namespace redoubt::ethereum_adapters {
namespace {

namespace dynamodb = aws::dynamodb;

/// Makes room for one more: what is out of date goes; else the oldest id that nobody has; else, for
/// one who has rights, the oldest of these. Nobody who has rights goes for a stranger, for whom
/// there may be no room, then.
template <class Cache>
bool make_room(Cache& cache, bool is_for_stranger, const Moment& now) {
    if (cache.size() < Callers::most_remembered) return true;
    std::erase_if(cache, [&now](const auto& entry) {
        return between(entry.second.read_at, now) >= Callers::lasts;
    });
    if (cache.size() < Callers::most_remembered) return true;
    const auto oldest = std::ranges::min_element(cache, {}, [](const auto& entry) {
        return std::pair(entry.second.value.has_value(), entry.second.read_at.steady);
    });
    if (is_for_stranger && oldest->second.value) return false;
    cache.erase(oldest);
    return true;
}

}  // namespace

Result<Json> Callers::read(const dynamodb::ItemKey& key, SteadyTime deadline) {
    const dynamodb::Get get{table_, key, dynamodb::Freshness::Eventual};
    aws::Operation operation(dynamodb_, "GetItem", [body = to_body(get)] { return body; });
    const std::array<io::Exchange*, 1> exchanges = {&operation};
    runner_.run(exchanges, deadline);
    const auto& reply = operation.outcome();
    if (!reply) return std::unexpected(reply.error());
    return dynamodb::read_item(*reply, key);
}

template <class Value, class Parse>
Result<const Value*> Callers::find(Cache<Value>& cache, const dynamodb::ItemKey& key,
                                   const Parse& parse, SteadyTime deadline) {
    const std::string& id = key.front().second;
    const Moment now = dynamodb_.clock().moment();
    auto entry = cache.find(id);
    if (entry == cache.end() || between(entry->second.read_at, now) >= lasts) {
        const auto item = read(key, deadline);
        if (!item) return std::unexpected(item.error());
        std::optional<Value> value;
        if (!item->is_null()) value = parse(*item);
        if (!item->is_null() && !value) {
            return fail(Code::DamagedRow,
                        "the item of this caller's rights lacks an attribute or has one of another "
                        "type: nothing is signed for it until the operator has made another one");
        }
        if (entry == cache.end() && !make_room(cache, !value, now)) return nullptr;
        entry = cache.insert_or_assign(id, Remembered<Value>{std::move(value), now}).first;
    }
    return entry->second.value ? &*entry->second.value : nullptr;
}

Result<access::Caller> Callers::admit(const access::PresentedToken& presented,
                                      SteadyTime deadline) {
    const auto token = find(tokens_, token_key(presented.id), parse_token_item, deadline);
    if (!token) return std::unexpected(token.error());
    return access::admit(*token, presented, dynamodb_.clock().now());
}

Result<access::Caller> Callers::admit(const access::RoleArn& role, SteadyTime deadline) {
    const auto principal = find(principals_, principal_key(role), parse_principal_item, deadline);
    if (!principal) return std::unexpected(principal.error());
    return access::admit(*principal, role, dynamodb_.clock().now());
}

}  // namespace redoubt::ethereum_adapters
