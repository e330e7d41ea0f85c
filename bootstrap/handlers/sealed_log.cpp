// SPDX-License-Identifier: Apache-2.0
#include "handlers/sealed_log.hpp"

#include <algorithm>

#include "log/line.hpp"

namespace redoubt::bootstrap {
namespace {

Json to_json(const std::pair<std::string, Error>& closed) {
    const auto& [address, error] = closed;
    Json out = {{"pkh", address}, {"verdict", name(error.code)}, {"message", error.message}};
    if (!error.detail.empty()) out["detail"] = error.detail;
    return out;
}

Severity severity_of(const tezos_adapters::Opening& opening) {
    Severity worst = opening.wrong_shares.empty() ? Severity::Info : Severity::Warn;
    for (const auto& [address, error] : opening.closed) {
        worst = std::max(worst, info(error.code).severity);
    }
    return worst;
}

}  // namespace

void log_opening(const Clock& clock, const tezos_adapters::Opening& opening) {
    LogFields fields;
    fields.add_json("opened", opening.opened).add_ms("open_ms", opening.spent);
    Json closed = Json::array();
    for (const auto& one : opening.closed) closed.push_back(to_json(one));
    if (!closed.empty()) fields.add_json("closed", closed);
    if (!opening.wrong_shares.empty()) fields.add_json("wrong_shares", opening.wrong_shares);
    log(clock, severity_of(opening),
        opening.closed.empty() ? "sealed keys: opened" : "sealed keys: not all are open",
        std::move(fields));
}

}  // namespace redoubt::bootstrap
