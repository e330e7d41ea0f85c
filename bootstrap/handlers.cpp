// SPDX-License-Identifier: Apache-2.0
#include "handlers.hpp"

#include <algorithm>
#include <array>

#include <redoubt/base/text.hpp>

#include "config/oddity.hpp"

#include "handlers/ethereum_operator.hpp"
#include "handlers/ethereum_signer.hpp"
#include "handlers/operator.hpp"
#include "handlers/tezos_signer.hpp"

namespace redoubt::bootstrap {
namespace {

/// Of which chain's keys, its settings tell.
NewHandler make_recovery(const Environment& environment, const Clock& clock) {
    const bool is_ethereum = !environment.get("VALIDATOR_TABLE").empty();
    const bool is_tezos = !environment.get("WATERMARK_TABLE").empty();
    if (is_ethereum != is_tezos) {
        return is_tezos ? make_tezos_recovery(environment, clock)
                        : make_ethereum_recovery(environment, clock);
    }
    return std::unexpected(InitError{
        "Runtime.InvalidConfiguration",
        is_tezos ? "WATERMARK_TABLE and VALIDATOR_TABLE are both set: a function is for keys of "
                   "one chain, so remove one of the two"
                 : "WATERMARK_TABLE or VALIDATOR_TABLE is missing: set it to the name of the table "
                   "with the keys, of Tezos or of Ethereum"});
}

struct Entry {
    std::string_view name;
    NewHandler (*make)(const Environment& environment, const Clock& clock);
};

constexpr std::array handlers = {
    Entry{"signer", make_tezos_signer},
    Entry{"operator", make_operator},
    Entry{"ethereum-signer", make_ethereum_signer},
    Entry{"ethereum-operator", make_ethereum_operator},
    Entry{"recovery", make_recovery},
};

/// `signer`, `operator`, `ethereum-signer`, `ethereum-operator` or `recovery`
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
