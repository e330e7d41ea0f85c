// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/ethereum/deposit.hpp>
#include <redoubt/ethereum/mnemonic.hpp>
#include <redoubt/operator/ethereum/commands.hpp>

#include "new_keystores.hpp"

/// Secrets made here, and sealed before anybody sees them. Nothing of this writes.
namespace redoubt::ethereum_operator {

/// Of each key that is made here, as it has a mnemonic of its own.
inline constexpr std::string_view key_path = "m/12381/3600/0/0/0";

/// A mnemonic's words and a newline, as they are backed up.
[[nodiscard]] GuardedBytes line_of(const ethereum::Mnemonic& mnemonic);

/// What new keys are for.
struct Terms {
    ethereum::DepositTerms deposit;
    std::set<std::string> tags;
    std::set<std::string> fee;
};

/// A key as another signer takes it.
struct Keystore {
    std::string json;
    std::string password;  // armoured age
};

/// What the table is to hold of a key.
struct NewValidator {
    ethereum_adapters::Validator validator;
    std::string deposit;                // the launchpad's object
    std::optional<std::string> backup;  // armoured; nothing: nobody gets one, which was said
    std::optional<Keystore> keystore;   // if it was asked for
};

/// Keys, each of 32 bytes of KMS (`of_kms` has those of all) and as many of this machine, sealed
/// under the wrap, on, and armed so that it never signs in epoch 0; its deposit read again and
/// verified: several at once take less time. `keystores`: null, or with a keystore each. Errors:
/// bad_request (an amount that the network does not take), internal if what was made is not right,
/// which no input brings about.
[[nodiscard]] Result<std::vector<NewValidator>> make_validators(
    const Context& context, const Terms& terms, const sealed_operator::NewWrap& wrap,
    const NewKeystores* keystores, ByteView of_kms);

/// That what the table has is a keystore of that key, so far as one without its password can tell.
/// Error: damaged_row.
[[nodiscard]] std::optional<Error> check_keystore(const ethereum::PublicKey& key,
                                                  std::string_view keystore);

/// That a deposit is of that key and on those terms, and verifies. Error: damaged_row.
[[nodiscard]] std::optional<Error> check_deposit(const Context& context, const Terms& terms,
                                                 const ethereum::PublicKey& key,
                                                 std::string_view deposit);

}  // namespace redoubt::ethereum_operator
