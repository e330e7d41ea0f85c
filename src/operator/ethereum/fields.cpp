// SPDX-License-Identifier: Apache-2.0
#include "fields.hpp"

#include <algorithm>

#include <redoubt/ethereum/address.hpp>

namespace redoubt::ethereum_operator {
namespace {

// So that an item stays below 1 KB, which is what each signature is charged by.
constexpr std::size_t most_tags = 8;
constexpr std::size_t longest_tag = 32;
constexpr std::size_t most_fee = 4;

bool is_part_of_tag(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

bool is_tag(std::string_view text) {
    return !text.empty() && text.size() <= longest_tag && std::ranges::all_of(text, is_part_of_tag);
}

/// A list of texts, none twice; `what` says what it has to be.
template <class Is>
Result<std::set<std::string>> read_set(const Json& fields, std::string_view name, std::size_t most,
                                       const Is& is, const std::string& what) {
    std::set<std::string> out;
    const Json* list = member(fields, name);
    if (list == nullptr) return out;
    if (!list->is_array() || list->size() > most) return bad_request(what);
    for (const Json& entry : *list) {
        const auto* text = entry.get_ptr<const std::string*>();
        if (text == nullptr || !is(*text) || !out.insert(*text).second) return bad_request(what);
    }
    return out;
}

}  // namespace

Result<std::vector<ethereum::PublicKey>> read_keys(const Json& fields) {
    const Json* list = member(fields, "keys");
    if (list == nullptr || !list->is_array() || list->empty() || list->size() > most_keys) {
        return bad_request("`keys` must be a list of 1 to " + std::to_string(most_keys) +
                           " public keys");
    }
    std::vector<ethereum::PublicKey> keys;
    for (const Json& entry : *list) {
        const auto* text = entry.get_ptr<const std::string*>();
        const auto key = text == nullptr ? std::nullopt : ethereum::PublicKey::parse(*text);
        if (!key) {
            return bad_request("`keys`: entry " + std::to_string(keys.size() + 1) +
                               " is not a public key, 0x and 96 hexadecimal digits");
        }
        if (std::ranges::find(keys, *key) != keys.end()) {
            return bad_request("`keys` names " + key->text() + " twice");
        }
        keys.push_back(*key);
    }
    return keys;
}

Result<std::uint64_t> read_number(const Json& fields, std::string_view name, std::uint64_t least,
                                  std::uint64_t most) {
    const Json* value = member(fields, name);
    if (value != nullptr && value->is_number_unsigned()) {
        const auto number = value->get<std::uint64_t>();
        if (number >= least && number <= most) return number;
    }
    return bad_request("`" + std::string(name) + "` must be a whole number from " +
                       std::to_string(least) + " to " + std::to_string(most));
}

Result<std::set<std::string>> read_tags(const Json& fields) {
    return read_set(fields, "tags", most_tags, is_tag,
                    "`tags` must be a list of up to 8 tags, none twice, each 1 to 32 of A-Z a-z "
                    "0-9 . _ -");
}

Result<std::set<std::string>> read_fee(const Json& fields) {
    const auto is_address = [](const std::string& text) {
        return ethereum::parse_address(text).has_value();
    };
    return read_set(fields, "fee", most_fee, is_address,
                    "`fee` must be a list of up to 4 addresses of fee recipients, none twice, each "
                    "0x and 40 hexadecimal digits whose capital letters are its checksum (EIP-55)");
}

Result<ethereum::Address> read_address(const Json& fields) {
    const std::string* text = string_member(fields, "address");
    if (text == nullptr) {
        return bad_request("`address`, to which the stake is paid out, is missing");
    }
    auto address = ethereum::parse_address(*text);
    if (!address) return bad_request("`address`: " + address.error().message);
    return address;
}

}  // namespace redoubt::ethereum_operator
