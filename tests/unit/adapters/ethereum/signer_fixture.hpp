// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <redoubt/adapters/ethereum/access_table.hpp>

#include <fakes/signer_environment.hpp>
#include <fakes/validator_requests.hpp>

#include "../../operator/ethereum/validators_fixture.hpp"

namespace redoubt::test {

/// A table with keys that the operator made, and the signer function that serves them.
class ValidatorSigner : public ValidatorsOperator {
protected:
    ValidatorSigner() { restart(); }

    /// A new environment: nothing is known.
    void restart(std::size_t most_cached = 2000) {
        environment = std::make_unique<SignerEnvironment>(
            SignerEnvironment::Place{world.dynamodb, regions, world.runner, world.clock,
                                     sealing.wrapping_keys, table, network},
            most_cached);
    }

    /// Of a new batch of one.
    std::string make_key(const std::string& batch, const Json& more = Json::object()) {
        return create(batch, 1, more).at("keys").at(0).at("public_key");
    }
    /// Puts a token into the table.
    std::string make_token(const std::set<std::string>& ops, access::KeyScope keys,
                           bool is_for_path = false) const {
        const auto made = access::make_token();
        access::Grant grant{.ops = ops, .keys = std::move(keys)};
        put(Json::parse(ethereum_adapters::to_item(
                            access::Token{made.id, made.hash, is_for_path, std::move(grant)})
                            .text()));
        return std::string(made.text.expose());
    }

    ethereum::ApiResponse call(http::Request request, SteadyTime deadline = SteadyTime::max()) {
        return environment->api.respond(request, deadline);
    }
    ethereum::ApiResponse call(const std::string& method, const std::string& path,
                               const std::string& body = "") {
        return call({.method = method,
                     .path = path,
                     .query = http::Pairs(),
                     .body = body,
                     .accept = "application/json",
                     .authorization = token.empty() ? "" : "Bearer " + token});
    }
    ethereum::ApiResponse sign(const std::string& key, const Json& request) {
        return call("POST", "/api/v1/eth2/sign/" + key, request.dump());
    }
    /// `signed`, or the code of the refusal.
    std::string outcome(const std::string& key, const Json& request) {
        return outcome_of(sign(key, request));
    }
    static std::string outcome_of(const ethereum::ApiResponse& answer) {
        if (answer.error) return std::string(name(answer.error->code));
        return answer.response.status == 200 ? "signed" : "status";
    }
    /// Whether an answer has the signature of just that.
    [[nodiscard]] bool is_signature(const ethereum::ApiResponse& answer, const std::string& key,
                                    const Json& request) const {
        const auto body = parse_json(answer.response.body);
        const std::string* text = body ? string_member(*body, "signature") : nullptr;
        const auto name_of_key = ethereum::PublicKey::parse(key).value();
        const auto parsed =
            ethereum::parse_signing_request(request.dump(), {network, name_of_key, false});
        const auto bytes = text == nullptr ? std::nullopt : ethereum::parse_prefixed_hex<96>(*text);
        if (!bytes || !parsed || !parsed->request) return false;
        const ethereum::Root& root = parsed->request->signing_root;
        return crypto::PublicKey::parse(crypto::SignatureScheme::Bls12381, name_of_key.bytes)
            ->verify({root, root}, crypto::RawSignature(*bytes), crypto::HighS::Refused);
    }

    [[nodiscard]] std::uint64_t slot_now() const {
        return slot_at(network, world.clock.wall())->value();
    }
    [[nodiscard]] std::uint64_t epoch_now() const { return slot_now() / network.slots_per_epoch; }
    /// Calls to AWS of this operation since the last look, or all.
    std::size_t calls_since(const std::string& operation = "") {
        const auto is_it = [&](const auto& made) {
            return operation.empty() || operation_of(made.call) == operation;
        };
        return static_cast<std::size_t>(
            std::count_if(world.runner.calls.begin() + static_cast<std::ptrdiff_t>(looked_at_),
                          world.runner.calls.end(), is_it));
    }
    void look() { looked_at_ = world.runner.calls.size(); }

    const std::string table = table_name;
    ValidatorRequests requests{network};
    std::unique_ptr<SignerEnvironment> environment;
    std::string token = make_token({"validator"}, access::AllKeys{});

private:
    std::size_t looked_at_ = 0;
};

}  // namespace redoubt::test
