// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/http/exchange.hpp>

namespace redoubt::test {

/// KMS as far as secrets are sealed by it: Encrypt, Decrypt and GenerateRandom. A ciphertext opens
/// under its own key and context only.
class SealingKms {
public:
    explicit SealingKms(const Clock& clock) : clock_(clock) {}

    /// Whether a call is one of those.
    [[nodiscard]] static bool is_for(const http::ClientRequest& call);
    [[nodiscard]] http::ResponseOrError answer(const http::ClientRequest& call);

    /// Keys that answer so instead: ARN to an error's code.
    std::map<std::string, std::string> troubles;
    std::map<std::string, int> calls;  // by operation
    int false_answers = 0;             // so many plaintexts of Decrypt are others

private:
    struct Sealed {
        std::string key;
        Json context;
        std::string plaintext;  // base64
    };
    [[nodiscard]] http::Response encrypt(const Json& body);
    [[nodiscard]] http::Response decrypt(const Json& body);
    [[nodiscard]] http::Response refused(const std::string& code) const;

    const Clock& clock_;
    std::map<std::string, Sealed> sealed_;  // by ciphertext, base64
};

}  // namespace redoubt::test
