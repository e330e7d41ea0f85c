// SPDX-License-Identifier: Apache-2.0
#include "key_maker.hpp"

#include <algorithm>
#include <iterator>

#include "table_reads.hpp"
#include "writes.hpp"

namespace redoubt::ethereum_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum::PublicKey;
using ethereum_adapters::Batch;

/// Keys in one transaction: three items each, and those of batch, wrap and network, are not above
/// what DynamoDB takes; and what a call that is cut off has made, is there.
constexpr std::size_t keys_at_once = 24;
/// Made without a look at the clock: their signatures are verified together.
constexpr std::size_t keys_made_at_once = 8;
/// Of what is left of a call's time: what was made by then is written, and the next call goes on.
constexpr Milliseconds time_to_write{500};

/// Puts the batch, with more keys than before, if nobody else has put more meanwhile.
dynamodb::Put batch_put(const Context& context, const Batch& before, const Batch& after) {
    if (before.keys.empty()) {
        return dynamodb::put_if_absent(context.table, to_item(after), "id");
    }
    return dynamodb::put_if_unchanged(context.table, to_item(after), "keys",
                                      ethereum_adapters::keys_attribute(before.keys));
}

void add_validator(const Context& context, const NewValidator& made,
                   dynamodb::Transaction& transaction) {
    const PublicKey& key = made.validator.key;
    const auto creation = [&](ObjectText item) {
        return dynamodb::put_if_absent(context.table, std::move(item), "id");
    };
    transaction.add(creation(to_item(made.validator)));
    auto deposit = ethereum_adapters::companion_item(ethereum_adapters::deposit_key(key), "deposit",
                                                     made.deposit);
    deposit.add("backed_up", dynamodb::flag(made.backup.has_value()));
    transaction.add(creation(std::move(deposit)));
    if (!made.backup) return;
    auto backup = ethereum_adapters::companion_item(ethereum_adapters::backup_key(key), "backup",
                                                    *made.backup);
    if (made.keystore) {
        backup.add("keystore", dynamodb::text(made.keystore->json))
            .add("password", dynamodb::text(made.keystore->password));
    }
    transaction.add(creation(std::move(backup)));
}

}  // namespace

Error out_of_time() {
    return {Code::Deadline,
            "there was no time left to make all of these keys: the same request again makes the "
            "rest",
            {}};
}

std::optional<Error> KeyMaker::prepare(std::size_t missing, SteadyTime deadline) {
    const auto division = sealed_operator::divide_among_all(context_.sealing, context_.threshold);
    if (!division) return division.error();
    const auto tools = tools_of(context_);
    auto random = sealed_operator::draw_random(tools, 1 + missing, deadline);
    if (!random) return random.error();
    random_ = std::move(*random);
    auto wrap = sealed_operator::make_wrap(tools, sealed::WrapId::make(), *division, next_random(1),
                                           sealed_operator::Trial::None, deadline);
    if (!wrap) return wrap.error();
    wrap_.emplace(std::move(*wrap));
    if (!asked_.keystores) return std::nullopt;
    auto keystores = begin_keystores(*context_.sealing.backup_recipients);
    if (!keystores) return keystores.error();
    keystores_.emplace(std::move(*keystores));
    if (context_.dynamodb.clock().steady() < deadline - time_to_write) return std::nullopt;
    return Error{Code::Deadline,
                 "the keystores' password alone took all of the time: it needs 256 MB and a second "
                 "of a whole processor, which a function of 1,769 MB has. Give the function that, "
                 "or make the keys without `keystores`",
                 {}};
}

Result<bool> KeyMaker::add_some(Batch& batch, SteadyTime deadline) {
    const SteadyTime write_by = deadline - time_to_write;
    const auto is_late = [&] { return context_.dynamodb.clock().steady() >= write_by; };
    if (ready_.empty() && is_late()) return std::unexpected(out_of_time());
    const std::size_t wanted = std::min(asked_.count - batch.keys.size(), keys_at_once);
    while (ready_.size() < wanted && (ready_.empty() || !is_late())) {
        const std::size_t count = std::min(wanted - ready_.size(), keys_made_at_once);
        auto made = make_validators(context_, asked_.terms, *wrap_,
                                    keystores_ ? &*keystores_ : nullptr, next_random(count));
        if (!made) return std::unexpected(made.error());
        std::ranges::move(*made, std::back_inserter(ready_));
    }
    const std::size_t count = std::min(ready_.size(), wanted);
    Batch after = batch;
    for (std::size_t i = 0; i < count; ++i) after.keys.push_back(ready_[i].validator.key);
    const auto refused = dynamodb::transact(context_.dynamodb, context_.runner,
                                            transaction(batch, after, count), deadline);
    if (!refused) return std::unexpected(refused.error());
    if (*refused) return judge(**refused);
    batch = std::move(after);
    conclude(count);
    return true;
}

Json KeyMaker::wrap() const { return is_wrap_written_ ? Json(wrap_->wrap.id.text()) : Json(); }

ByteView KeyMaker::next_random(std::size_t count) {
    constexpr std::size_t share = sealed_operator::random_share;
    const std::size_t at = drawn_ * share;
    drawn_ += count;
    return random_.view().subspan(at, count * share);
}

/// The batch first, then what the first transaction has once, then the keys.
dynamodb::Transaction KeyMaker::transaction(const Batch& before, const Batch& after,
                                            std::size_t count) const {
    dynamodb::Transaction out(make_token());
    out.add(batch_put(context_, before, after));
    if (!is_wrap_written_) add_new_wrap(context_, wrap_->wrap, out);
    for (std::size_t i = 0; i < count; ++i) add_validator(context_, ready_[i], out);
    return out;
}

Result<bool> KeyMaker::judge(const dynamodb::Cancellation& refused) const {
    const bool is_behind = !refused.reasons.empty() && refused.reasons.front().is_refused;
    if (refused.may_pass || is_behind) return false;
    if (!is_wrap_written_) {
        if (auto error = judge_network_update(context_, refused, 1)) {
            return std::unexpected(std::move(*error));
        }
    }
    return fail(Code::TableRefused,
                "the table refused new keys without a reason that it can have: nothing of "
                "these was written. Look at the table and its endpoint");
}

void KeyMaker::conclude(std::size_t count) {
    is_wrap_written_ = true;
    for (std::size_t i = 0; i < count; ++i) {
        NewValidator& made = ready_[i];
        const bool is_backed_up = made.backup.has_value();
        written_.emplace(made.validator.key,
                         ShownKey{std::move(made.deposit), wrap_->wrap.id, std::move(made.backup),
                                  is_backed_up, std::move(made.keystore)});
    }
    ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace redoubt::ethereum_operator
