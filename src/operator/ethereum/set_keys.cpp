// SPDX-License-Identifier: Apache-2.0
// What an operator says of keys that are there.
#include <functional>
#include <limits>

#include <redoubt/operator/ethereum/commands.hpp>

#include "fields.hpp"
#include "rows.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum::Epoch;
using ethereum_adapters::Validator;

/// What a command says of a key, and whether the key is so already.
struct Word {
    std::function<bool(const Validator&)> is_so;
    std::function<RowChange(const Validator&)> change;
};

/// The keys are read, then written. Also what is so already: an earlier command, whose answer was
/// given up, may have a write on its way still, which has to find that another one came after it.
operators::CommandResult run_change(const Context& context, const Json& fields, const Word& word,
                                    SteadyTime deadline, Tables tables = Tables::Ours) {
    const auto keys = read_keys(fields);
    if (!keys) return operators::failed(keys.error());
    const auto before = read_validators(context, *keys, tables, deadline);
    if (!before) return operators::failed(before.error());
    const auto set = [&word](const Validator& validator) {
        RowChange change = word.change(validator);
        change.rows = Rows::AsSet;
        change.is_so = word.is_so(validator);
        return std::optional(std::move(change));
    };
    return to_result(change_moving_rows(context, *before, set, deadline));
}

RowChange switched_on(const Validator& validator) {
    return {
        .update = ", #on = :on, #shard = :shard",
        .condition = "attribute_exists(#sealed)",
        .names = {"on", "shard", "sealed"},
        .values = ObjectText()
                      .add(":on", dynamodb::flag(true))
                      .add(":shard", dynamodb::text(ethereum_adapters::shard_of(validator.key))),
        .refused = {Code::BadRequest,
                    "this key was deleted, so it stays off: bring its secret in again by "
                    "`import_key`",
                    {}}};
}

operators::CommandResult run_set_keys(const Context& context, const Json& fields,
                                      SteadyTime deadline) {
    const Json* on = member(fields, "on");
    if (on == nullptr || !on->is_boolean()) {
        return operators::failed(bad_request("`on` must be true or false").error());
    }
    const bool is_on = on->get<bool>();
    return run_change(context, fields,
                      {[is_on](const Validator& validator) { return validator.is_on == is_on; },
                       [is_on](const Validator& validator) {
                           return is_on ? switched_on(validator) : switched_off();
                       }},
                      // Nothing keeps anybody from switching a key off.
                      deadline, is_on ? Tables::Ours : Tables::Any);
}

RowChange new_until(const Epoch& until, bool force) {
    return {.update = ", #until = :until",
            .condition = force ? "" : "(attribute_not_exists(#until) OR #until >= :until)",
            .names = {"until"},
            .values = ObjectText().add(":until", dynamodb::natural(until.value())),
            .refused = {Code::HandedOver,
                        "this key ends before that epoch, and may be handed over to another "
                        "signer: if it is not, add `force`: true",
                        {}},
            .only_quietens = !force};
}

RowChange no_until(bool force) {
    return {.update = " REMOVE #until",
            .condition = force ? "" : "attribute_not_exists(#until)",
            .names = {"until"},
            .refused = new_until({}, force).refused};
}

operators::CommandResult run_set_until(const Context& context, const Json& fields,
                                       SteadyTime deadline) {
    const auto force = read_flag(fields, "force");
    if (!force) return operators::failed(force.error());
    const Json* value = member(fields, "until");
    std::optional<Epoch> until;
    if (value == nullptr || !value->is_null()) {
        const auto epoch =
            read_number(fields, "until", 0, std::numeric_limits<std::uint64_t>::max());
        if (!epoch) {
            return operators::failed(
                {Code::BadRequest, epoch.error().message + ", or null for no end", {}});
        }
        until = Epoch(*epoch);
    }
    return run_change(context, fields,
                      {[&until](const Validator& validator) { return validator.until == until; },
                       [&until, is_forced = *force](const Validator&) {
                           return until ? new_until(*until, is_forced) : no_until(is_forced);
                       }},
                      deadline);
}

/// A set of texts, or none, in the place of what is there.
RowChange new_texts(const std::string& name, const std::set<std::string>& texts) {
    if (texts.empty()) return {.update = " REMOVE #" + name, .condition = "", .names = {name}};
    return {.update = ", #" + name + " = :texts",
            .condition = "",
            .names = {name},
            .values = ObjectText().add(":texts", dynamodb::text_set(texts))};
}

/// `tags` or `fee`, which has to be there: none is said by an empty list.
operators::CommandResult run_set_texts(const Context& context, const Json& fields,
                                       const std::string& name,
                                       Result<std::set<std::string>> (*read)(const Json&),
                                       std::set<std::string> Validator::* texts,
                                       SteadyTime deadline) {
    if (!fields.contains(name)) {
        return operators::failed(
            bad_request("`" + name + "` is missing: an empty list takes all away").error());
    }
    const auto wanted = read(fields);
    if (!wanted) return operators::failed(wanted.error());
    return run_change(context, fields,
                      {[&](const Validator& validator) { return validator.*texts == *wanted; },
                       [&](const Validator&) { return new_texts(name, *wanted); }},
                      deadline);
}

}  // namespace

RowChange switched_off() {
    return {.update = ", #on = :on REMOVE #shard",
            .condition = "",
            .names = {"on", "shard"},
            .values = ObjectText().add(":on", dynamodb::flag(false)),
            .rows = Rows::AsSet,
            .only_quietens = true};
}

operators::Command set_keys(const Context& context) {
    return operators::bound("set_keys", {"keys", "on"}, context, run_set_keys);
}

operators::Command set_until(const Context& context) {
    return operators::bound("set_until", {"keys", "until", "force"}, context, run_set_until);
}

operators::Command tag_keys(const Context& context) {
    return {"tag_keys", {"keys", "tags"}, [&context](const Json& fields, SteadyTime deadline) {
                return run_set_texts(context, fields, "tags", read_tags, &Validator::tags,
                                     deadline);
            }};
}

operators::Command set_fee(const Context& context) {
    return {"set_fee", {"keys", "fee"}, [&context](const Json& fields, SteadyTime deadline) {
                return run_set_texts(context, fields, "fee", read_fee, &Validator::fee, deadline);
            }};
}

}  // namespace redoubt::ethereum_operator
