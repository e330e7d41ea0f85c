// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <redoubt/operator/command.hpp>

/// What `doctor` looks at. Each file of this folder is about one thing, and writes nothing.
namespace redoubt::tezos_operator::doctor {

/// In the order of the table in report.cpp, which has their names and what to do.
enum class Check : std::uint8_t {
    NotSeen,
    KeyExists,
    KeySpec,
    KeyUsage,
    KeyState,
    KeyOrigin,
    KeyMalleable,
    KeyReplicas,
    KeyPublic,
    KeySigners,
    KeyGranters,
    KeyChangers,
    KeyGrants,
    WrappingExists,
    WrappingUsage,
    WrappingState,
    WrappingReplicas,
    WrappingOpeners,
    WrappingGranters,
    WrappingChangers,
    WrappingGrants,
    BackupSaid,
    SealedItem,
    SealedWrap,
    SealedShares,
    SealedThreshold,
    SealedBackup,
    SealedUnserved,
    TableExists,
    TableState,
    TableRegion,
    TableKeys,
    TableBilling,
    TableProtection,
    TableReplicas,
    TableEncryption,
    TableRestored,
    TableRecovery,
    TableExpiry,
    TableWriters,
    TableSeal,
    KeyArmed,
    RowsComplete,
    RowDamaged,
    RowAhead,
    RowFenceOpen,
    RowFenceShut,
    RowsIdle,
    RowsHandedOver,
    RowsHalfHandedOver,
    AuthorizedConsensus,
    AuthorizedPublished,
    AuthorizedMany,
    Clock,
    Endpoints,
    Proxies,
    Debugging,
    LogFormat,
    LogLevel,
    Memory,
    PublicKeysGiven,
    ProvePossession,
    End
};

/// A member that has to be a text.
struct Expectation {
    Check check;
    const char* member;
    const char* wanted;
};

/// What was looked at, and what is wrong with it.
class Report {
public:
    /// `of`: which key, table, row or variable. `found`, and then `value`, if something is wrong.
    void add(Check check, std::string_view of, bool wrong, std::string_view found,
             std::string_view value = {});
    /// A list of what is wrong after `found`; all is well if it is empty.
    void add_list(Check check, std::string_view of, std::string_view found, std::string_view list) {
        add(check, of, !list.empty(), found, list);
    }
    /// That members are just these texts.
    void expect(std::string_view of, const Json& object, std::span<const Expectation> all);

    /// `{checks, errors, warnings}`; the report is empty afterwards.
    [[nodiscard]] operators::CommandResult take();

private:
    Json checks_ = Json::array();
    int errors_ = 0;
    int warnings_ = 0;
};

}  // namespace redoubt::tezos_operator::doctor
