// SPDX-License-Identifier: Apache-2.0
#include "handlers/sealed_log.hpp"

#include <algorithm>
#include <iterator>

#include "log/line.hpp"

namespace redoubt::bootstrap {
namespace {

Json to_json(std::string_view whose, const std::string& name_of_it, const Error& error) {
    Json out = {{whose, name_of_it}, {"verdict", name(error.code)}, {"message", error.message}};
    if (!error.detail.empty()) out["detail"] = error.detail;
    return out;
}

Severity severity_of(const sealed_adapters::Opening& opening) {
    const bool has_all = opening.wrong_shares.empty() && opening.missing_shares.empty();
    Severity worst = has_all ? Severity::Info : Severity::Warn;
    for (const auto& [address, error] : opening.closed) {
        worst = std::max(worst, info(error.code).severity);
    }
    return worst;
}

}  // namespace

void log_opening(const Clock& clock, const sealed_adapters::Opening& opening, std::string_view what,
                 std::string_view named) {
    LogFields fields;
    fields.add_json("opened", opening.opened)
        .add_number("asked", std::ssize(opening.opened) + std::ssize(opening.closed))
        .add_ms("open_ms", opening.spent);
    Json closed = Json::array();
    for (const auto& [name_of_it, error] : opening.closed) {
        closed.push_back(to_json(named, name_of_it, error));
    }
    if (!closed.empty()) fields.add_json("closed", closed);
    Json missing = Json::array();
    for (const auto& [key, error] : opening.missing_shares) {
        missing.push_back(to_json("kms_key", key, error));
    }
    if (!missing.empty()) fields.add_json("missing_shares", missing);
    if (!opening.wrong_shares.empty()) fields.add_json("wrong_shares", opening.wrong_shares);
    log(clock, severity_of(opening),
        std::string(what) + (opening.closed.empty() ? ": opened" : ": not all are open"),
        std::move(fields));
}

}  // namespace redoubt::bootstrap
