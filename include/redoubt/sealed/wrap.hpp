// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/guarded.hpp>

/// Secrets that KMS can't hold: sealed under a wrap, whose shares KMS encrypts. What is written
/// where is in docs/sealed-keys.md.
namespace redoubt::sealed {

/// What a secret is for. It is a constant of the function that asks, never read from an item.
enum class Purpose : std::uint8_t { TezosConsensus, EthereumValidator };

[[nodiscard]] std::string_view name(Purpose purpose);
[[nodiscard]] std::optional<Purpose> parse_purpose(std::string_view text);

/// The name of a wrap: 16 bytes that no other has, written as 32 lower-case hex digits.
struct WrapId {
    ByteArray<16> bytes{};

    [[nodiscard]] std::string text() const;
    /// Only the spelling that text() gives.
    [[nodiscard]] static std::optional<WrapId> parse(std::string_view text);
    /// Of random bytes.
    [[nodiscard]] static WrapId make();
    /// Of the first key that the wrap is made for: who reads that key's item can read the wrap at
    /// once with it. For a key that was just made; of another, a wrap may have the name already.
    [[nodiscard]] static WrapId made_for(ByteView public_key);

    friend bool operator==(const WrapId&, const WrapId&) = default;
};

/// A wrap's key, which seals secrets. Its bytes can't be asked for.
class WrapKey {
public:
    static constexpr std::size_t size = 32;

    /// Of 32 random bytes of KMS and as many of this machine's kernel, so that neither alone knows
    /// it. Throws for another number of bytes.
    [[nodiscard]] static WrapKey make(ByteView random_of_kms);

    /// What tells this key from others without showing it; bound to the wrap's name.
    [[nodiscard]] ByteArray<32> check(const WrapId& id) const;

private:
    friend class KeyAccess;  // of src/sealed alone
    explicit WrapKey(GuardedBytes bytes) : bytes_(std::move(bytes)) {}

    GuardedBytes bytes_;
};

/// One share of a wrap, as KMS encrypted it.
struct EncryptedShare {
    std::string key;  // the ARN of the KMS key
    unsigned x = 0;   // its place, from 1
    Bytes share;      // KMS's ciphertext
};

/// A wrap as the table has it: `threshold` of the shares open it.
struct Wrap {
    WrapId id;
    unsigned threshold = 0;
    std::vector<EncryptedShare> shares;
    ByteArray<32> check{};
    Purpose purpose{};
    std::int64_t made_ms = 0;
};

inline constexpr unsigned most_shares = 5;

/// KMS's encryption context: names and values, in clear in CloudTrail.
using Context = std::vector<std::pair<std::string, std::string>>;

/// What KMS is to bind a share to; another share, wrap or purpose does not decrypt.
[[nodiscard]] Context share_context(const WrapId& id, unsigned x, unsigned n, Purpose purpose);

}  // namespace redoubt::sealed
