// SPDX-License-Identifier: Apache-2.0
#include "handlers.hpp"

#include <algorithm>
#include <array>

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
};

/// `signer` or `operator`
std::string list_names() {
    std::string list;
    for (const Entry& entry : handlers) {
        if (!list.empty()) list += &entry == &handlers.back() ? " or " : ", ";
        list += "`" + std::string(entry.name) + "`";
    }
    return list;
}

}  // namespace

NewHandler make_handler(const Environment& environment, const Clock& clock) {
    const std::string& name = environment.get("_HANDLER");
    const auto* const entry = std::ranges::find(handlers, name, &Entry::name);
    if (entry == handlers.end()) {
        return std::unexpected(
            InitError{"Runtime.InvalidConfiguration",
                      (name.empty() ? "The function's handler is missing"
                                    : "The function's handler is `" + name + "`") +
                          ": set it to " + list_names()});
    }
    return entry->make(environment, clock);
}

}  // namespace redoubt::bootstrap
