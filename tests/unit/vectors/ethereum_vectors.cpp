// SPDX-License-Identifier: Apache-2.0
#include "ethereum_vectors.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

namespace redoubt::test {

const Json& ethereum_vectors(const std::string& file) {
    static std::map<std::string, Json> read;
    if (const auto known = read.find(file); known != read.end()) return known->second;
    std::ifstream stream(REDOUBT_VECTORS "/ethereum/" + file + ".json", std::ios::binary);
    const std::string content(std::istreambuf_iterator<char>(stream), {});
    auto document = parse_json(content);
    if (!document) throw std::runtime_error(file + ".json cannot be read");
    return read.emplace(file, std::move(*document)).first->second;
}

const std::vector<EthereumList>& ethereum_lists() {
    static const std::vector<EthereumList> lists = {
        {"deposits", "deposits", 10, "DepositVectors"},
        {"deposits", "refuse", 14, "DepositVectors"},
        {"deposits", "bls_to_execution_change", 6, "BlsChangeVectors"},
        {"deposits", "voluntary_exit", 4, "ExitVectors"},
        {"gloas-draft", "cases", 4, "SigningVectors"},
        {"http", "cases", 36, "[Web3SignerVectors of cloud_tests]"},
        {"interchange", "tests", 38, "InterchangeVectors"},
        {"keys", "eip2333", 4, "KeyVectors"},
        {"keys", "eip2334", 16, "KeyVectors"},
        {"keys", "eip2335", 6, "KeyVectors"},
        {"keys", "eip2335_refuse", 15, "KeyVectors"},
        {"minimal-rule", "sequences", 75, "MinimalRule"},
        {"networks", "networks", 6, "NetworkVectors"},
        {"signing", "cases", 50, "SigningVectors"},
        {"signing", "published_examples", 20, "SigningVectors"},
    };
    return lists;
}

}  // namespace redoubt::test
