// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <redoubt/aws/dynamodb/batch_get.hpp>
#include <redoubt/sealed/wrap.hpp>
#include <redoubt/tezos/keys.hpp>

/// Where sealed keys and their wraps lie, in the table of watermarks.
///
/// A key: `pkh` is its tz4 address, `scope` is `sealed`.
///
/// | attribute    | type | meaning                                                       |
/// |--------------|------|---------------------------------------------------------------|
/// | `public_key` | S    | base58, `BLpk…`                                               |
/// | `sealed`     | B    | sealed/envelope.hpp                                           |
/// | `wrap`       | S    | the id of the wrap that seals it                              |
/// | `made`       | N    | ms since 1970                                                 |
/// | `backup`     | S    | the secret, encrypted by age to the operator; absent: none    |
/// | `proof`      | S    | of possession, base58, which only an open key can give        |
///
/// A wrap: `pkh` is `wrap/<id>`, `scope` is `wrap`.
///
/// | attribute   | type   | meaning                                                          |
/// |-------------|--------|------------------------------------------------------------------|
/// | `id`        | S      | 32 hexadecimal digits                                            |
/// | `threshold` | N      | how many shares open it                                          |
/// | `shares`    | L of M | each `key` (S, ARN), `x` (N) and `share` (B, encrypted by KMS)   |
/// | `check`     | B      | tells the right wrap key, see sealed::WrapKey                    |
/// | `purpose`   | S      | `tezos-consensus`                                                |
/// | `made`      | N      | ms since 1970                                                    |
namespace redoubt::tezos_adapters {

/// What Tezos' functions take wraps and sealed keys to be for, whatever an item says.
inline constexpr sealed::Purpose tezos_purpose = sealed::Purpose::TezosConsensus;

/// A sealed key, as the table has it.
struct SealedItem {
    crypto::PublicKey public_key;
    Bytes sealed;
    sealed::WrapId wrap;
    std::int64_t made_ms = 0;
    std::optional<std::string> backup;
    std::optional<std::string> proof = {};
};

/// The table's keys of the two kinds of item.
[[nodiscard]] aws::dynamodb::ItemKey sealed_item_key(const tezos::KeyHash& key);
[[nodiscard]] aws::dynamodb::ItemKey wrap_item_key(const sealed::WrapId& id);

/// The whole items.
[[nodiscard]] ObjectText to_item(const SealedItem& item);
[[nodiscard]] ObjectText to_item(const sealed::Wrap& wrap);

/// `shares`, as an attribute.
[[nodiscard]] ObjectText shares_attribute(const std::vector<sealed::EncryptedShare>& shares);

/// Nothing unless each attribute is there, of its type, and agrees with the item's own key.
[[nodiscard]] std::optional<SealedItem> parse_sealed_item(const Json& item);
[[nodiscard]] std::optional<sealed::Wrap> parse_wrap_item(const Json& item);

/// Whether an item is that of the key, or of the wrap: by its key alone.
[[nodiscard]] bool is_item_of(const Json& item, const tezos::KeyHash& key);
[[nodiscard]] bool is_item_of(const Json& item, const sealed::WrapId& id);

}  // namespace redoubt::tezos_adapters
