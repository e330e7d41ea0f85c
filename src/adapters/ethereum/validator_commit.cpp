// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/ethereum/validator_commit.hpp>

namespace redoubt::ethereum_adapters {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum::AttestationDuty;
using ethereum::BlockDuty;

void name_all(dynamodb::Update& update, std::initializer_list<const char*> names) {
    for (const std::string name : names) update.names.add("#" + name, name);
}

void add_duty(dynamodb::Update& update, const AttestationDuty& duty) {
    name_all(update, {"src", "tgt", "aroot"});
    // A target is the epoch that `until` has to be above, too.
    update.values.add(":s", dynamodb::natural(duty.source.value()));
    update.condition =
        "#on = :true AND #src <= :s AND "
        "(#tgt < :e OR (#tgt = :e AND #src = :s AND #aroot = :r))";
    update.update = "SET #src = :s, #tgt = :e, #aroot = :r, #at = :now";
}

void add_duty(dynamodb::Update& update, const BlockDuty& duty) {
    name_all(update, {"slot", "broot"});
    update.values.add(":n", dynamodb::natural(duty.slot.value()));
    update.condition = "#on = :true AND (#slot < :n OR (#slot = :n AND #broot = :r))";
    update.update = "SET #slot = :n, #broot = :r, #at = :now";
}

/// That the row bears one of the caller's tags: in the condition, as it may change meanwhile.
void add_tags(dynamodb::Update& update, const std::set<std::string>& tags) {
    if (tags.empty()) return;
    update.names.add("#tags", "tags");
    std::string any;
    for (const std::string& tag : tags) {
        const std::string value = ":g" + std::to_string(1 + std::ranges::count(any, '('));
        update.values.add(value, dynamodb::text(tag));
        any += (any.empty() ? "" : " OR ") + ("contains(#tags, " + value + ")");
    }
    update.condition += " AND (" + any + ")";
}

}  // namespace

dynamodb::Update commit_update(const std::string& table, const ethereum::Proposal& proposal,
                               WallTime now) {
    dynamodb::Update update{table, dynamodb::to_attributes(validator_key(proposal.key)), {}, {}, {},
                            {}};
    name_all(update, {"on", "at", "until"});
    update.values.add(":true", dynamodb::flag(true))
        .add(":e", dynamodb::natural(proposal.epoch.value()))
        .add(":r", dynamodb::binary(proposal.root))
        .add(":now", dynamodb::number(unix_ms(now)));
    std::visit([&update](const auto& duty) { add_duty(update, duty); }, proposal.duty);
    update.condition += " AND (attribute_not_exists(#until) OR #until > :e)";
    add_tags(update, proposal.tags.any_of);
    return update;
}

Result<dynamodb::WriteReply<Validator>> judge_commit(const aws::Reply& reply,
                                                     const ethereum::PublicKey& key) {
    return dynamodb::judge_write(
        reply,
        [name = validator_key(key)](const Json& item) { return dynamodb::has_key(item, name); },
        parse_validator);
}

ethereum::ValidatorRow to_row(const Validator& validator) {
    return {.is_on = validator.is_on,
            .source = validator.source,
            .target = validator.target,
            .slot = validator.slot,
            .attestation_root = validator.attestation_root,
            .block_root = validator.block_root,
            .until = validator.until,
            .tags = validator.tags,
            .fee = validator.fee};
}

}  // namespace redoubt::ethereum_adapters
