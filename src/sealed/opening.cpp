// SPDX-License-Identifier: Apache-2.0
#include <redoubt/sealed/opening.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <stdexcept>

#include <redoubt/base/secret.hpp>
#include <redoubt/sealed/shares.hpp>

#include "parts.hpp"

namespace redoubt::sealed {
namespace {

/// What no wrap of ours has, and the table could hold only if somebody else wrote it.
std::optional<std::string> damage(const Wrap& wrap) {
    const std::size_t n = wrap.shares.size();
    if (n == 0 || n > most_shares) return "it has " + std::to_string(n) + " shares";
    if (wrap.threshold == 0 || wrap.threshold > n) {
        return "its threshold is " + std::to_string(wrap.threshold) + " of " + std::to_string(n);
    }
    std::set<unsigned> places;
    std::set<std::string_view> keys;
    for (const EncryptedShare& share : wrap.shares) {
        if (share.x == 0 || share.x > n) return "a share has place " + std::to_string(share.x);
        if (!places.insert(share.x).second) return "two shares have one place";
        if (!keys.insert(share.key).second) return "two shares are under one KMS key";
    }
    return std::nullopt;
}

/// What became of the shares, sorted by what can be done with it.
struct Arrivals {
    std::vector<Share> shares;
    std::vector<std::string> keys;  // whose each of them is
    std::vector<Missing> missing;
};

Arrivals sorted(const Wrap& wrap, std::vector<Result<GuardedBytes>> arrived) {
    Arrivals found;
    for (std::size_t i = 0; i < arrived.size(); ++i) {
        const EncryptedShare& share = wrap.shares[i];
        if (!arrived[i]) {
            found.missing.push_back({share.key, arrived[i].error()});
        } else if (arrived[i]->size() != WrapKey::size) {
            found.missing.push_back(
                {share.key,
                 {Code::WrapRefused, "the share that it opened is not 32 bytes long", {}}});
        } else {
            found.shares.push_back({share.x, std::move(*arrived[i])});
            found.keys.push_back(share.key);
        }
    }
    return found;
}

using Chosen = std::vector<const Share*>;

struct Combined {
    WrapKey key;
    Chosen of;
};

/// Every choice of `count` shares, which are as many at least; the first `count` come first.
std::vector<Chosen> choices(const std::vector<Share>& shares, std::size_t count) {
    std::vector<Chosen> all;
    std::vector<bool> is_chosen(shares.size());
    std::fill_n(is_chosen.begin(), count, true);
    do {
        Chosen& chosen = all.emplace_back();
        for (std::size_t i = 0; i < shares.size(); ++i) {
            if (is_chosen[i]) chosen.push_back(&shares[i]);
        }
    } while (std::prev_permutation(is_chosen.begin(), is_chosen.end()));
    return all;
}

bool fits(const Wrap& wrap, const WrapKey& key) {
    return equal_in_constant_time(key.check(wrap.id), wrap.check);
}

std::optional<Combined> combine(const Wrap& wrap, const std::vector<Share>& shares) {
    if (shares.size() < wrap.threshold) return std::nullopt;
    for (Chosen& chosen : choices(shares, wrap.threshold)) {
        WrapKey key = KeyAccess::made_of(value_at(0, chosen));
        if (fits(wrap, key)) return Combined{std::move(key), std::move(chosen)};
    }
    return std::nullopt;
}

/// The right shares determine all others.
std::vector<std::string> wrong_keys(const Arrivals& arrivals, const Chosen& right) {
    std::vector<std::string> wrong;
    for (std::size_t i = 0; i < arrivals.shares.size(); ++i) {
        const Share& share = arrivals.shares[i];
        const GuardedBytes expected = value_at(share.x, right);
        if (!equal_in_constant_time(expected.view(), share.bytes.view())) {
            wrong.push_back(arrivals.keys[i]);
        }
    }
    return wrong;
}

Error too_few(const Wrap& wrap, const Arrivals& arrivals) {
    const auto transient = static_cast<std::size_t>(std::ranges::count_if(
        arrivals.missing, [](const Missing& one) { return is_transient(one.why.code); }));
    // Of those that arrived, fewer than the threshold are right: else they would have opened it.
    const std::size_t right = std::min<std::size_t>(arrivals.shares.size(), wrap.threshold - 1);
    const bool may_pass = right + transient >= wrap.threshold;
    std::string why = may_pass ? "the wrap of this key is not open yet, ask again: "
                               : "the wrap of this key can't be opened, look at its KMS keys: ";
    why += std::to_string(wrap.threshold) + " of " + std::to_string(wrap.shares.size()) +
           " shares are needed, " + std::to_string(arrivals.shares.size()) + " could be decrypted";
    if (arrivals.shares.size() >= wrap.threshold) {
        why += ", and do not fit: a share or the wrap's item was altered";
        for (const std::string& key : arrivals.keys) why += "; " + key + ": may be the altered one";
    }
    std::string details;
    for (const auto& [key, error] : arrivals.missing) {
        why += "; " + key + ": " + error.message;
        if (!error.detail.empty()) details += key + ": " + error.detail + "; ";
    }
    return {may_pass ? Code::WrapUnavailable : Code::WrapRefused, why, details};
}

}  // namespace

bool is_transient(Code code) {
    return code == Code::KmsUnavailable || code == Code::CredentialsExpired ||
           code == Code::Deadline;
}

std::optional<Error> refuse_altered(const Wrap& wrap) {
    const auto what = damage(wrap);
    if (!what) return std::nullopt;
    return Error{
        Code::WrapRefused,
        "the item of wrap " + wrap.id.text() + " was altered: " + *what + "; find out who wrote it",
        {}};
}

bool is_whole(const Wrap& wrap, const WrapKey& key, const std::vector<Share>& shares) {
    if (wrap.threshold < 1 || shares.size() < wrap.threshold) return false;
    return std::ranges::all_of(choices(shares, wrap.threshold), [&](const Chosen& chosen) {
        const WrapKey again = KeyAccess::made_of(value_at(0, chosen));
        return fits(wrap, again) &&
               equal_in_constant_time(KeyAccess::bytes(again), KeyAccess::bytes(key));
    });
}

Result<Opened> open(const Wrap& wrap, std::vector<Result<GuardedBytes>> arrived) {
    if (auto error = refuse_altered(wrap)) return std::unexpected(std::move(*error));
    if (arrived.size() != wrap.shares.size()) {
        throw std::logic_error("each share of a wrap has its outcome");
    }
    Arrivals arrivals = sorted(wrap, std::move(arrived));
    auto combined = combine(wrap, arrivals.shares);
    if (!combined) return std::unexpected(too_few(wrap, arrivals));
    auto wrong = wrong_keys(arrivals, combined->of);
    return Opened{std::move(combined->key), std::move(wrong), std::move(arrivals.missing)};
}

}  // namespace redoubt::sealed
