// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "checks.hpp"

namespace redoubt::tezos_operator::doctor {
namespace {

/// KMS keys that shares are under, and that are never asked.
std::string unlisted_keys(const Context& context, const sealed::Wrap& wrap) {
    const auto& listed = context.sealing.wrapping_keys;
    std::string list;
    for (const sealed::EncryptedShare& share : wrap.shares) {
        if (std::ranges::find(listed, share.key, &aws::KeyArn::text) == listed.end()) {
            list.append(" ").append(share.key);
        }
    }
    return list;
}

void check_wrap(const Context& context, const SealedContents& contents, const sealed::WrapId& id,
                Report& report) {
    const std::string of = "wrap/" + id.text();
    const sealed::Wrap* wrap = find_wrap(contents, id);
    if (wrap == nullptr || wrap->purpose != tezos_adapters::tezos_purpose) {
        const std::string_view why = wrap != nullptr            ? "is for another purpose"
                                     : is_damaged(contents, of) ? "can't be read"
                                                                : "is not in the table";
        return report.add(Check::SealedWrap, of, true, why, ": its keys don't open");
    }
    report.add(Check::SealedWrap, of, false, "");
    report.add_list(Check::SealedShares, of, "has shares under", unlisted_keys(context, *wrap));
    report.add(Check::SealedThreshold, of, wrap->threshold == 1 && wrap->shares.size() > 1,
               "each of its KMS keys opens it alone: ", std::to_string(wrap->shares.size()));
}

void check_item(const Context& context, const tezos_adapters::SealedItem& item, Report& report) {
    const tezos::KeyHash hash = tezos::hash_of(item.public_key);
    const std::string of = tezos::to_text(hash);
    report.add(Check::SealedBackup, of, !item.backup, "was made without a backup");
    report.add(Check::SealedUnserved, of, tezos::find(context.consensus_keys, hash) == nullptr,
               "is not in SEALED_KEYS: nothing signs with it");
}

}  // namespace

void check_sealed(const Context& context, const SealedContents& contents, Report& report) {
    for (std::size_t i = context.key_arns.size(); i < context.consensus_keys.size(); ++i) {
        const tezos::KeyInfo& key = context.consensus_keys[i];
        report.add(Check::SealedItem, key.address, find_key(contents, key.public_key) == nullptr,
                   is_damaged(contents, key.address) ? "its item in the table can't be read"
                                                     : "the table does not have it");
    }
    std::map<std::string, sealed::WrapId> wraps;
    for (const tezos_adapters::SealedItem& item : contents.keys) {
        check_item(context, item, report);
        wraps.emplace(item.wrap.text(), item.wrap);
    }
    for (const auto& [text, id] : wraps) check_wrap(context, contents, id, report);
}

}  // namespace redoubt::tezos_operator::doctor
