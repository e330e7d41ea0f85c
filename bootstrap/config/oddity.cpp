// SPDX-License-Identifier: Apache-2.0
#include "config/oddity.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace redoubt::bootstrap {
namespace {

struct Odd {
    std::string_view bytes;
    std::string_view name;
};
constexpr std::array known = {
    Odd{"\n", "a line break"},
    Odd{"\r", "a carriage return"},
    Odd{"\t", "a tab"},
    Odd{" ", "a space"},
    Odd{"\"", "a quotation mark"},
    Odd{"'", "a quotation mark"},
    Odd{"`", "a quotation mark"},
    Odd{"\u2018", "a quotation mark"},
    Odd{"\u2019", "a quotation mark"},
    Odd{"\u201c", "a quotation mark"},
    Odd{"\u201d", "a quotation mark"},
    Odd{"\u00a0", "a no-break space"},
    Odd{"\u200b", "a zero-width space"},
    Odd{"\u200c", "a zero-width character"},
    Odd{"\u200d", "a zero-width character"},
    Odd{"\u2060", "a zero-width character"},
    Odd{"\ufeff", "a byte order mark"},
};

/// The bytes of the first character; of what is not UTF-8, one.
std::size_t size_of_first(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t wanted = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    std::size_t size = 1;
    while (size < std::min(wanted, text.size()) &&
           (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80) {
        ++size;
    }
    return size;
}

/// Empty if there is nothing odd about it.
std::string_view name_of(std::string_view character) {
    const auto* const found = std::ranges::find(known, character, &Odd::bytes);
    if (found != known.end()) return found->name;
    const auto first = static_cast<unsigned char>(character.front());
    if (first < 0x20 || first == 0x7f) return "a control character";
    return first < 0x80 ? "" : "a character that is not ASCII";
}

}  // namespace

std::string oddity(std::string_view value) {
    std::vector<std::string_view> names;
    while (!value.empty()) {
        const std::size_t size = size_of_first(value);
        names.push_back(name_of(value.substr(0, size)));
        value.remove_prefix(size);
    }
    if (names.empty()) return "";
    const std::string first(names.front());
    const std::string last(names.back());
    if (!first.empty() && first == last) return "begins and ends with " + first;
    if (!first.empty()) return "begins with " + first;
    if (!last.empty()) return "ends with " + last;
    const auto odd = std::ranges::find_if(names, [](auto name) { return !name.empty(); });
    if (odd == names.end()) return "";
    return "has " + std::string(*odd) + " as character " + std::to_string(odd - names.begin() + 1);
}

}  // namespace redoubt::bootstrap
