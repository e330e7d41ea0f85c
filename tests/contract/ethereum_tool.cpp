// SPDX-License-Identifier: Apache-2.0
// Says what roots we compute, a line in, a line out, so that another implementation can be asked
// the same (test_ethereum_roots.py). A line is a word and what it needs:
//     request NETWORK KEY JSON          the signing root of a validator client's request
//     deposit KEY CREDENTIALS AMOUNT SIGNATURE        the root of deposit data
//     change INDEX KEY ADDRESS                        the root of a BLS-to-execution change
// Bytes are `0x` and hex. A refusal is its code and its message.

#include <exception>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <redoubt/base/json.hpp>
#include <redoubt/ethereum/messages.hpp>
#include <redoubt/ethereum/signing_request.hpp>

namespace {

using namespace redoubt::ethereum;

std::string word_of(std::istream& line) {
    std::string word;
    if (!(line >> word)) throw std::runtime_error("the line is too short");
    return word;
}

template <std::size_t N>
redoubt::ByteArray<N> bytes_of(std::istream& line) {
    return parse_prefixed_hex<N>(word_of(line)).value();
}

std::uint64_t number_of(std::istream& line) { return parse_number(word_of(line)).value(); }

std::string request_root(std::istream& line) {
    const Network network = find_network(word_of(line)).value();
    const PublicKey key{bytes_of<48>(line)};
    std::string json;
    std::getline(line >> std::ws, json);
    const auto parsed = parse_signing_request(json, {network, key, true});
    if (!parsed) return std::string(name(parsed.error().code)) + ": " + parsed.error().message;
    if (!parsed->request) return std::string(name(parsed->request.error().code));
    return prefixed_hex(parsed->request->signing_root);
}

std::string deposit_root(std::istream& line) {
    DepositData data;
    data.message.pubkey = {bytes_of<48>(line)};
    data.message.withdrawal_credentials = bytes_of<32>(line);
    data.message.amount = Gwei(number_of(line));
    data.signature = bytes_of<96>(line);
    return prefixed_hex(hash_tree_root(data));
}

std::string change_root(std::istream& line) {
    BlsToExecutionChange change;
    change.validator_index = ValidatorIndex(number_of(line));
    change.from_bls_pubkey = {bytes_of<48>(line)};
    change.to_execution_address = {bytes_of<20>(line)};
    return prefixed_hex(hash_tree_root(change));
}

std::string answer(const std::string& text) {
    std::istringstream line(text);
    const std::string asked = word_of(line);
    if (asked == "request") return request_root(line);
    if (asked == "deposit") return deposit_root(line);
    if (asked == "change") return change_root(line);
    throw std::runtime_error("nothing is known of " + asked);
}

}  // namespace

int main() {
    try {
        for (std::string line; std::getline(std::cin, line);) std::cout << answer(line) << '\n';
    } catch (const std::exception& error) {
        std::cerr << "ethereum-tool: " << error.what() << '\n';
        return 1;
    }
}
