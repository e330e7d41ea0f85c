// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/watermark.hpp>

#include <algorithm>

namespace redoubt::tezos {
namespace {

std::string subject(const Slot& slot) {
    return std::string(name(slot.scope.kind)) + " at " + to_text(slot.at);
}

std::string below(const Slot& slot, const Position& seen) {
    return subject(slot) + " is below the watermark (" + to_text(seen) +
           "): something higher was signed, armed or raised, so this is never "
           "signed";
}

}  // namespace

std::string to_text(const Position& position) {
    return "level " + std::to_string(position.level.value()) + ", round " +
           std::to_string(position.round.value());
}

Pace pace_of(Level level, WallTime now) {
    return Pace(std::int64_t{level.value()} * 1000 - unix_ms(now));
}

bool within_slack(Pace row, Pace asked) {
    return row.value() >= asked.value() - pace_slack.count();
}

Milliseconds beyond(Pace row, Pace asked) {
    return Milliseconds(std::max<std::int64_t>(asked.value() - row.value(), 0));
}

Standing standing(const Slot& slot, const Digest& digest, const Row& row) {
    if (slot.at < row.at) return Standing::BelowWatermark;
    if (slot.at > row.at) return Standing::Higher;
    return row.digest == digest ? Standing::SameDigest : Standing::AlreadySigned;
}

Error refusal(Standing standing, const Slot& slot, const Row& row) {
    switch (standing) {
        case Standing::BelowWatermark: return {Code::BelowWatermark, below(slot, row.at), {}};
        case Standing::AlreadySigned:
            return {Code::AlreadySigned,
                    subject(slot) + " was committed with " +
                        (row.digest ? "other bytes" : "no digest (armed or raised there)") +
                        ": signing these too could be slashed",
                    {}};
        case Standing::Higher:
            return {Code::TooFarAhead,
                    subject(slot) + " is further above the watermark (" + to_text(row.at) +
                        ") than the time since allows at one level a second; if the chain really "
                        "is there, let the operator `raise` to its head's level",
                    {}};
        case Standing::SameDigest:
        case Standing::Unknown: break;
    }
    return {Code::Internal, "a refusal without a reason", {}};
}

Error not_armed(const Slot& slot) {
    return {Code::NotArmed,
            "no watermark for " + std::string(name(slot.scope.kind)) + "s of " +
                to_text(slot.scope.key) + " on " + to_text(slot.scope.chain) +
                ": let the operator `arm` it, after reading what to give as level",
            {}};
}

void LowerBound::seen(const Scope& scope, const Position& at, Pace pace) {
    auto [entry, is_new] = seen_.try_emplace(scope, Seen{at, pace});
    if (!is_new && at >= entry->second.at) entry->second = {at, pace};
}

std::optional<Error> LowerBound::refuses(const Slot& slot) const {
    const auto found = seen_.find(slot.scope);
    if (found == seen_.end() || slot.at >= found->second.at) return std::nullopt;
    return Error{Code::BelowWatermark, below(slot, found->second.at), {}};
}

std::optional<Pace> LowerBound::pace(const Scope& scope) const {
    const auto found = seen_.find(scope);
    if (found == seen_.end()) return std::nullopt;
    return found->second.pace;
}

}  // namespace redoubt::tezos
