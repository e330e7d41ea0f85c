// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/ethereum/validator_cache.hpp>

#include <algorithm>
#include <utility>

#include <redoubt/adapters/ethereum/validator_commit.hpp>
#include <redoubt/base/secret.hpp>

namespace redoubt::ethereum_adapters {

using crypto::bls::SecretKey;
using ethereum::PublicKey;

ValidatorCache::ValidatorCache(std::size_t most) : most_(most), secrets_(most * SecretKey::size) {
    for (std::size_t number = most; number > 0; --number) free_.push_back(number - 1);
}

void ValidatorCache::put(const Validator& validator, const Moment& asked_at) {
    auto found = entries_.find(validator.key);
    if (found == entries_.end()) {
        if (entries_.size() == most_) remove(entries_.find(by_use_.back()));
        by_use_.push_front(validator.key);
        found = entries_.try_emplace(validator.key).first;
        found->second.place_ = by_use_.begin();
    }
    Entry& entry = found->second;
    by_use_.splice(by_use_.begin(), by_use_, entry.place_);
    entry.row = to_row(validator);
    entry.sealed = validator.sealed;
    entry.read_at = asked_at;
    if (!entry.sealed) close(entry);
}

void ValidatorCache::forget(const PublicKey& key) {
    if (const auto found = entries_.find(key); found != entries_.end()) remove(found);
}

const ValidatorCache::Entry* ValidatorCache::find(const PublicKey& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, found->second.place_);
    return &found->second;
}

bool ValidatorCache::is_open(const PublicKey& key) const {
    const auto found = entries_.find(key);
    return found != entries_.end() && found->second.secret_;
}

void ValidatorCache::open(const PublicKey& key, const SecretKey& secret, crypto::PublicKey parsed) {
    Entry& entry = entries_.at(key);
    if (!entry.secret_) {
        // There is one for each entry.
        entry.secret_ = free_.back();
        free_.pop_back();
    }
    std::ranges::copy(secret.big_endian(),
                      secrets_.bytes().subspan(*entry.secret_ * SecretKey::size).begin());
    entry.parsed_ = std::move(parsed);
}

const crypto::PublicKey& ValidatorCache::public_key(const PublicKey& key) const {
    return entries_.at(key).parsed_.value();
}

SecretKey ValidatorCache::secret_key(const PublicKey& key) const {
    return SecretKey::parse(secret_at(entries_.at(key).secret_.value())).value();
}

ByteView ValidatorCache::secret_at(std::size_t number) const {
    return secrets_.view().subspan(number * SecretKey::size, SecretKey::size);
}

void ValidatorCache::close(Entry& entry) {
    if (!entry.secret_) return;
    wipe(secrets_.bytes().subspan(*entry.secret_ * SecretKey::size, SecretKey::size));
    free_.push_back(*entry.secret_);
    entry.secret_.reset();
    entry.parsed_.reset();
}

void ValidatorCache::remove(Entries::iterator entry) {
    close(entry->second);
    by_use_.erase(entry->second.place_);
    entries_.erase(entry);
}

}  // namespace redoubt::ethereum_adapters
