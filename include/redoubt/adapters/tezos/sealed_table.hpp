// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <redoubt/adapters/sealed/wrap_table.hpp>
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
/// A wrap: `pkh` is `wrap/<id>`, `scope` is `wrap`, `id` (S) is 32 hexadecimal digits, and the rest
/// as in <redoubt/adapters/sealed/wrap_table.hpp>.
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

/// Nothing unless each attribute is there, of its type, and agrees with the item's own key.
[[nodiscard]] std::optional<SealedItem> parse_sealed_item(const Json& item);
[[nodiscard]] std::optional<sealed::Wrap> parse_wrap_item(const Json& item);

/// How this table has wraps.
inline constexpr sealed_adapters::WrapLayout wrap_layout{.purpose = tezos_purpose,
                                                         .key_of = wrap_item_key,
                                                         .to_item = to_item,
                                                         .parse = parse_wrap_item};

/// Whether an item is that of the key, or of the wrap: by its key alone.
[[nodiscard]] bool is_item_of(const Json& item, const tezos::KeyHash& key);
[[nodiscard]] bool is_item_of(const Json& item, const sealed::WrapId& id);

}  // namespace redoubt::tezos_adapters
