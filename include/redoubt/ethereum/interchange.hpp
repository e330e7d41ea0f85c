// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <redoubt/base/result.hpp>
#include <redoubt/ethereum/network.hpp>
#include <redoubt/ethereum/types.hpp>

/// What keys have signed, as signers hand it to each other.
/// Source: EIP-3076, version 5 of the format.
namespace redoubt::ethereum {

/// The highest of all that a key has signed, each by itself: what is not above is never signed
/// again. Nothing where it signed none.
struct SignedMaxima {
    std::optional<Slot> slot;
    std::optional<Epoch> source;
    std::optional<Epoch> target;
    bool operator==(const SignedMaxima&) const = default;
};
using Interchange = std::map<PublicKey, SignedMaxima>;

/// Of up to 6 MB, which is what Lambda takes. A key may be there several times; votes that slash
/// each other are taken, as maxima lie above both. Signing roots are read and dropped.
///
/// `wrong_network` for another genesis; `bad_request`, with the place, for all else: no JSON, a
/// member twice, unknown or missing, another version, numbers and keys that are none.
[[nodiscard]] Result<Interchange> parse_interchange(std::string_view json, const Network& network);

/// Where a key of ours stands. Roots are those of what was signed last; nothing after an import.
struct LastSigned {
    PublicKey key;
    Slot slot;
    Epoch source;
    Epoch target;
    std::optional<Root> block_root;
    std::optional<Root> attestation_root;
};
/// One block and one attestation a key.
[[nodiscard]] std::string write_interchange(std::span<const LastSigned> keys,
                                            const Network& network);

}  // namespace redoubt::ethereum
