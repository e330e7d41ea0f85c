// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <redoubt/base/bytes.hpp>

namespace redoubt::test {

/// Spoils bytes in the ways that parsers are wrong about, the same ways in every run.
class Mutator {
public:
    /// One to four changes; a part of `other` may be spliced in.
    [[nodiscard]] Bytes mutate(Bytes bytes, ByteView other) {
        const std::size_t changes = 1 + below(4);
        for (std::size_t i = 0; i < changes; ++i) change(bytes, other);
        return bytes;
    }
    [[nodiscard]] std::string mutate(std::string_view text, std::string_view other) {
        const ByteView bytes = bytes_of(text);
        return std::string(text_of(mutate(Bytes(bytes.begin(), bytes.end()), bytes_of(other))));
    }
    /// A number from 0 to `limit` - 1.
    [[nodiscard]] std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }
    template <class T>
    [[nodiscard]] const T& one_of(const std::vector<T>& things) {
        return things[below(things.size())];
    }

private:
    using Offset = std::ptrdiff_t;

    void change(Bytes& bytes, ByteView other) {
        const std::size_t kind = below(6);
        if (bytes.empty() || kind == 0) return insert(bytes, other);
        const std::size_t at = below(bytes.size());
        const auto place = bytes.begin() + static_cast<Offset>(at);
        if (kind == 1) {
            bytes[at] ^= static_cast<Byte>(1U << below(8));
        } else if (kind == 2) {
            constexpr std::array<Byte, 8> interesting = {0x00, 0x01, 0x7f, 0x80,
                                                         0xff, '"',  '%',  '1'};
            bytes[at] = interesting[below(interesting.size())];
        } else if (kind == 3) {
            bytes.erase(place, place + static_cast<Offset>(
                                           1 + below(std::min<std::size_t>(8, bytes.size() - at))));
        } else if (kind == 4) {
            bytes.resize(at);
        } else {
            std::copy_n(other.begin(), std::min(other.size(), bytes.size() - at), place);
        }
    }
    void insert(Bytes& bytes, ByteView other) {
        const auto at = bytes.begin() + static_cast<Offset>(below(bytes.size() + 1));
        const std::size_t size = std::min<std::size_t>(other.size(), 1 + below(32));
        bytes.insert(at, other.begin(), other.begin() + static_cast<Offset>(size));
    }

    std::mt19937_64 random_{20261121};
};

}  // namespace redoubt::test
