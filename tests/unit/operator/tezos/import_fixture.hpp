// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "operator_fixture.hpp"

namespace redoubt::test {

/// What another signer remembers: `{kind: {address: {level, round}}}` of one chain.
using OctezMarks =
    std::map<std::string, std::map<std::string, std::pair<std::int64_t, std::int64_t>>>;

class Importing : public Operator {
protected:
    static std::string octez_file(
        const std::map<std::string, std::pair<std::int64_t, std::int64_t>>& marks,
        const std::string& chain = mainnet_text) {
        Json keys = Json::object();
        for (const auto& [key, at] : marks) {
            keys[key] = {{"level", at.first}, {"round", at.second}, {"hash", std::string(64, 'a')}};
        }
        return dump(Json{{chain, keys}});
    }
    static Json octez_data(const OctezMarks& marks) {
        Json files = Json::object();
        for (const auto& [kind, keys] : marks) {
            files[kind + "_high_watermarks"] = octez_file(keys);
        }
        return files;
    }
    /// Each kind of both keys at that position.
    [[nodiscard]] OctezMarks all_at(std::int64_t level, std::int64_t round = 0) const {
        OctezMarks marks;
        for (const std::string kind : {"block", "preattestation", "attestation"}) {
            for (const SecretKey* key : {&first, &second}) {
                marks[kind][key->named().address] = {level, round};
            }
        }
        return marks;
    }
    Json import(const Json& data, const Json& more = Json::object()) {
        Json command = {{"command", "import"}, {"from", "octez"}, {"data", data}, {"level", 1000}};
        command.update(more);
        return ask(command);
    }
    Json export_to(const std::string& to, const Json& more = Json::object()) {
        Json command = {{"command", "export"}, {"to", to}};
        command.update(more);
        return ask(command);
    }
    static std::string message(const Json& answer) {
        return answer.at("ok") ? "" : answer.at("error").at("msg").get<std::string>();
    }
    static std::pair<std::int64_t, std::int64_t> position(const Json& item) {
        return {aws::dynamodb::read_number(item, "lvl").value(),
                aws::dynamodb::read_number(item, "rnd").value()};
    }
    [[nodiscard]] bool wrote() const {
        return std::ranges::any_of(world.runner.calls,
                                   [](const auto& made) { return is_write(made.call); });
    }
};

}  // namespace redoubt::test
