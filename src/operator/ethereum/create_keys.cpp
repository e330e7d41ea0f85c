// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/sealed/batch_name.hpp>
#include <redoubt/operator/ethereum/commands.hpp>

#include "fields.hpp"
#include "key_maker.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum::PublicKey;
using ethereum_adapters::Batch;

/// Of calls with one name at once, each finds out here that another was before it.
constexpr int most_collisions = 16;
/// Keys in one call with keystores: the second that their password takes leaves less time for them.
constexpr std::size_t most_with_keystores = 25;

Result<Terms> read_terms(const Json& fields) {
    const auto address = read_address(fields);
    if (!address) return std::unexpected(address.error());
    const std::string* text = string_member(fields, "credentials");
    const auto type = text == nullptr ? std::nullopt : ethereum::parse_withdrawal_type(*text);
    if (!type) {
        return bad_request(
            "`credentials` must be \"01\" (rewards above 32 ETH are paid out) or \"02\" (they add "
            "to the stake, up to 2,048 ETH)");
    }
    const auto amount =
        read_number(fields, "amount", ethereum::min_deposit.value(), ethereum::max_deposit.value());
    if (!amount) return std::unexpected(amount.error());
    auto tags = read_tags(fields);
    if (!tags) return std::unexpected(tags.error());
    auto fee = read_fee(fields);
    if (!fee) return std::unexpected(fee.error());
    return Terms{{*type, *address, ethereum::Gwei(*amount)}, std::move(*tags), std::move(*fee)};
}

Result<Asked> read_asked(const Json& fields) {
    const std::string* batch = string_member(fields, "batch");
    if (batch == nullptr || !sealed_adapters::is_batch_name(*batch)) {
        return bad_request(
            "`batch` must be a name for what is made now, 1 to 64 of A-Z a-z 0-9 . _ -: the same "
            "name again returns the same keys");
    }
    const auto keystores = read_flag(fields, "keystores");
    if (!keystores) return std::unexpected(keystores.error());
    const auto count =
        read_number(fields, "count", 1, *keystores ? most_with_keystores : most_keys);
    if (!count) {
        return *keystores ? bad_request(count.error().message + " with `keystores`")
                          : std::unexpected(count.error());
    }
    auto terms = read_terms(fields);
    if (!terms) return std::unexpected(terms.error());
    Json same = {{"count", *count},
                 {"address", fields.at("address")},
                 {"credentials", fields.at("credentials")},
                 {"amount", terms->deposit.amount.value()},
                 {"tags", terms->tags},
                 {"fee", terms->fee}};
    if (*keystores) same["keystores"] = true;
    return Asked{*batch, *count, *keystores, std::move(*terms), dump(same)};
}

/// What the table has of the batch, in which there were `known` keys before, and whether it is a
/// table of ours. Errors: bad_request, wrong_network, damaged_row.
Result<Batch> read_batch(const Context& context, const Asked& asked, std::size_t known,
                         SteadyTime deadline) {
    const auto items = read_items(
        context, {ethereum_adapters::network_key(), ethereum_adapters::batch_key(asked.batch)},
        deadline);
    if (!items) return std::unexpected(items.error());
    if (auto error = judge_network(context, items->front())) {
        return std::unexpected(std::move(*error));
    }
    const Json& item = items->back();
    auto batch = item.is_null() ? Batch{asked.batch, asked.fields, {}}
                                : ethereum_adapters::parse_batch(item);
    if (!batch) {
        return fail(Code::DamagedRow,
                    "what the table remembers of the batch `" + asked.batch +
                        "` can't be read: nothing was written. Make the keys under another name, "
                        "and find out who writes into the table");
    }
    if (batch->fields != asked.fields) {
        return bad_request("the batch `" + asked.batch + "` was made with other fields, " +
                           batch->fields +
                           ": give those to have its keys again, or another name to make new ones");
    }
    if (batch->keys.size() < known || batch->keys.size() > asked.count) {
        return fail(Code::DamagedRow,
                    "the table remembers other keys of the batch `" + asked.batch +
                        "` than were made: nothing more was written. Make keys under another name, "
                        "and find out who writes into the table");
    }
    return std::move(*batch);
}

/// What the table has of one key.
struct Found {
    const Json& validator;
    const std::string* deposit;
    std::optional<bool> is_backed_up;
    const std::string* backup;
    const std::string* keystore;
    const std::string* password;  // of that
};

/// Of a key that was there: what was asked for, with nothing to deposit on if its secret is gone.
/// Error: damaged_row.
Result<ShownKey> show_other(const Context& context, const Asked& asked, const PublicKey& key,
                            const Found& found) {
    const auto validator = ethereum_adapters::parse_validator(found.validator);
    if (!validator) {
        return fail(Code::DamagedRow, "the table has no item of " + key.text() +
                                          " that can be read, though it remembers the batch: send "
                                          "no deposit for it, and find out who writes into the "
                                          "table");
    }
    const std::string deposit = found.deposit == nullptr ? std::string() : *found.deposit;
    if (auto error = check_deposit(context, asked.terms, key, deposit)) {
        return std::unexpected(std::move(*error));
    }
    ShownKey out;
    if (found.backup != nullptr) out.backup = *found.backup;
    out.is_backed_up = found.is_backed_up;
    if (asked.keystores) {
        const bool is_whole = found.keystore != nullptr && found.password != nullptr;
        if (auto error = check_keystore(key, is_whole ? *found.keystore : std::string())) {
            return std::unexpected(std::move(*error));
        }
        out.keystore = {*found.keystore, *found.password};
    }
    if (validator->sealed) {
        out.deposit = deposit;
        out.wrap = validator->sealed->wrap;
    }
    return out;
}

/// Of keys that were there. Errors: damaged_row, deadline, those of the table.
std::optional<Error> show_others(const Context& context, const Asked& asked, const Batch& batch,
                                 ShownKeys& shown, SteadyTime deadline) {
    std::vector<PublicKey> others;
    std::vector<dynamodb::ItemKey> names;
    for (const PublicKey& key : batch.keys) {
        if (shown.contains(key)) continue;
        others.push_back(key);
        names.push_back(ethereum_adapters::validator_key(key));
        names.push_back(ethereum_adapters::deposit_key(key));
        names.push_back(ethereum_adapters::backup_key(key));
    }
    const auto items = read_items(context, names, deadline);
    if (!items) return items.error();
    const auto text = [&](std::size_t i, std::string_view attribute) {
        return ethereum_adapters::read_companion((*items)[i], names[i], attribute);
    };
    for (std::size_t i = 0; i < others.size(); ++i) {
        if (context.dynamodb.clock().steady() >= deadline) return out_of_time();
        const Found found{(*items)[3 * i],
                          text(3 * i + 1, "deposit"),
                          dynamodb::read_flag((*items)[3 * i + 1], "backed_up"),
                          text(3 * i + 2, "backup"),
                          text(3 * i + 2, "keystore"),
                          text(3 * i + 2, "password")};
        auto one = show_other(context, asked, others[i], found);
        if (!one) return one.error();
        shown.emplace(others[i], std::move(*one));
    }
    return std::nullopt;
}

constexpr std::string_view usual_note =
    "these keys sign as soon as the chain has them: keep the backups apart from this account, and "
    "try one, before you send a deposit";
constexpr std::string_view keystores_note =
    "these keys sign here as soon as the chain has them: whoever uses a keystore elsewhere while "
    "its key is on here is slashed. Keep the backups apart from this account, and try one, before "
    "you send a deposit";

Json to_json(const PublicKey& key, const ShownKey& shown) {
    Json out = {{"public_key", key.text()},
                {"path", key_path},
                {"wrap", shown.wrap ? Json(shown.wrap->text()) : Json()},
                {"deposit", shown.deposit ? parse_json(*shown.deposit).value_or(Json()) : Json()},
                {"backup", shown.backup ? Json(*shown.backup) : Json()},
                {"backed_up", shown.is_backed_up ? Json(*shown.is_backed_up) : Json()}};
    if (shown.keystore) {
        out["keystore"] = parse_json(shown.keystore->json).value_or(Json());
        out["password"] = shown.keystore->password;
    }
    return out;
}

operators::CommandResult answer(const Context& context, const Asked& asked, const Batch& batch,
                                const KeyMaker& maker, SteadyTime deadline) {
    ShownKeys shown = maker.written();
    const std::size_t made = shown.size();
    if (made < batch.keys.size()) {
        if (auto error = show_others(context, asked, batch, shown, deadline)) {
            return operators::failed(std::move(*error));
        }
    }
    Json keys = Json::array();
    for (const PublicKey& key : batch.keys) keys.push_back(to_json(key, shown.at(key)));
    return {.members = {{"batch", batch.name},
                        {"outcome", made == 0                   ? "unchanged"
                                    : made == batch.keys.size() ? "created"
                                                                : "finished"},
                        {"wrap", maker.wrap()},
                        {"keys", std::move(keys)},
                        {"note", asked.keystores ? keystores_note : usual_note}}};
}

/// That it was said who gets backups; and of passwords somebody has to.
std::optional<Error> demand_recipients(const Context& context, const Asked& asked) {
    if (auto error = sealed_operator::demand_backup(context.sealing)) return error;
    if (!asked.keystores || !context.sealing.backup_recipients->empty()) return std::nullopt;
    return Error{Code::BadRequest,
                 "`keystores` have a password that only the backup recipients can open, and there "
                 "are none: name some by BACKUP_RECIPIENTS, or leave `keystores` out",
                 {}};
}

operators::CommandResult run_create_keys(const Context& context, const Json& fields,
                                         SteadyTime deadline) {
    const auto asked = read_asked(fields);
    if (!asked) return operators::failed(asked.error());
    if (auto error = demand_recipients(context, *asked)) {
        return operators::failed(std::move(*error));
    }
    auto batch = read_batch(context, *asked, 0, deadline);
    if (!batch) return operators::failed(batch.error());
    KeyMaker maker(context, *asked);
    if (batch->keys.size() < asked->count) {
        if (auto error = maker.prepare(asked->count - batch->keys.size(), deadline)) {
            return operators::failed(std::move(*error));
        }
    }
    for (int collisions = 0; batch->keys.size() < asked->count;) {
        const auto is_added = maker.add_some(*batch, deadline);
        if (!is_added) return operators::failed(is_added.error());
        if (*is_added) continue;
        if (++collisions > most_collisions) {
            return operators::failed({Code::TableUnavailable,
                                      "other writes were under way all the time; repeating the "
                                      "same request is safe",
                                      {}});
        }
        batch = read_batch(context, *asked, batch->keys.size(), deadline);
        if (!batch) return operators::failed(batch.error());
    }
    return answer(context, *asked, *batch, maker, deadline);
}

}  // namespace

operators::Command create_keys(const Context& context) {
    return operators::bound(
        "create_keys",
        {"count", "address", "credentials", "amount", "tags", "fee", "batch", "keystores"}, context,
        run_create_keys);
}

}  // namespace redoubt::ethereum_operator
