// SPDX-License-Identifier: Apache-2.0
// Validator clients' requests, from the event to the answer, with a real key and validators in
// memory. The input, line by line: the method, the path, Accept, Authorization, then the body.
#include <algorithm>
#include <array>

#include <redoubt/ethereum/web3signer_api.hpp>
#include <redoubt/lambda/event.hpp>

#include <fakes/memory_validators.hpp>
#include <fakes/scripted_runner.hpp>
#include "check.hpp"
#include "lines.hpp"

namespace redoubt::fuzz::web3signer_api {
namespace {

using namespace ethereum;
using Rows = std::map<PublicKey, ValidatorRow>;

/// That of the vectors: every secret in them is public.
constexpr std::string_view secret_text =
    "0x3ee2224386c82ffea477e2adf28a2929f5c349165a4196158c7f3a2ecca40f35";
/// Two tokens, of a validator; the second one for paths. Their secret is 43 times `A`.
constexpr std::string_view token_id = "0123456789abcdef";
constexpr std::string_view path_token_id = "fedcba9876543210";

access::Token token_of(std::string_view id, bool is_for_path) {
    const std::string secret(43, 'A');
    return {access::TokenId::parse(id).value(),
            crypto::sha256(bytes_of(secret)),
            is_for_path,
            {.ops = {"validator", "publicKeys"}, .keys = access::AllKeys{}}};
}

class World {
public:
    World() {
        signer.add(
            crypto::bls::SecretKey::parse(parse_prefixed_hex<32>(secret_text).value()).value());
        key = signer.keys.begin()->first;
        store.rows[key] = {.is_on = true,
                           .source = Epoch(100),
                           .target = Epoch(101),
                           .slot = Slot(101 * 32),
                           .tags = {"a"},
                           .fee = {"0x" + std::string(40, 'a')}};
    }
    ApiResponse ask(const http::Request& request) {
        asked_tokens = 0;
        return api.respond(request, SteadyTime::max());
    }

    test::FakeClock clock;
    test::ScriptedRunner runner{clock};
    test::MemoryValidators store;
    test::OpenSigner signer;
    PublicKey key;
    Network network = find_network("mainnet").value();
    int asked_tokens = 0;
    Web3SignerApi api{{network, true},
                      {store, signer, runner, [this] { return clock.wall(); }},
                      {[this](const access::PresentedToken& presented, SteadyTime) {
                           ++asked_tokens;
                           for (const auto& [id, is_for_path] :
                                {std::pair(token_id, false), std::pair(path_token_id, true)}) {
                               const access::Token token = token_of(id, is_for_path);
                               if (token.id == presented.id)
                                   return access::admit(&token, presented, clock.wall());
                           }
                           return access::admit(nullptr, presented, clock.wall());
                       },
                       {}}};
};

bool is_same(const ValidatorRow& a, const ValidatorRow& b) {
    return a.source == b.source && a.target == b.target && a.slot == b.slot &&
           a.attestation_root == b.attestation_root && a.block_root == b.block_root;
}

void check_signature(World& world, const http::Request& request, const ApiResponse& answer) {
    const auto parsed = parse_signing_request(*request.body, {world.network, world.key, true});
    check(parsed && parsed->request, "only what can be read is signed");
    const Root root = parsed->request->signing_root;
    const auto json = parse_json(answer.response.body);
    const std::string* member = json ? string_member(*json, "signature") : nullptr;
    const auto bytes = parse_prefixed_hex<96>(member == nullptr ? answer.response.body : *member);
    check(bytes && world.signer.keys.begin()->second.public_key().verify(
                       {root, root}, crypto::RawSignature(*bytes), crypto::HighS::Refused),
          "what is answered is that key's signature over the message's own root");
    const ValidatorRow& row = world.store.rows.at(world.key);
    if (parsed->type == MessageType::Block) check(row.block_root == root, "a block is committed");
    if (parsed->type == MessageType::Attestation) {
        check(row.attestation_root == root, "a vote is committed");
    }
    check(parsed->type != MessageType::VoluntaryExit && parsed->type != MessageType::Deposit,
          "a validator's token has no exit and no deposit signed");
}

void check_refusal(const http::Response& response) {
    constexpr std::array statuses = {400, 401, 403, 404, 405, 412, 413};
    check(std::ranges::find(statuses, response.status) != statuses.end(),
          "a request is refused by one of its statuses, and breaks nothing");
    const auto body = parse_json(response.body);
    check(body && http::header(response, "X-Redoubt-Error") ==
                      body->at("error").at("id").get<std::string>(),
          "a refusal names its code twice");
    check((response.status == 401) == !http::header(response, "WWW-Authenticate").empty(),
          "and asks for a token if that is what is missing");
}

void check_answer(World& world, const http::Request& request, const Rows& before,
                  const ApiResponse& answer) {
    const ValidatorRow& row = world.store.rows.at(world.key);
    check(row.target <= Epoch(490'707) && row.slot <= Slot(15'702'600),
          "no request moves a watermark far ahead");
    const bool is_signing = answer.trace.route == "POST /api/v1/eth2/sign";
    if (answer.response.status == 200 && is_signing) return check_signature(world, request, answer);
    check(is_same(row, before.at(world.key)), "nothing else moves a watermark");
    if (answer.error) check_refusal(answer.response);
    check(world.asked_tokens > 0 || world.store.calls == 0, "nobody is asked without a token");
    check(answer.response.status != 401 || world.store.calls == 0, "nor with a wrong one");
}

http::Request request_of(std::string_view rest) {
    http::Request request{.method = std::string(take_line(rest)),
                          .path = std::string(take_line(rest)),
                          .query = http::Pairs(),
                          .body = std::string()};
    request.accept = take_line(rest);
    request.authorization = take_line(rest);
    request.body = std::string(rest);
    return request;
}

}  // namespace

void one_input(ByteView bytes) {
    static World world;
    static const Rows armed = world.store.rows;
    world.store.rows = armed;
    world.store.calls = 0;
    const http::Request request = request_of(text_of(bytes));
    const ApiResponse answered = world.ask(request);
    check_answer(world, request, armed, answered);
    const Rows before = world.store.rows;
    const ApiResponse again = world.ask(request);
    check(again.response.status == answered.response.status &&
              again.response.body == answered.response.body,
          "the same again has the same answer");
    check(is_same(world.store.rows.at(world.key), before.at(world.key)), "and moves nothing");
}

}  // namespace redoubt::fuzz::web3signer_api
