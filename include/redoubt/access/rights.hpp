// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a caller may have done, and with which keys. All of it refuses at first.
namespace redoubt::access {

/// Types of messages to sign, then routes.
enum class Right : std::uint8_t {
    Block,
    Attestation,
    AggregationSlot,
    AggregateAndProof,
    RandaoReveal,
    VoluntaryExit,
    SyncCommitteeMessage,
    SyncCommitteeSelectionProof,
    SyncCommitteeContributionAndProof,
    ValidatorRegistration,
    Deposit,
    PayloadAttestation,
    ProposerPreferences,
    PublicKeys,
    HealthCheck,
    HighWatermark,
    Reload,
};
inline constexpr std::size_t right_count = 17;

/// By the name of Web3Signer's type (AGGREGATE_AND_PROOF and its _V2 are one, as are
/// PAYLOAD_ATTESTATION and its _MESSAGE) or route: `publicKeys`, `healthcheck`, `highWatermark`,
/// `reload`. Exactly as it is written. Nothing for another: nobody has a right to that.
[[nodiscard]] std::optional<Right> find_right(std::string_view name);
/// Of several names of a type the newest: BLOCK_V2, AGGREGATE_AND_PROOF_V2, ...
[[nodiscard]] std::string_view name(Right right);

/// Names of rights, and of presets: `validator` (all duties, and reading; no exit, no deposit),
/// `exit` (voluntary exits alone), `read` (all routes that sign nothing). What a preset stands for
/// is decided here, not in the table, so a fork's new duties need no new tokens.
class Rights {
public:
    /// None.
    Rights() = default;
    /// Passes over a name that is not known, which gives no right.
    explicit Rights(const std::set<std::string>& names);

    [[nodiscard]] static bool is_name(std::string_view name);
    /// All of them, presets first.
    [[nodiscard]] static std::vector<std::string_view> names();

    [[nodiscard]] bool has(Right right) const { return set_.test(static_cast<std::size_t>(right)); }

private:
    std::bitset<right_count> set_;
};

/// What the table has to say of a key before it may be used: that it bears one of these tags. None:
/// nothing. Belongs into the condition of the write that commits, as the table may change
/// meanwhile.
struct TagCondition {
    std::set<std::string> any_of = {};

    /// For what is signed without a write. `tags`: those of the key.
    [[nodiscard]] bool holds(const std::set<std::string>& tags) const;
};

/// Keys by their names, `0x` and lower-case hex digits; by their tags, of which one is enough; or
/// all.
struct TheseKeys {
    std::set<std::string> keys = {};
    bool operator==(const TheseKeys&) const = default;
};
struct TaggedKeys {
    std::set<std::string> tags = {};
    bool operator==(const TaggedKeys&) const = default;
};
struct AllKeys {
    bool operator==(const AllKeys&) const = default;
};
using KeyScope = std::variant<TheseKeys, TaggedKeys, AllKeys>;

/// Nothing: that key is out of reach, whatever the table says of it.
[[nodiscard]] std::optional<TagCondition> condition_for(const KeyScope& scope,
                                                        std::string_view key);

}  // namespace redoubt::access
