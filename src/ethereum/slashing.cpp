// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/slashing.hpp>

namespace redoubt::ethereum {
namespace {

std::string to_text(const AttestationDuty& duty) {
    return "source " + std::to_string(duty.source.value()) + ", target " +
           std::to_string(duty.target.value());
}
std::string to_text(const BlockDuty& duty) { return "slot " + std::to_string(duty.slot.value()); }

std::string watermark_text(const AttestationDuty& /*duty*/, const ValidatorRow& row) {
    return to_text(AttestationDuty{{}, row.source, row.target});
}
std::string watermark_text(const BlockDuty& /*duty*/, const ValidatorRow& row) {
    return to_text(BlockDuty{row.slot});
}

bool holds_duty(const ValidatorRow& row, const AttestationDuty& duty, const Root& root) {
    return row.source == duty.source && row.target == duty.target && row.attestation_root == root;
}
bool holds_duty(const ValidatorRow& row, const BlockDuty& duty, const Root& root) {
    return row.slot == duty.slot && row.block_root == root;
}

RowComparison compare_duty(const AttestationDuty& duty, const Root& root, const ValidatorRow& row) {
    if (duty.source < row.source || duty.target < row.target) return RowComparison::BelowWatermark;
    if (duty.target > row.target || holds_duty(row, duty, root)) return RowComparison::Allowed;
    return RowComparison::AlreadySigned;
}
RowComparison compare_duty(const BlockDuty& duty, const Root& root, const ValidatorRow& row) {
    if (duty.slot < row.slot) return RowComparison::BelowWatermark;
    if (duty.slot > row.slot || holds_duty(row, duty, root)) return RowComparison::Allowed;
    return RowComparison::AlreadySigned;
}

Error below_watermark(const std::string& asked, const std::string& mark) {
    return {Code::BelowWatermark,
            asked + " is below what this key has signed: " + mark + " is the highest"};
}

Error already_signed(const std::string& asked) {
    return {Code::AlreadySigned, "something else was signed or imported for " + asked +
                                     ": signing this, too, could be slashed"};
}

Error past_until(const ValidatorRow& row) {
    return {Code::PastUntil, "this key signs here before epoch " +
                                 std::to_string(row.until.value_or(Epoch()).value()) +
                                 " only (`until`): from then on another signer has it"};
}

}  // namespace

std::optional<Error> refuse_backwards(const AttestationDuty& duty) {
    if (duty.source < duty.target || (duty.source == Epoch(0) && duty.target == Epoch(0))) {
        return std::nullopt;
    }
    return Error{Code::BelowWatermark,
                 to_text(duty) + ": the source of a vote is below its target, so no row allows it"};
}

bool holds(const ValidatorRow& row, const Proposal& proposal) {
    return std::visit([&](const auto& duty) { return holds_duty(row, duty, proposal.root); },
                      proposal.duty);
}

RowComparison compare(const Proposal& proposal, const ValidatorRow& row) {
    if (!proposal.tags.holds(row.tags)) return RowComparison::NotPermitted;
    if (!row.is_on) return RowComparison::KeyDisabled;
    if (row.until && *row.until <= proposal.epoch) return RowComparison::PastUntil;
    return std::visit([&](const auto& duty) { return compare_duty(duty, proposal.root, row); },
                      proposal.duty);
}

Error refusal(RowComparison comparison, const Proposal& proposal, const ValidatorRow& row) {
    const std::string asked =
        std::visit([](const auto& duty) { return to_text(duty); }, proposal.duty);
    switch (comparison) {
        case RowComparison::NotPermitted: return not_permitted_key();
        case RowComparison::KeyDisabled: return key_disabled();
        case RowComparison::PastUntil: return past_until(row);
        case RowComparison::BelowWatermark:
            return below_watermark(
                asked, std::visit([&](const auto& duty) { return watermark_text(duty, row); },
                                  proposal.duty));
        case RowComparison::AlreadySigned: return already_signed(asked);
        case RowComparison::Allowed:
            return {Code::TableRefused,
                    "the table refused a write that its own row allows: look at the table and its "
                    "endpoint before signing on"};
        case RowComparison::Unknown: break;
    }
    return {Code::Internal, "a row that was compared with nothing"};
}

Error not_permitted_key() {
    return {Code::NotPermitted, "this caller's rights do not name that key"};
}

Error key_disabled() {
    return {Code::KeyDisabled,
            "this key is off, so it signs nothing: `set_keys` switches it on, once no other signer "
            "has it"};
}

Error no_such_key(const access::TagCondition& tags) {
    if (!tags.any_of.empty()) return not_permitted_key();
    return {Code::UnknownKey, "this signer does not hold that key"};
}

}  // namespace redoubt::ethereum
