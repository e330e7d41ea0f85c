// SPDX-License-Identifier: Apache-2.0
// What keys have signed, as another signer says (EIP-3076). The input: its JSON.
#include <redoubt/base/json.hpp>
#include <redoubt/ethereum/interchange.hpp>

#include "check.hpp"

namespace redoubt::fuzz::interchange {
namespace {

using namespace ethereum;

void check_refusal(const Error& error) {
    check(error.code == Code::BadRequest || error.code == Code::WrongNetwork,
          "a refusal is a bad_request, or of another network");
    check(error.message.starts_with("the interchange") && error.message.size() < 300,
          "that says where, in a few words");
}

std::uint64_t number_of(const Json& value) {
    if (value.is_number()) return value.get<std::uint64_t>();
    return parse_number(value.get<std::string>()).value();
}

/// No entry of the text is above the maxima, and each maximum is one of them.
template <class T>
void check_highest(const Json& entries, const char* name, const std::optional<T>& highest,
                   bool& is_there) {
    for (const Json& entry : entries) {
        const T value(number_of(entry.at(name)));
        check(highest && value <= *highest, "nothing signed is above the maximum");
        is_there = is_there || value == *highest;
    }
}

void check_key(const Json& data, const PublicKey& key, const SignedMaxima& maxima) {
    bool slot = false;
    bool source = false;
    bool target = false;
    for (const Json& entry : data) {
        if (PublicKey::parse(entry.at("pubkey").get<std::string>()) != key) continue;
        check_highest(entry.at("signed_blocks"), "slot", maxima.slot, slot);
        check_highest(entry.at("signed_attestations"), "source_epoch", maxima.source, source);
        check_highest(entry.at("signed_attestations"), "target_epoch", maxima.target, target);
    }
    check(slot == maxima.slot.has_value() && source == maxima.source.has_value() &&
              target == maxima.target.has_value(),
          "a maximum was signed");
}

void check_round_trip(const Interchange& keys, const Network& network) {
    std::vector<LastSigned> rows;
    Interchange expected;
    for (const auto& [key, maxima] : keys) {
        const LastSigned row{key,
                             maxima.slot.value_or(Slot()),
                             maxima.source.value_or(Epoch()),
                             maxima.target.value_or(Epoch()),
                             Root{1},
                             {}};
        rows.push_back(row);
        expected[key] = {row.slot, row.source, row.target};
    }
    const auto again = parse_interchange(write_interchange(rows, network), network);
    check(again && *again == expected, "what is written is read as it was");
}

}  // namespace

void one_input(ByteView input) {
    static const Network network = find_network("hoodi").value();
    const std::string text(text_of(input));
    const auto keys = parse_interchange(text, network);
    if (!keys) return check_refusal(keys.error());
    const Json whole = parse_json(text).value();
    for (const Json& entry : whole.at("data")) {
        check(keys->contains(*PublicKey::parse(entry.at("pubkey").get<std::string>())),
              "no key is lost");
    }
    for (const auto& [key, maxima] : *keys) check_key(whole.at("data"), key, maxima);
    check_round_trip(*keys, network);
    check(!parse_interchange(text, find_network("mainnet").value()), "it is of one network");
    check(!parse_interchange(text + "}", network), "nothing may follow");
}

}  // namespace redoubt::fuzz::interchange
