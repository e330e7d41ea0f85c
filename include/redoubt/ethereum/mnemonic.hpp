// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include <redoubt/base/guarded.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/crypto/kdf.hpp>

namespace redoubt::ethereum {

/// A seed in English words (BIP-39), of which its last bits are a checksum. In pages of its own; no
/// call leaves a copy of the words, of what they stand for or of a seed elsewhere in memory.
class Mnemonic {
public:
    static constexpr std::size_t entropy_size = 32;  // of 24 words
    static constexpr std::size_t seed_size = crypto::seed_size;

    /// Of 16, 20, 24, 28 or 32 bytes, 12 to 24 words. Throws for another number.
    [[nodiscard]] static Mnemonic generate(ByteView entropy);

    /// Of 12, 15, 18, 21 or 24 lower-case words, with white space of any kind between them and at
    /// the ends. Refused by BadRequest, without a word of it in the message: another number of
    /// words, the list of another language (which is named), a word that is not in the list (which
    /// one is said), and a checksum that is not theirs.
    [[nodiscard]] static Result<Mnemonic> parse(std::string_view text);

    /// One space between them.
    [[nodiscard]] std::string_view words() const { return text_of(words_.view()); }

    /// 64 bytes, for derive(). The passphrase, often called the 25th word, is UTF-8 of up to 1 KB;
    /// nearly always there is none. BadRequest for another.
    [[nodiscard]] Result<GuardedBytes> seed(std::string_view passphrase = {}) const;
    /// Of each, without a passphrase: four together take less time.
    [[nodiscard]] static std::vector<GuardedBytes> seeds(std::span<const Mnemonic> all);

private:
    explicit Mnemonic(GuardedBytes words) : words_(std::move(words)) {}

    GuardedBytes words_;
};

}  // namespace redoubt::ethereum
