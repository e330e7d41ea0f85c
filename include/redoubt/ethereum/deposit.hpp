// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/ethereum/network.hpp>
#include <redoubt/ethereum/types.hpp>

/// What makes a key a validator: a transaction to the deposit contract with these data, signed by
/// the key. Source: consensus-specs, phase0/beacon-chain.md (DepositMessage, DepositData),
/// EIP-7251; the file is the launchpad's `deposit_data-*.json`.
namespace redoubt::ethereum {

/// Who gets the stake back: an account of the execution layer either way.
enum class WithdrawalType : Byte {
    Execution = 0x01,    // up to 32 ETH earn, what is above is paid out
    Compounding = 0x02,  // up to 2,048 ETH earn (EIP-7251)
};
/// `01` or `02`.
[[nodiscard]] std::optional<WithdrawalType> parse_withdrawal_type(std::string_view text);

/// The type, eleven zeros and the address.
[[nodiscard]] Root withdrawal_credentials(WithdrawalType type, const Address& address);

/// 1 to 2,048 ETH; on Gnosis, where 32 of the chain's units are a GNO, 1/32 to 64 GNO.
constexpr Gwei min_deposit{1'000'000'000};
constexpr Gwei max_deposit{2'048'000'000'000};
/// With which a validator is activated.
constexpr Gwei full_deposit{32'000'000'000};

struct DepositTerms {
    WithdrawalType type;
    Address address;
    Gwei amount;
};

struct Deposit {
    PublicKey public_key;
    Root withdrawal_credentials{};
    Gwei amount;
    SignatureBytes signature{};
    Root message_root{};
    Root data_root{};
    ForkVersion fork_version{};
    std::string network_name;
};

/// One of each secret, made, and checked by check_deposits(). BadRequest, with the field named, for
/// an amount outside of the bounds, or above 32 ETH with type 0x01, where the rest would not earn;
/// and for address zero.
[[nodiscard]] Result<std::vector<Deposit>> make_deposits(
    std::span<const crypto::bls::SecretKey> secrets, const Network& network,
    const DepositTerms& terms);
[[nodiscard]] Result<Deposit> make_deposit(const crypto::bls::SecretKey& secret,
                                           const Network& network, const DepositTerms& terms);

/// The launchpad's object.
[[nodiscard]] Json to_json(const Deposit& deposit);

/// What is wrong with an entry of a deposit file for that network, as BadRequest that names field
/// and rule; nothing if nothing is. Shares no code with what makes deposits: it hashes as
/// the deposit contract does. Checks each field, also the two that the deposit tool does not look
/// at: `deposit_message_root`, and `network_name` beside `fork_version`.
[[nodiscard]] std::optional<Error> check_deposit(const Json& entry, const Network& network);

/// The same of several, each of another key. Their signatures are verified at once, in half the
/// time; if that fails, one after the other.
[[nodiscard]] std::optional<Error> check_deposits(std::span<const Json> deposits,
                                                  const Network& network);

/// The same of a file's text, up to 1 MB: a list of up to 1,000 entries, each key once. (What needs
/// the chain, whether a key was used before, is not looked at.)
[[nodiscard]] std::optional<Error> check_deposit_file(std::string_view text,
                                                      const Network& network);

}  // namespace redoubt::ethereum
