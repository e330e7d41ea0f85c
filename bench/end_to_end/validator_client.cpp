// SPDX-License-Identifier: Apache-2.0
#include "validator_client.hpp"

#include <utility>

namespace redoubt::bench {

namespace {

using standins::HttpRequest;

std::string new_token(Stage& stage) {
    const auto& functions = stage.world().functions();
    const Json told =
        command(*functions.at(standins::World::ethereum_operator_name),
                {{"command", "create_token"}, {"ops", Json::array({"validator"})}, {"all", true}});
    return told.at("token").get<std::string>();
}

}  // namespace

standins::Function& validator_signer(Stage& stage) {
    return *stage.world().functions().at(standins::World::ethereum_signer_name);
}

ValidatorClient::ValidatorClient(Stage& stage)
    : stage_(stage),
      function_(validator_signer(stage)),
      network_(ethereum::find_network(stage.options().network).value()),
      token_(new_token(stage)) {}

ethereum::Epoch ValidatorClient::epoch_now() const {
    return epoch_of(network_, slot_at(network_, stage_.world().clock().now()).value());
}

ethereum::Slot ValidatorClient::slot_of(ethereum::Epoch epoch) const {
    return ethereum::Slot(epoch.value() * network_.slots_per_epoch);
}

HttpRequest ValidatorClient::attestation(const ethereum::PublicKey& key,
                                         ethereum::Epoch target) const {
    return signing(key, bodies_.attestation(target.value() - 1, target.value()));
}

HttpRequest ValidatorClient::block(const ethereum::PublicKey& key, ethereum::Slot slot) const {
    return signing(key, bodies_.block(slot.value()));
}

HttpRequest ValidatorClient::selection_proof(const ethereum::PublicKey& key,
                                             ethereum::Slot slot) const {
    return signing(key, bodies_.selection_proof(slot.value()));
}

HttpRequest ValidatorClient::public_keys() const {
    return request("GET", "/api/v1/eth2/publicKeys");
}

HttpRequest ValidatorClient::without_token(HttpRequest request) {
    std::erase_if(request.headers,
                  [](const standins::Header& header) { return header.name == "authorization"; });
    return request;
}

standins::HttpResponse ValidatorClient::ask(standins::Function& function,
                                            const HttpRequest& request) {
    return call_url(function, stage_.world().clock(), request);
}

HttpRequest ValidatorClient::request(std::string method, std::string path) const {
    return {.method = std::move(method),
            .target = std::move(path),
            .version = "HTTP/1.1",
            .headers = {{"accept", "application/json"}, {"authorization", "Bearer " + token_}},
            .body = {},
            .peer = "127.0.0.1"};
}

HttpRequest ValidatorClient::signing(const ethereum::PublicKey& key, const Json& body) const {
    HttpRequest made = request("POST", "/api/v1/eth2/sign/" + key.text());
    made.headers.push_back({"content-type", "application/json"});
    made.body = dump(body);
    return made;
}

}  // namespace redoubt::bench
