// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <fakes/validator_requests.hpp>
#include <redoubt/ethereum/network.hpp>
#include <standins/function_url.hpp>

#include "stage.hpp"

namespace redoubt::bench {

/// What a validator client asks of the signer's Function URL, with a token that is for all keys.
/// Without the way to the URL: a request is there as a whole, and its answer.
class ValidatorClient {
public:
    /// Has the operator function make the token. `stage` outlives it.
    explicit ValidatorClient(Stage& stage);
    ValidatorClient(const ValidatorClient&) = delete;
    ValidatorClient& operator=(const ValidatorClient&) = delete;
    ~ValidatorClient() = default;

    [[nodiscard]] ethereum::Epoch epoch_now() const;
    /// The first one of an epoch.
    [[nodiscard]] ethereum::Slot slot_of(ethereum::Epoch epoch) const;

    /// A vote of that target, from the epoch before. All validators vote alike.
    [[nodiscard]] standins::HttpRequest attestation(const ethereum::PublicKey& key,
                                                    ethereum::Epoch target) const;
    [[nodiscard]] standins::HttpRequest block(const ethereum::PublicKey& key,
                                              ethereum::Slot slot) const;
    [[nodiscard]] standins::HttpRequest selection_proof(const ethereum::PublicKey& key,
                                                        ethereum::Slot slot) const;
    [[nodiscard]] standins::HttpRequest public_keys() const;
    /// That request by somebody who has no token.
    [[nodiscard]] static standins::HttpRequest without_token(standins::HttpRequest request);

    /// Of the signer, or of a function in its place.
    [[nodiscard]] standins::HttpResponse ask(const standins::HttpRequest& request) {
        return ask(function_, request);
    }
    [[nodiscard]] standins::HttpResponse ask(standins::Function& function,
                                             const standins::HttpRequest& request);

private:
    [[nodiscard]] standins::HttpRequest request(std::string method, std::string path) const;
    [[nodiscard]] standins::HttpRequest signing(const ethereum::PublicKey& key,
                                                const Json& body) const;

    Stage& stage_;
    standins::Function& function_;
    ethereum::Network network_;
    test::ValidatorRequests bodies_{network_};
    std::string token_;
};

/// The signer of validators.
[[nodiscard]] standins::Function& validator_signer(Stage& stage);

}  // namespace redoubt::bench
