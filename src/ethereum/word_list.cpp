// SPDX-License-Identifier: Apache-2.0
#include "word_list.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "english_words.inc"
#include "other_languages.inc"

namespace redoubt::ethereum {
namespace {

constexpr std::size_t word_count = 2048;

/// Where each word begins, and, last, the end.
consteval std::array<std::uint16_t, word_count + 1> word_starts() {
    std::array<std::uint16_t, word_count + 1> starts{};
    std::size_t word = 0;
    for (std::size_t at = 0; at < english_words.size(); ++at) {
        if (english_words[at] == ' ') starts.at(++word) = static_cast<std::uint16_t>(at + 1);
    }
    if (word != word_count) throw std::logic_error("the list has another number of words");
    return starts;
}
constexpr auto starts = word_starts();

/// FNV-1a, of 32 bits.
std::uint32_t hash(std::string_view word) {
    std::uint32_t value = 0x811c9dc5;
    for (char c : word) value = (value ^ static_cast<std::uint8_t>(c)) * 0x01000193U;
    return value;
}

bool may_have(const LanguageFilter& filter, std::string_view word) {
    const std::size_t bit = hash(word) % filter_bits;
    const char c = filter.digits[bit / 4];
    const unsigned digit = static_cast<unsigned>(c) - (c < 'a' ? '0' : 'a' - 10);
    return (digit >> bit % 4 & 1U) != 0;
}

bool may_have_all(const LanguageFilter& filter, std::string_view words) {
    std::size_t count = 0;
    while (!words.empty()) {
        const std::string_view word = words.substr(0, words.find_first_of(" \t\r\n"));
        words.remove_prefix(std::min(word.size() + 1, words.size()));
        if (word.empty()) continue;
        if (!may_have(filter, word)) return false;
        ++count;
    }
    return count >= 12;
}

}  // namespace

std::string_view english_word(std::size_t index) {
    const std::size_t start = starts.at(index);
    return english_words.substr(start, starts.at(index + 1) - start - 1U);
}

std::optional<std::uint16_t> english_index(std::string_view word) {
    std::size_t below = 0, above = word_count;
    while (below < above) {
        const std::size_t middle = (below + above) / 2;
        if (english_word(middle) < word) {
            below = middle + 1;
        } else {
            above = middle;
        }
    }
    if (below == word_count || english_word(below) != word) return std::nullopt;
    return static_cast<std::uint16_t>(below);
}

std::optional<std::string_view> other_language(std::string_view words) {
    const auto* found = std::ranges::find_if(language_filters, [=](const LanguageFilter& filter) {
        return may_have_all(filter, words);
    });
    if (found == language_filters.end()) return std::nullopt;
    return found->language;
}

}  // namespace redoubt::ethereum
