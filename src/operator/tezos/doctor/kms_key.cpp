// SPDX-License-Identifier: Apache-2.0
#include "kms_key.hpp"

#include <algorithm>

#include "policy.hpp"

namespace redoubt::tezos_operator::doctor {

std::string key_body(const std::string& arn) { return ObjectText().add("KeyId", arn).text(); }

std::string key_policy_body(const std::string& arn) {
    return ObjectText().add("KeyId", arn).add("PolicyName", "default").text();
}

/// `MultiRegionConfiguration` names all Regions.
std::string other_regions(const Json& key, std::string_view arn) {
    const Json& config = object_in(key, "MultiRegionConfiguration");
    std::string list;
    const auto look = [&](const Json& one) {
        const std::string* other = string_member(one, "Arn");
        if (other != nullptr && *other != arn) list.append(" ").append(*other);
    };
    look(object_in(config, "PrimaryKey"));
    const Json& replicas = object_in(config, "ReplicaKeys");
    if (replicas.is_array()) std::ranges::for_each(replicas, look);
    return list;
}

bool has_grants(const aws::Reply& reply) {
    const Json& list = object_in(reply.body, "Grants");
    return !list.is_array() || !list.empty();
}

std::string wide_changers(std::string_view policy, std::string_view arn) {
    std::string changers;
    for (const char* action : {"kms:PutKeyPolicy", "kms:ReplicateKey"}) {
        if (const auto who = who_may(policy, action, arn)) changers += list_principals(*who, true);
    }
    return changers;
}

}  // namespace redoubt::tezos_operator::doctor
