// SPDX-License-Identifier: Apache-2.0
#include <redoubt/access/rights.hpp>

#include <algorithm>
#include <array>

namespace redoubt::access {
namespace {

/// Presets, as bits.
constexpr unsigned for_duties = 1;
constexpr unsigned for_exits = 2;
constexpr unsigned for_reading = 4;

struct Row {
    std::string_view name;
    Right right;
    unsigned presets;
};
/// Of several names of a type the newest comes first.
constexpr std::array rows = {
    Row{"BLOCK_V2", Right::Block, for_duties},
    Row{"ATTESTATION", Right::Attestation, for_duties},
    Row{"AGGREGATION_SLOT", Right::AggregationSlot, for_duties},
    Row{"AGGREGATE_AND_PROOF_V2", Right::AggregateAndProof, for_duties},
    Row{"AGGREGATE_AND_PROOF", Right::AggregateAndProof, for_duties},
    Row{"RANDAO_REVEAL", Right::RandaoReveal, for_duties},
    Row{"VOLUNTARY_EXIT", Right::VoluntaryExit, for_exits},
    Row{"SYNC_COMMITTEE_MESSAGE", Right::SyncCommitteeMessage, for_duties},
    Row{"SYNC_COMMITTEE_SELECTION_PROOF", Right::SyncCommitteeSelectionProof, for_duties},
    Row{"SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF", Right::SyncCommitteeContributionAndProof,
        for_duties},
    Row{"VALIDATOR_REGISTRATION", Right::ValidatorRegistration, for_duties},
    Row{"DEPOSIT", Right::Deposit, 0},
    Row{"PAYLOAD_ATTESTATION_MESSAGE", Right::PayloadAttestation, for_duties},
    Row{"PAYLOAD_ATTESTATION", Right::PayloadAttestation, for_duties},
    Row{"PROPOSER_PREFERENCES", Right::ProposerPreferences, for_duties},
    Row{"publicKeys", Right::PublicKeys, for_duties | for_reading},
    Row{"healthcheck", Right::HealthCheck, for_duties | for_reading},
    Row{"highWatermark", Right::HighWatermark, for_duties | for_reading},
    Row{"reload", Right::Reload, for_duties | for_reading},
};

struct Preset {
    std::string_view name;
    unsigned bit;
};
constexpr std::array presets = {Preset{"validator", for_duties}, Preset{"exit", for_exits},
                                Preset{"read", for_reading}};

bool share_one(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::ranges::any_of(a, [&b](const std::string& text) { return b.contains(text); });
}

}  // namespace

std::optional<Right> find_right(std::string_view name) {
    const auto* const row = std::ranges::find(rows, name, &Row::name);
    return row == rows.end() ? std::nullopt : std::optional(row->right);
}

std::string_view name(Right right) { return std::ranges::find(rows, right, &Row::right)->name; }

Rights::Rights(const std::set<std::string>& names) {
    unsigned asked = 0;
    for (const Preset& preset : presets) {
        if (names.contains(std::string(preset.name))) asked |= preset.bit;
    }
    for (const Row& row : rows) {
        if ((row.presets & asked) != 0 || names.contains(std::string(row.name))) {
            set_.set(static_cast<std::size_t>(row.right));
        }
    }
}

bool Rights::is_name(std::string_view name) {
    return find_right(name) || std::ranges::find(presets, name, &Preset::name) != presets.end();
}

std::vector<std::string_view> Rights::names() {
    std::vector<std::string_view> out;
    for (const Preset& preset : presets) out.push_back(preset.name);
    for (const Row& row : rows) out.push_back(row.name);
    return out;
}

bool TagCondition::holds(const std::set<std::string>& tags) const {
    return any_of.empty() || share_one(any_of, tags);
}

std::optional<TagCondition> condition_for(const KeyScope& scope, std::string_view key) {
    if (std::holds_alternative<AllKeys>(scope)) return TagCondition{};
    if (const auto* tagged = std::get_if<TaggedKeys>(&scope)) {
        // No tag is no key: an empty condition would mean all.
        if (tagged->tags.empty()) return std::nullopt;
        return TagCondition{tagged->tags};
    }
    if (std::get<TheseKeys>(scope).keys.contains(std::string(key))) return TagCondition{};
    return std::nullopt;
}

}  // namespace redoubt::access
