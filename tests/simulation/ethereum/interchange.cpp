// SPDX-License-Identifier: Apache-2.0
#include "interchange.hpp"

#include <algorithm>

namespace redoubt::simulation::ethereum {
namespace {

int number(const Json& object, const char* name) {
    return std::stoi(object.at(name).get_ref<const std::string&>());
}

}  // namespace

Json interchange_of(const std::string& genesis_validators_root,
                    const std::map<std::string, std::vector<Message>>& signed_by) {
    Json data = Json::array();
    for (const auto& [key, messages] : signed_by) {
        Json blocks = Json::array(), votes = Json::array();
        for (const Message& message : messages) {
            if (message.is_block) {
                blocks.push_back({{"slot", std::to_string(message.target)}});
            } else {
                votes.push_back({{"source_epoch", std::to_string(message.source)},
                                 {"target_epoch", std::to_string(message.target)}});
            }
        }
        data.push_back({{"pubkey", key},
                        {"signed_blocks", std::move(blocks)},
                        {"signed_attestations", std::move(votes)}});
    }
    return {{"metadata",
             {{"interchange_format_version", "5"},
              {"genesis_validators_root", genesis_validators_root}}},
            {"data", std::move(data)}};
}

std::map<std::string, Marks> marks_of(const Json& interchange) {
    std::map<std::string, Marks> out;
    for (const Json& key : interchange.at("data")) {
        Marks& marks = out[key.at("pubkey")];
        for (const Json& block : key.at("signed_blocks")) {
            marks.slot = std::max(marks.slot, number(block, "slot"));
        }
        for (const Json& vote : key.at("signed_attestations")) {
            marks.source = std::max(marks.source, number(vote, "source_epoch"));
            marks.target = std::max(marks.target, number(vote, "target_epoch"));
        }
    }
    return out;
}

}  // namespace redoubt::simulation::ethereum
