// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/nfkd.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "nfkd_table.inc"

namespace redoubt {
namespace {

/// What the table says of a run of characters.
struct Run {
    char32_t first = 0;
    char32_t last = 0;
};

std::uint32_t read_leb128(std::string_view& rest) {
    std::uint32_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto byte = static_cast<Byte>(rest.front());
        rest.remove_prefix(1);
        value |= (byte & 0x7fU) << shift;
        if (byte < 0x80) return value;
    }
}

Run read_run(std::string_view& rest, char32_t behind) {
    const char32_t first = behind + read_leb128(rest);
    return {first, first + read_leb128(rest)};
}

/// RFC 3629, 4; the first character of `rest`, which is cut off.
std::optional<char32_t> take_character(std::string_view& rest) {
    struct Form {
        unsigned mask, mark;  // of the first byte
        std::size_t size;     // in bytes
        char32_t least;       // what has no shorter form
    };
    constexpr std::array<Form, 4> forms = {{{0x80, 0x00, 1, 0},
                                            {0xe0, 0xc0, 2, 0x80},
                                            {0xf0, 0xe0, 3, 0x800},
                                            {0xf8, 0xf0, 4, 0x10000}}};
    const auto first = static_cast<Byte>(rest.front());
    const auto* form =
        std::ranges::find_if(forms, [=](const Form& f) { return (first & f.mask) == f.mark; });
    if (form == forms.end() || rest.size() < form->size) return std::nullopt;
    char32_t point = first & ~form->mask & 0xffU;
    for (std::size_t i = 1; i < form->size; ++i) {
        const auto next = static_cast<Byte>(rest[i]);
        if ((next & 0xc0U) != 0x80) return std::nullopt;
        point = (point << 6U) | (next & 0x3fU);
    }
    rest.remove_prefix(form->size);
    const bool is_surrogate = point >= 0xd800 && point < 0xe000;
    if (point < form->least || point > 0x10ffff || is_surrogate) return std::nullopt;
    return point;
}

Byte combining_class(char32_t point) {
    std::string_view rest = unicode::combining_classes;
    for (char32_t behind = 0; !rest.empty();) {
        const Run run = read_run(rest, behind);
        const auto value = static_cast<Byte>(rest.front());
        rest.remove_prefix(1);
        behind = run.last;
        if (point <= run.last) return point >= run.first ? value : Byte{0};
    }
    return 0;
}

/// A character and how it combines.
struct Character {
    char32_t point : 24;
    char32_t combining : 8;
};
static_assert(sizeof(Character) == 4);

/// Characters, in pages that only their owner has.
class Characters {
public:
    explicit Characters(std::size_t capacity) : memory_(capacity * sizeof(Character)) {}

    void push(char32_t point) {
        all()[size_] = {.point = point & 0xffffffU, .combining = combining_class(point)};
        ++size_;
    }
    [[nodiscard]] std::span<Character> pushed() { return all().first(size_); }

private:
    /// Pages are aligned for anything.
    std::span<Character> all() {
        return {reinterpret_cast<Character*>(memory_.bytes().data()),
                memory_.size() / sizeof(Character)};
    }

    GuardedBytes memory_;
    std::size_t size_ = 0;
};

/// Each byte becomes at most six characters: 18, of three bytes.
constexpr std::size_t max_growth = 6;

/// The Unicode Standard, 3.12: a syllable of Hangul is two or three letters by arithmetic.
bool decompose_hangul(char32_t point, Characters& to) {
    constexpr char32_t first = 0xac00, count = 11172, leading = 0x1100, vowel = 0x1161,
                       trailing = 0x11a7, trailing_count = 28, block = 21 * trailing_count;
    if (point < first || point >= first + count) return false;
    const char32_t index = point - first;
    to.push(leading + index / block);
    to.push(vowel + index % block / trailing_count);
    if (index % trailing_count != 0) to.push(trailing + index % trailing_count);
    return true;
}

void decompose(char32_t point, Characters& to) {
    if (point < 0x80) return to.push(point);
    if (decompose_hangul(point, to)) return;
    std::string_view rest = unicode::decompositions;
    for (char32_t behind = 0; !rest.empty();) {
        const Run run = read_run(rest, behind);
        const std::size_t size = read_leb128(rest);
        std::string_view made = rest.substr(0, size);
        rest.remove_prefix(size);
        behind = run.last;
        if (point < run.first) break;
        if (point > run.last) continue;
        while (!made.empty()) to.push(take_character(made).value() + (point - run.first));
        return;
    }
    to.push(point);
}

/// The Unicode Standard, 3.11: what combines with a character stands in the order of its classes.
void put_in_order(std::span<Character> characters) {
    for (std::size_t i = 1; i < characters.size(); ++i) {
        const Character moved = characters[i];
        if (moved.combining == 0) continue;
        std::size_t at = i;
        for (; at > 0 && characters[at - 1].combining > moved.combining; --at) {
            characters[at] = characters[at - 1];
        }
        characters[at] = moved;
    }
}

std::size_t utf8_size(char32_t point) {
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

Byte* write_utf8(char32_t point, Byte* to) {
    const std::size_t size = utf8_size(point);
    if (size == 1) {
        *to = static_cast<Byte>(point);
    } else {
        constexpr ByteArray<5> marks = {0, 0, 0xc0, 0xe0, 0xf0};
        for (std::size_t i = size; i-- > 1; point >>= 6U) {
            to[i] = static_cast<Byte>(0x80U | (point & 0x3fU));
        }
        *to = static_cast<Byte>(marks.at(size) | point);
    }
    return to + size;
}

}  // namespace

std::optional<GuardedBytes> nfkd(std::string_view text) {
    if (text.size() > max_nfkd_input) return std::nullopt;
    Characters characters(text.size() * max_growth);
    while (!text.empty()) {
        const auto point = take_character(text);
        if (!point) return std::nullopt;
        decompose(*point, characters);
    }
    const std::span<Character> made = characters.pushed();
    put_in_order(made);
    std::size_t size = 0;
    for (const Character& character : made) size += utf8_size(character.point);
    GuardedBytes out(size);
    Byte* to = out.bytes().data();
    for (const Character& character : made) to = write_utf8(character.point, to);
    return out;
}

}  // namespace redoubt
