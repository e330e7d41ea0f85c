// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/adapters/sealed/wrap_table.hpp>
#include <redoubt/base/clock.hpp>
#include <redoubt/ethereum/network.hpp>
#include <redoubt/ethereum/types.hpp>

/// The table of validators. Its partition key is `id` (S), and it has no sort key. The index
/// `active` has the partition key `shard`, so it holds just what is on, and projects `tags`.
///
/// A validator: `id` is its public key, `0x` and 96 lower-case hex digits. Below 1 KB, which is
/// what a write is charged by.
///
/// | attribute | type | meaning                                                             |
/// |-----------|------|---------------------------------------------------------------------|
/// | `on`      | BOOL | whether it signs                                                    |
/// | `src`     | N    | the highest source epoch of an attestation                          |
/// | `tgt`     | N    | the highest target epoch                                            |
/// | `slot`    | N    | the highest slot of a block                                         |
/// | `aroot`   | B    | the signing root at `tgt`; absent after arming and import           |
/// | `broot`   | B    | the signing root at `slot`; absent after arming and import          |
/// | `sealed`  | B    | sealed/envelope.hpp; absent once it is deleted                      |
/// | `wrap`    | S    | the id of the wrap that seals it; absent as `sealed` is             |
/// | `until`   | N    | the first epoch that is not signed any more; absent: no end         |
/// | `tags`    | SS   | what tokens are given for; absent: none                             |
/// | `fee`     | SS   | fee recipients that may be registered; absent: none                 |
/// | `made`    | N    | ms since 1970                                                       |
/// | `at`      | N    | when it was written last, ms since 1970                             |
/// | `set`     | B    | another one with each word of an operator; absent: none yet         |
/// | `shard`   | S    | the last hex digit of `id`; absent unless `on`                      |
///
/// Beside it, written with it and never without it: `backup/<id>` with `backup` (S), the mnemonic
/// encrypted by age to the operator (and, if they were asked for, `keystore` (S), a keystore's
/// JSON, and `password` (S), of that, encrypted in the same way), and `deposit/<id>` with `deposit`
/// (S), a JSON object as the launchpad takes it, and `backed_up` (BOOL), whether there is a backup.
/// Others: `wrap/<wrap's id>`, as in
/// <redoubt/adapters/sealed/wrap_table.hpp>; `batch/<name>` and `network`, as below.
namespace redoubt::ethereum_adapters {

/// What Ethereum's functions take wraps and sealed keys to be for, whatever an item says.
inline constexpr sealed::Purpose ethereum_purpose = sealed::Purpose::EthereumValidator;

/// A validator's secret as the table has it.
struct SealedSecret {
    Bytes bytes;
    sealed::WrapId wrap;
};

struct Validator {
    ethereum::PublicKey key;
    bool is_on = false;
    ethereum::Epoch source;
    ethereum::Epoch target;
    ethereum::Slot slot;
    std::optional<ethereum::Root> attestation_root = {};
    std::optional<ethereum::Root> block_root = {};
    std::optional<SealedSecret> sealed = {};
    std::optional<ethereum::Epoch> until = {};
    std::set<std::string> tags = {};
    std::set<std::string> fee = {};  // with their checksums
    std::int64_t made_ms = 0;
    std::int64_t written_ms = 0;
    std::optional<Bytes> set = {};  // no bytes are twice the same
};

/// The items' names.
[[nodiscard]] aws::dynamodb::ItemKey validator_key(const ethereum::PublicKey& key);
[[nodiscard]] aws::dynamodb::ItemKey backup_key(const ethereum::PublicKey& key);
[[nodiscard]] aws::dynamodb::ItemKey deposit_key(const ethereum::PublicKey& key);
[[nodiscard]] aws::dynamodb::ItemKey wrap_key(const sealed::WrapId& id);
[[nodiscard]] aws::dynamodb::ItemKey batch_key(std::string_view name);
[[nodiscard]] aws::dynamodb::ItemKey network_key();

/// Where the index `active` has it while it is on.
[[nodiscard]] std::string shard_of(const ethereum::PublicKey& key);

[[nodiscard]] ObjectText to_item(const Validator& validator);
[[nodiscard]] ObjectText to_item(const sealed::Wrap& wrap);

/// Nothing unless each attribute is of its type, those that no validator is without are there, and
/// it is the item of a public key.
[[nodiscard]] std::optional<Validator> parse_validator(const Json& item);
/// Nothing unless each attribute is there, of its type, and agrees with the item's own key.
[[nodiscard]] std::optional<sealed::Wrap> parse_wrap_item(const Json& item);

/// How this table has wraps.
inline constexpr sealed_adapters::WrapLayout wrap_layout{
    .purpose = ethereum_purpose, .key_of = wrap_key, .to_item = to_item, .parse = parse_wrap_item};

/// The text of an attribute of `backup/` or `deposit/`, of just that item.
[[nodiscard]] const std::string* read_companion(const Json& item, const aws::dynamodb::ItemKey& key,
                                                std::string_view attribute);
[[nodiscard]] ObjectText companion_item(const aws::dynamodb::ItemKey& key,
                                        std::string_view attribute, std::string_view text);

/// Keys that are made by one command, however often it is given: `batch/<name>`.
///
/// | attribute | type   | meaning                                       |
/// |-----------|--------|-----------------------------------------------|
/// | `keys`    | L of S | those that are there, in order                |
/// | `fields`  | S      | what was asked for                            |
struct Batch {
    std::string name;
    std::string fields;
    std::vector<ethereum::PublicKey> keys;
};
[[nodiscard]] ObjectText to_item(const Batch& batch);
/// `keys`, as an attribute.
[[nodiscard]] ObjectText keys_attribute(const std::vector<ethereum::PublicKey>& keys);
[[nodiscard]] std::optional<Batch> parse_batch(const Json& item);

/// What a table is for: `network`, written by the deployment.
///
/// | attribute | type | meaning                                                              |
/// |-----------|------|----------------------------------------------------------------------|
/// | `root`    | S    | genesis validators root in hex, with `0x` or without                 |
/// | `table`   | S    | this table's name: one that was restored has another, and has forgot |
/// | `wraps`   | SS   | ids of those in use; absent: none yet                                |
struct TableNetwork {
    ethereum::Root root{};
    std::string table;
    std::vector<sealed::WrapId> wraps;
};
[[nodiscard]] ObjectText to_item(const TableNetwork& network);
[[nodiscard]] std::optional<TableNetwork> parse_network_item(const Json& item);
/// That a table is of this network, and goes by its own name. Error: wrong_network.
[[nodiscard]] std::optional<Error> judge_network(const std::optional<TableNetwork>& item,
                                                 const ethereum::Network& network,
                                                 std::string_view table);

}  // namespace redoubt::ethereum_adapters
