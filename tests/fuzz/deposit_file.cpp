// SPDX-License-Identifier: Apache-2.0
// Files of deposits, and changes of credentials and exits, which are read like their entries.
#include <redoubt/ethereum/bls_change.hpp>
#include <redoubt/ethereum/deposit.hpp>
#include <redoubt/ethereum/exit.hpp>

#include "check.hpp"

namespace redoubt::fuzz::deposit_file {
namespace {

using namespace redoubt::ethereum;

void check_refusal(const std::optional<Error>& mistake) {
    check(!mistake || (mistake->code == Code::BadRequest && !mistake->message.empty()),
          "what is refused is somebody's mistake");
}

void check_file(std::string_view text, const Network& network) {
    const auto mistake = check_deposit_file(text, network);
    check_refusal(mistake);
    if (mistake) return;
    const Json file = parse_json(text).value();
    for (const Json& entry : file) {
        check(!check_deposit(entry, network), "what is taken in a file is taken by itself");
        const auto amount = entry.at("amount").get<std::uint64_t>();
        check(amount >= min_deposit.value() && amount <= max_deposit.value(), "within the bounds");
        check(entry.at("network_name") == network.name, "of this network");
    }
}

}  // namespace

void one_input(ByteView input) {
    static const Network network = find_network("mainnet").value();
    check_file(text_of(input), network);
    const auto value = parse_json(text_of(input));
    if (!value) return;
    check_refusal(check_bls_change(*value, network));
    const auto key = PublicKey::parse(std::string(96, '0')).value();
    const auto mistake = check_exit(*value, key, network);
    check_refusal(mistake);
    check(mistake.has_value(), "zeros are nobody's key");
}

}  // namespace redoubt::fuzz::deposit_file
