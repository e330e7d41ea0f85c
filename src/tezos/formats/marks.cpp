// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/formats/marks.hpp>

#include <algorithm>

#include <redoubt/tezos/base58.hpp>

namespace redoubt::tezos::formats {

void keep_highest(Marks& marks, MarkId id, const Position& at) {
    const auto [mark, is_new] = marks.try_emplace(std::move(id), at);
    if (!is_new) mark->second = std::max(mark->second, at);
}

bool is_address(std::string_view text) {
    // Three bytes that make it tz1 to tz5, all of which begin with these two, and a hash.
    const auto decoded = from_base58check(text);
    return decoded && decoded->size() == 23 && (*decoded)[0] == 0x06 && (*decoded)[1] == 0xa1;
}

}  // namespace redoubt::tezos::formats
