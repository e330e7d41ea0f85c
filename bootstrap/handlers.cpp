// SPDX-License-Identifier: Apache-2.0
#include "handlers.hpp"

#include <algorithm>
#include <array>

#include <redoubt/base/text.hpp>

#include "config/oddity.hpp"

#include "handlers/operator.hpp"
#include "handlers/tezos_signer.hpp"

namespace redoubt::bootstrap {
namespace {

struct Entry {
    std::string_view name;
    NewHandler (*make)(const Environment& environment, const Clock& clock);
};

constexpr std::array handlers = {
    Entry{"signer", make_tezos_signer},
    Entry{"operator", make_operator},
    Entry{"recovery", make_recovery},
};

/// `signer`, `operator` or `recovery`
std::string list_names() {
    std::string list;
    for (const Entry& entry : handlers) {
        if (!list.empty()) list += &entry == &handlers.back() ? " or " : ", ";
        list += "`" + std::string(entry.name) + "`";
    }
    return list;
}

/// Why it is not one of those.
std::string what_is_wrong_with(const std::string& name) {
    if (name.empty()) return " is missing";
    const std::string is = " is `" + name + "`";
    if (const std::string odd = oddity(name); !odd.empty()) return is + ", which " + odd;
    const bool is_other_case =
        std::ranges::find(handlers, lower_case(name), &Entry::name) != handlers.end();
    return is + (is_other_case ? ", with capital letters" : "");
}

}  // namespace

NewHandler make_handler(const Environment& environment, const Clock& clock) {
    const std::string& name = environment.get("_HANDLER");
    const auto* const entry = std::ranges::find(handlers, name, &Entry::name);
    if (entry == handlers.end()) {
        return std::unexpected(InitError{
            "Runtime.InvalidConfiguration",
            "The function's handler" + what_is_wrong_with(name) + ": set it to " + list_names()});
    }
    return entry->make(environment, clock);
}

}  // namespace redoubt::bootstrap
