// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/sealed_keys.hpp>

#include <algorithm>

#include <redoubt/sealed/envelope.hpp>

#include "unsealing.hpp"

namespace redoubt::tezos_adapters {
namespace {

/// The secret of a key whose item and wrap were looked for.
Result<crypto::bls::SecretKey> unseal_key(const tezos::KeyInfo& key, const ReadItem& item,
                                          const sealed_adapters::OpenWraps& wraps) {
    if (!item) return std::unexpected(item.error());
    const auto& wrap = wraps.at(item->wrap.text());
    if (!wrap) return std::unexpected(wrap.error());
    const auto secret = sealed::unseal(wrap->key, item->wrap, tezos_purpose,
                                       key.public_key.encoded(), item->sealed);
    if (!secret) return std::unexpected(secret.error());
    auto parsed = crypto::bls::SecretKey::parse(secret->view());
    if (!parsed || parsed->public_key() != key.public_key) {
        return fail(Code::DamagedKey, "what is sealed for " + key.address +
                                          " is the secret of another key: bring it in again from "
                                          "its backup");
    }
    return std::move(*parsed);
}

/// The wraps that items name, each once.
std::vector<sealed::WrapId> wraps_of(const std::vector<ReadItem>& items) {
    std::vector<sealed::WrapId> ids;
    for (const ReadItem& item : items) {
        if (item && std::ranges::find(ids, item->wrap) == ids.end()) ids.push_back(item->wrap);
    }
    return ids;
}

}  // namespace

SealedKeys::SealedKeys(SealedSources sources, const tezos::Keys& keys, const Clock& clock,
                       std::function<void(const Opening&)> on_opening)
    : sources_(sources), clock_(clock), on_opening_(std::move(on_opening)) {
    for (const tezos::KeyInfo& key : keys) {
        entries_.push_back(
            {key, std::nullopt, {Code::WrapUnavailable, "this key was not opened yet", {}}, {}});
    }
}

void SealedKeys::open(SteadyTime deadline, std::span<io::Exchange* const> beside) {
    const Moment started = now();
    std::vector<Entry*> closed;
    std::vector<const tezos::KeyInfo*> keys;
    for (Entry& entry : entries_) {
        if (entry.secret || !sealed_adapters::may_try_again(entry.refused_at, started)) continue;
        closed.push_back(&entry);
        keys.push_back(&entry.key);
    }
    auto [items, read] = keys.empty() ? ReadItems() : read_sealed_items(sources_, keys, deadline);
    const auto wraps = sealed_adapters::open_wraps(sources_, wrap_layout, wraps_of(items), beside,
                                                   deadline, std::move(read));
    if (closed.empty()) return;
    Opening told;
    for (std::size_t i = 0; i < closed.size(); ++i) {
        settle(*closed[i], unseal_key(closed[i]->key, items[i], wraps), told);
    }
    told.add_shares(wraps);
    told.spent = clock_.steady() - started.steady;
    on_opening_(told);
}

void SealedKeys::settle(Entry& entry, Result<crypto::bls::SecretKey> outcome, Opening& told) {
    if (outcome) {
        entry.secret = std::move(*outcome);
        told.opened.push_back(entry.key.address);
        return;
    }
    entry.reason = outcome.error();
    entry.refused_at.reset();
    if (!sealed_adapters::is_passing(entry.reason.code)) entry.refused_at = now();
    told.closed.emplace_back(entry.key.address, entry.reason);
}

std::optional<Error> SealedKeys::prepare(const tezos::KeyInfo& key, SteadyTime deadline) {
    const Entry& entry = entry_of(key);
    if (entry.secret) return std::nullopt;
    if (sealed_adapters::may_try_again(entry.refused_at, now())) open(deadline);
    if (entry.secret) return std::nullopt;
    return entry.reason;
}

Result<const crypto::bls::SecretKey*> SealedKeys::find(const tezos::KeyInfo& key) const {
    const Entry& entry = entry_of(key);
    if (!entry.secret) return std::unexpected(entry.reason);
    return &*entry.secret;
}

const SealedKeys::Entry& SealedKeys::entry_of(const tezos::KeyInfo& key) const {
    return *std::ranges::find(entries_, key.hash, [](const Entry& one) { return one.key.hash; });
}

}  // namespace redoubt::tezos_adapters
