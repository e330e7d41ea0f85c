// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/result.hpp>

/// Secrets leave encrypted only: in the format of age (https://c2sp.org/age), which the program
/// `age` reads.
namespace redoubt::backup {

/// Who can open what is encrypted: `age1...`, an X25519 public key.
class Recipient {
public:
    /// One spelling for each: lower case, 62 characters, as `age-keygen -y` prints it. Nothing for
    /// another kind of recipient, and nothing for a point of low order, with which anybody could
    /// open.
    [[nodiscard]] static std::optional<Recipient> parse(std::string_view text);

    [[nodiscard]] const ByteArray<32>& point() const { return point_; }
    bool operator==(const Recipient&) const = default;

private:
    explicit Recipient(const ByteArray<32>& point) : point_(point) {}

    ByteArray<32> point_;
};

/// One chunk of the format: what is longer is refused.
inline constexpr std::size_t max_plaintext = 65536;

/// An age file, armoured, that each of the recipients can open by itself. `bad_request` for none,
/// for one that is given twice, for an empty plaintext or one that is too long.
[[nodiscard]] Result<std::string> encrypt(ByteView plaintext,
                                          std::span<const Recipient> recipients);

}  // namespace redoubt::backup
