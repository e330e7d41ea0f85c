// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/sealed/unsealing.hpp>

#include <algorithm>
#include <optional>

#include <redoubt/aws/dynamodb/batch_get.hpp>

#include "wrap_round.hpp"

namespace redoubt::sealed_adapters {
namespace {

namespace dynamodb = aws::dynamodb;

/// Adds those of `ids` that are not there; null for one that the table has not.
std::optional<Error> read_missing(const SealedSources& sources, const WrapLayout& layout,
                                  const std::vector<sealed::WrapId>& ids, SteadyTime deadline,
                                  ReadWraps& read) {
    std::vector<dynamodb::ItemKey> wanted;
    std::vector<std::string> names;
    for (const sealed::WrapId& id : ids) {
        if (read.contains(id.text())) continue;
        wanted.push_back(layout.key_of(id));
        names.push_back(id.text());
    }
    if (wanted.empty()) return std::nullopt;
    expect_kms(sources);
    auto items =
        dynamodb::batch_get(sources.dynamodb, sources.runner, sources.table, wanted, deadline);
    if (!items) return items.error();
    for (std::size_t i = 0; i < names.size(); ++i) read.emplace(names[i], std::move((*items)[i]));
    return std::nullopt;
}

/// `item` is null if there is none.
Result<sealed::Wrap> judge_wrap(const Json& item, const sealed::WrapId& id,
                                const WrapLayout& layout) {
    if (item.is_null()) {
        return fail(Code::WrapRefused, "the table has no wrap " + id.text() +
                                           ", under which this key is sealed: bring the key in "
                                           "again from its backup");
    }
    auto wrap = layout.parse(item);
    if (!wrap) {
        return fail(Code::WrapRefused,
                    "the wrap " + id.text() +
                        " lacks an attribute or has one of another type: bring the key in again "
                        "from its backup");
    }
    if (wrap->purpose != layout.purpose) {
        return fail(Code::WrapRefused, "the wrap " + id.text() + " is for another purpose, " +
                                           std::string(sealed::name(wrap->purpose)));
    }
    if (auto error = sealed::refuse_altered(*wrap)) return std::unexpected(std::move(*error));
    return std::move(*wrap);
}

using Rounds = std::map<std::string, WrapRound>;  // by the wrap's id

/// All at once, `beside` with them; then once more those that were answered and stayed closed: one
/// false answer costs a repetition, no key.
void run(const SealedSources& sources, Rounds& rounds, std::span<io::Exchange* const> beside,
         SteadyTime deadline, OpenWraps& out) {
    std::vector<io::Exchange*> exchanges(beside.begin(), beside.end());
    for (auto& [id, round] : rounds) round.begin(exchanges);
    for (const bool is_last : {false, true}) {
        if (!exchanges.empty()) sources.runner.run(exchanges, deadline);
        exchanges.clear();
        for (auto& [id, round] : rounds) {
            if (out.contains(id)) continue;
            auto opened = round.outcome();
            if (!opened && !is_last && round.was_answered()) {
                round.begin(exchanges);
            } else {
                out.emplace(id, std::move(opened));
            }
        }
    }
}

}  // namespace

Error without_items(const Error& error) {
    if (error.code == Code::CredentialsExpired) return error;
    const Code code = error.code == Code::TableRefused ? Code::WrapRefused : Code::WrapUnavailable;
    return {code, "the sealed key could not be read: " + error.message, error.detail};
}

void expect_kms(const SealedSources& sources) {
    std::vector<std::string> origins;
    for (const aws::KeyArn& key : sources.wrapping_keys) {
        origins.push_back(sources.kms.in(key).endpoint().origin);
    }
    sources.runner.expect(origins);
}

Result<sealed::Opened> open_wrap(const SealedSources& sources, const sealed::Wrap& wrap,
                                 sealed::Purpose purpose, SteadyTime deadline) {
    if (auto error = sealed::refuse_altered(wrap)) return std::unexpected(std::move(*error));
    const std::string id = wrap.id.text();
    Rounds rounds;
    rounds.try_emplace(id, sources, wrap, purpose);
    OpenWraps out;
    run(sources, rounds, {}, deadline, out);
    return std::move(out.at(id));
}

OpenWraps open_wraps(const SealedSources& sources, const WrapLayout& layout,
                     const std::vector<sealed::WrapId>& ids, std::span<io::Exchange* const> beside,
                     SteadyTime deadline, ReadWraps read) {
    const auto error = read_missing(sources, layout, ids, deadline, read);
    std::vector<Result<Json>> items;
    for (const sealed::WrapId& id : ids) {
        const auto item = read.find(id.text());
        items.push_back(item == read.end() ? std::unexpected(error.value())
                                           : Result<Json>(std::move(item->second)));
    }
    return open_read_wraps(sources, layout, ids, items, beside, deadline);
}

OpenWraps open_read_wraps(const SealedSources& sources, const WrapLayout& layout,
                          const std::vector<sealed::WrapId>& ids,
                          const std::vector<Result<Json>>& items,
                          std::span<io::Exchange* const> beside, SteadyTime deadline) {
    OpenWraps out;
    Rounds rounds;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::string id = ids[i].text();
        auto wrap = items[i] ? judge_wrap(*items[i], ids[i], layout)
                             : std::unexpected(without_items(items[i].error()));
        if (!wrap) {
            out.emplace(id, std::unexpected(wrap.error()));
        } else {
            rounds.try_emplace(id, sources, std::move(*wrap), layout.purpose);
        }
    }
    run(sources, rounds, beside, deadline, out);
    return out;
}

bool is_passing(Code code) {
    return code == Code::WrapUnavailable || code == Code::CredentialsExpired;
}

bool may_try_again(const std::optional<Moment>& refused_at, const Moment& now) {
    return !refused_at || between(*refused_at, now) >= pause_after_refusal;
}

void Opening::add_shares(const OpenWraps& wraps) {
    for (const auto& [id, wrap] : wraps) {
        if (!wrap) continue;
        std::ranges::copy(wrap->wrong, std::back_inserter(wrong_shares));
        std::ranges::copy(wrap->missing, std::back_inserter(missing_shares));
    }
}

}  // namespace redoubt::sealed_adapters
