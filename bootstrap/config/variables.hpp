// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment.hpp"

namespace redoubt::bootstrap {

/// All that is wrong with a configuration, each with what to change.
using Mistakes = std::vector<std::string>;

/// `text`, then a line for each.
[[nodiscard]] std::string list_mistakes(std::string text, const Mistakes& mistakes);

/// Reads variables one after the other and collects what is wrong with them, so that all mistakes
/// are reported together. The environment outlives it.
class Variables {
public:
    explicit Variables(const Environment& environment) : environment_(environment) {}

    /// Empty if absent.
    [[nodiscard]] const std::string& get(std::string_view name) const {
        return environment_.get(name);
    }
    /// A mistake if absent: `set it to <what>`.
    const std::string& required(std::string_view name, std::string_view what);
    /// Whether the variable is `value`; a mistake if it is neither that nor absent (nor `other`, if
    /// there is one, which says as much).
    bool is_set_to(std::string_view name, std::string_view value, std::string_view other = {});
    /// As `get` and `required`, of what is read no further: a mistake if there is something odd
    /// about it.
    const std::string& optional_text(std::string_view name);
    const std::string& required_text(std::string_view name, std::string_view what);

    /// Each is told once, also if two readers came upon it.
    void mistake(std::string what);
    /// That `value`, which `whose` has (a variable, or an entry of its list), is not right: what is
    /// odd about it, if something is, or else `what`. The value itself is never told: it may be a
    /// secret that was pasted into the wrong place.
    void wrong_value(const std::string& whose, std::string_view value, std::string_view what);
    [[nodiscard]] const Mistakes& mistakes() const { return mistakes_; }

    /// Tells configurations apart without telling them: SHA-256, in hex, of `NAME=value` lines, of
    /// those of `names` that are not empty, in that order.
    [[nodiscard]] std::string fingerprint(std::span<const std::string_view> names) const;

private:
    const Environment& environment_;
    Mistakes mistakes_;
};

/// `AUTHORIZED_KEYS: entry 2`
[[nodiscard]] std::string entry_name(std::string_view variable, std::size_t position);

/// At commas; spaces around an entry are forgiven, empty entries are kept (and refused later).
[[nodiscard]] std::vector<std::string> split(std::string_view list);

}  // namespace redoubt::bootstrap
