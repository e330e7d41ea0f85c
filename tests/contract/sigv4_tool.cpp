// SPDX-License-Identifier: Apache-2.0
// Signs what it reads: one JSON object a line in, the steps of its SigV4 signature out. So that an
// independent implementation, in another language, can be asked the same (test_sigv4.py).

#include <cstdint>
#include <exception>
#include <iostream>
#include <string>

#include <redoubt/aws/sigv4.hpp>
#include <redoubt/base/json.hpp>

namespace {

using redoubt::Json;
namespace sigv4 = redoubt::aws::sigv4;

/// `[[name, value], ...]`
redoubt::http::Pairs read_pairs(const Json& list) {
    redoubt::http::Pairs pairs;
    for (const Json& pair : list) {
        pairs.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
    }
    return pairs;
}

Json sign(const Json& request) {
    const auto text = [&request](const char* name) { return request.at(name).get<std::string>(); };
    const std::string body = text("body");
    const sigv4::Message message{text("method"), text("path"), read_pairs(request.at("query")),
                                 read_pairs(request.at("headers")), body};
    const redoubt::Milliseconds time(request.at("time_ms").get<std::int64_t>());
    const sigv4::Scope scope{redoubt::WallTime(time), text("region"), text("service")};
    const redoubt::aws::Credentials credentials{
        text("access_key_id"), redoubt::Secret(text("secret_access_key")), redoubt::Secret()};
    const std::string canonical = sigv4::canonical_request(message);
    return {{"canonical_request", canonical},
            {"string_to_sign", sigv4::string_to_sign(scope, canonical)},
            {"authorization", sigv4::authorization(message, scope, credentials)}};
}

}  // namespace

int main() {
    try {
        for (std::string line; std::getline(std::cin, line);) {
            std::cout << sign(Json::parse(line)).dump() << '\n';
        }
    } catch (const std::exception& error) {
        std::cerr << "sigv4-tool: " << error.what() << '\n';
        return 1;
    }
}
