// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/sealed/batch_name.hpp>

#include <algorithm>
#include <cstddef>

namespace redoubt::sealed_adapters {
namespace {

constexpr std::size_t longest_name = 64;

bool is_part_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

}  // namespace

bool is_batch_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_name &&
           std::ranges::all_of(text, is_part_of_name);
}

}  // namespace redoubt::sealed_adapters
