// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/adapters/sealed/batch_name.hpp>
#include <redoubt/operator/tezos/commands.hpp>
#include <redoubt/operator/tezos/sealed_contents.hpp>

#include "fields.hpp"
#include "item_puts.hpp"
#include "new_keys.hpp"

namespace redoubt::tezos_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using tezos_adapters::Batch;
using tezos_adapters::SealedItem;

/// A delegate has a consensus key and a companion; some have several delegates.
constexpr std::uint32_t most_keys = 8;

struct Asked {
    std::string batch;
    std::uint32_t count;
    Division division;
    bool is_dry_run;

    /// What has to be the same for a batch to be the same.
    [[nodiscard]] std::string fields() const {
        return dump({{"count", count}, {"threshold", division.threshold}});
    }
};

Result<Asked> read_asked(const Json& fields, const Context& context) {
    const std::string* batch = string_member(fields, "batch");
    if (batch == nullptr || !sealed_adapters::is_batch_name(*batch)) {
        return bad_request(
            "`batch` must be a name for what is made now, 1 to 64 of A-Z a-z 0-9 . _ -: the same "
            "name again returns the same keys");
    }
    const auto count = read_int31_field(fields, "count");
    if (!count || *count < 1 || *count > most_keys) {
        return bad_request("`count`, how many keys to make, must be a whole number from 1 to " +
                           std::to_string(most_keys));
    }
    auto division = sealed_operator::read_division(fields, context.sealing);
    if (!division) return std::unexpected(division.error());
    const auto dry_run = read_flag(fields, "dry_run");
    if (!dry_run) return std::unexpected(dry_run.error());
    if (auto error = sealed_operator::demand_backup(context.sealing))
        return std::unexpected(std::move(*error));
    return Asked{*batch, *count, std::move(*division), *dry_run};
}

/// The keys, and all that the table is to hold of them. Nothing is written yet.
Result<Batch> make_batch(const Context& context, const Asked& asked, SteadyTime deadline) {
    const auto random = sealed_operator::draw_random(tools_of(context), 1 + asked.count, deadline);
    if (!random) return std::unexpected(random.error());
    const auto share_of_kms = [&](std::size_t i) {
        return random->view().subspan(i * sealed_operator::random_share,
                                      sealed_operator::random_share);
    };
    std::vector<crypto::bls::SecretKey> secrets;
    for (std::size_t i = 1; i <= asked.count; ++i) secrets.push_back(make_secret(share_of_kms(i)));
    const auto id = sealed::WrapId::made_for(secrets.front().public_key().encoded());
    const auto wrap =
        sealed_operator::make_wrap(tools_of(context), id, asked.division, share_of_kms(0),
                                   sealed_operator::Trial::None, deadline);
    if (!wrap) return std::unexpected(wrap.error());
    Batch batch{asked.batch, asked.fields(), {}, wrap->wrap.made_ms, {{wrap->wrap, {}}}};
    for (const crypto::bls::SecretKey& secret : secrets) {
        auto item = seal_key(context, secret, *wrap);
        if (!item) return std::unexpected(item.error());
        batch.keys.push_back(item->public_key);
        batch.pending->keys.push_back(std::move(*item));
    }
    return batch;
}

std::unexpected<Error> damaged(const std::string& batch) {
    return fail(Code::DamagedRow, "what the table remembers of the batch `" + batch +
                                      "` can't be read: nothing was written. Make the keys under "
                                      "another name, and find out who writes into the table");
}

/// Makes the batch the one of that name, unless there is one already: which it is then.
Result<Batch> decide(const Context& context, Batch made, SteadyTime deadline) {
    const auto put = put_items(context, {creation(context, to_item(made))}, deadline);
    if (!put) return std::unexpected(put.error());
    if (put->front().is_written) return made;
    const Json& found = put->front().found;
    auto there = tezos_adapters::is_batch_item_of(found, made.name)
                     ? tezos_adapters::parse_batch_item(found)
                     : std::nullopt;
    if (!there) return damaged(made.name);
    return std::move(*there);
}

/// Writes what a batch still holds back: first the wrap, without which no key opens, and at last
/// that nothing is missing. Whoever else does the same meanwhile writes the same.
std::optional<Error> finish(const Context& context, Batch batch, SteadyTime deadline) {
    const auto pending = std::exchange(batch.pending, std::nullopt);
    const auto wrap =
        put_items(context, {creation(context, tezos_adapters::to_item(pending->wrap))}, deadline);
    if (!wrap) return wrap.error();
    std::vector<dynamodb::Put> keys;
    for (const SealedItem& key : pending->keys) keys.push_back(creation(context, to_item(key)));
    if (const auto put = put_items(context, keys, deadline); !put) return put.error();
    const auto finished = dynamodb::put_if_unchanged(context.table, to_item(batch), "made",
                                                     dynamodb::number(batch.made_ms));
    if (const auto put = put_items(context, {finished}, deadline); !put) return put.error();
    return std::nullopt;
}

/// The items of a batch that is finished.
Result<std::vector<SealedItem>> find_items(const Batch& batch, const SealedContents& contents) {
    std::vector<SealedItem> items;
    for (const crypto::PublicKey& key : batch.keys) {
        const SealedItem* item = find_key(contents, key);
        if (item == nullptr) {
            return fail(Code::DamagedKey,
                        "the batch `" + batch.name + "` has a key " + tezos::to_text(key) +
                            " that is not in the table, or can't be read there: bring it in again "
                            "from its backup");
        }
        items.push_back(*item);
    }
    return items;
}

Json keys_to_json(const std::vector<SealedItem>& items) {
    Json keys = Json::array();
    for (const SealedItem& item : items) keys.push_back(to_json(item));
    return keys;
}

/// SEALED_KEYS, which is to name the new ones as well.
Json served(const Context& context) {
    Json keys = Json::array();
    for (std::size_t i = context.key_arns.size(); i < context.consensus_keys.size(); ++i) {
        keys.push_back(context.consensus_keys[i].public_key_text);
    }
    return keys;
}

operators::CommandResult answer(const Context& context, const Batch& batch,
                                const std::vector<SealedItem>& items, bool is_new) {
    return {.members = {{"batch", batch.name},
                        {"outcome", is_new ? "created" : "unchanged"},
                        {"keys", keys_to_json(items)},
                        {"served", served(context)},
                        {"note",
                         "nothing signs with these keys yet: put their public keys into "
                         "SEALED_KEYS, `arm` them, and register them once the signer has opened "
                         "them"}}};
}

operators::CommandResult rehearsed(const Batch& batch) {
    return {.members = {{"batch", batch.name},
                        {"outcome", "created"},
                        {"dry_run", true},
                        {"keys", Json::array()},
                        {"note",
                         "KMS made and encrypted what it would have to; nothing was written, and "
                         "what was made is gone"}}};
}

/// Of a batch that is there, and may have to be finished.
operators::CommandResult answer_there(const Context& context, const Asked& asked,
                                      const Batch& batch, SteadyTime deadline) {
    if (batch.fields != asked.fields()) {
        return operators::failed(
            {Code::BadRequest,
             "the batch `" + batch.name + "` was made with other fields, " + batch.fields +
                 ": give those to have its keys again, or another name to make new ones",
             {}});
    }
    if (batch.pending) {
        if (!asked.is_dry_run) {
            if (auto error = finish(context, batch, deadline)) {
                return operators::failed(std::move(*error));
            }
        }
        return answer(context, batch, batch.pending->keys, false);
    }
    // It was finished before, and its items may have been sealed anew since.
    const auto contents = read_contents(context, deadline);
    if (!contents) return operators::failed(contents.error());
    const auto items = find_items(batch, *contents);
    return items ? answer(context, batch, *items, false) : operators::failed(items.error());
}

operators::CommandResult run_create_key(const Context& context, const Json& fields,
                                        SteadyTime deadline) {
    const auto asked = read_asked(fields, context);
    if (!asked) return operators::failed(asked.error());
    const auto contents = read_contents(context, deadline);
    if (!contents) return operators::failed(contents.error());
    if (is_damaged(*contents, "batch/" + asked->batch)) {
        return operators::failed(damaged(asked->batch).error());
    }
    if (const Batch* there = find_batch(*contents, asked->batch)) {
        return answer_there(context, *asked, *there, deadline);
    }
    auto made = make_batch(context, *asked, deadline);
    if (!made) return operators::failed(made.error());
    if (asked->is_dry_run) return rehearsed(*made);
    const auto wrap = made->pending->wrap.id;
    const auto batch = decide(context, std::move(*made), deadline);
    if (!batch) return operators::failed(batch.error());
    const bool is_ours = batch->pending && batch->pending->wrap.id == wrap;
    if (!is_ours) return answer_there(context, *asked, *batch, deadline);
    if (auto error = finish(context, *batch, deadline)) return operators::failed(std::move(*error));
    return answer(context, *batch, batch->pending->keys, true);
}

}  // namespace

operators::Command create_key(const Context& context) {
    return operators::bound("create_key", {"count", "batch", "threshold", "dry_run"}, context,
                            run_create_key);
}

}  // namespace redoubt::tezos_operator
