// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include <redoubt/aws/dynamodb/dynamodb.hpp>
#include <redoubt/sealed/wrap.hpp>

/// A wrap as an item, in the table of any chain.
///
/// | attribute   | type   | meaning                                                          |
/// |-------------|--------|------------------------------------------------------------------|
/// | `threshold` | N      | how many shares open it                                          |
/// | `shares`    | L of M | each `key` (S, ARN), `x` (N) and `share` (B, encrypted by KMS)   |
/// | `check`     | B      | tells the right wrap key, see sealed::WrapKey                    |
/// | `purpose`   | S      | of the chain's, `tezos-consensus` or `ethereum-validator`        |
/// | `made`      | N      | ms since 1970                                                    |
///
/// What names it is the chain's.
namespace redoubt::sealed_adapters {

/// How a chain's table has wraps, and what its keys are for.
struct WrapLayout {
    sealed::Purpose purpose;  // whatever an item says
    aws::dynamodb::ItemKey (*key_of)(const sealed::WrapId& id);
    /// The whole item.
    ObjectText (*to_item)(const sealed::Wrap& wrap);
    /// Nothing unless each attribute is there, of its type, and agrees with the item's own key.
    std::optional<sealed::Wrap> (*parse)(const Json& item);
};

/// What every chain's item has, as above.
void add_wrap(ObjectText& item, const sealed::Wrap& wrap);
/// The wrap of that name. Nothing unless each attribute is there and of its type.
[[nodiscard]] std::optional<sealed::Wrap> read_wrap(const Json& item, const sealed::WrapId& id);

/// `shares`, as an attribute.
[[nodiscard]] ObjectText shares_attribute(const std::vector<sealed::EncryptedShare>& shares);

}  // namespace redoubt::sealed_adapters
