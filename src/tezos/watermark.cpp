// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/watermark.hpp>

#include <algorithm>
#include <limits>

namespace redoubt::tezos {
namespace {

std::string subject(const SigningPosition& position) {
    return std::string(name(position.watermark.kind)) + " at " + to_text(position.at);
}

std::string below(const SigningPosition& position, const Position& seen) {
    return subject(position) + " is below the watermark (" + to_text(seen) +
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

bool passes_loose_fence(Pace row, Pace asked) {
    return row.value() >= asked.value() - pace_slack.count();
}

Milliseconds excess(Pace row, Pace asked) {
    if (asked <= row) return Milliseconds(0);
    // A row's pace may be any number, and the difference more than one can hold.
    const std::uint64_t difference =
        static_cast<std::uint64_t>(asked.value()) - static_cast<std::uint64_t>(row.value());
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    return Milliseconds(static_cast<std::int64_t>(std::min(difference, most)));
}

bool reaches(const Row& row, Level level) { return !row.until || *row.until >= level; }

bool holds(const Row& row, const Proposal& proposal) {
    return row.at == proposal.position.at && row.digest == proposal.message.digest &&
           row.signature == proposal.signature;
}

RowComparison compare(const SigningPosition& position, const Digest& digest, const Row& row) {
    if (position.at < row.at) return RowComparison::BelowWatermark;
    if (position.at == row.at) {
        return row.digest == digest ? RowComparison::SameDigest : RowComparison::AlreadySigned;
    }
    return reaches(row, position.at.level) ? RowComparison::Higher : RowComparison::HandedOver;
}

Error refusal(RowComparison comparison, const SigningPosition& position, const Row& row) {
    switch (comparison) {
        case RowComparison::BelowWatermark:
            return {Code::BelowWatermark, below(position, row.at), {}};
        case RowComparison::AlreadySigned:
            return {Code::AlreadySigned,
                    subject(position) + " was committed with " +
                        (row.digest ? "other bytes" : "no digest (armed or raised there)") +
                        ": signing these too could be slashed",
                    {}};
        case RowComparison::HandedOver:
            return {Code::HandedOver,
                    subject(position) + " is not for this signer, which signs only up to level " +
                        std::to_string(row.until.value_or(row.at.level).value()) +
                        ": the key was handed over to another signer; let the baker use that one's "
                        "URL. To move back in, let the operator `handover` with `from`",
                    {}};
        case RowComparison::Higher:
            return {Code::TooFarAhead,
                    subject(position) + " is further above the watermark (" + to_text(row.at) +
                        ") than the time since allows at one level a second; if the chain really "
                        "is there, let the operator `raise` to its head's level",
                    {}};
        case RowComparison::SameDigest:
        case RowComparison::Unknown: break;
    }
    return {Code::Internal, "a refusal without a reason", {}};
}

Error not_armed(const SigningPosition& position) {
    return {Code::NotArmed,
            "no watermark for " + std::string(name(position.watermark.kind)) + "s of " +
                to_text(position.watermark.key) + " on " + to_text(position.watermark.chain) +
                ": let the operator `arm` it, after reading what to give as level",
            {}};
}

void LowerBound::seen(const WatermarkId& id, const Position& at, Pace pace) {
    auto [entry, is_new] = seen_.try_emplace(id, Seen{at, pace});
    if (!is_new && at >= entry->second.at) entry->second = {at, pace};
}

std::optional<Error> LowerBound::refuses(const SigningPosition& position) const {
    const auto found = seen_.find(position.watermark);
    if (found == seen_.end() || position.at >= found->second.at) return std::nullopt;
    return Error{Code::BelowWatermark, below(position, found->second.at), {}};
}

std::optional<Pace> LowerBound::pace(const WatermarkId& id) const {
    const auto found = seen_.find(id);
    if (found == seen_.end()) return std::nullopt;
    return found->second.pace;
}

}  // namespace redoubt::tezos
