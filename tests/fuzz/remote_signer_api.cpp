// SPDX-License-Identifier: Apache-2.0
// A baker's requests, from the event to the answer, with real keys, a table in memory and a row for
// each of them on mainnet. The input, line by line: who authenticates the body's payload (`0` to
// `3`: an authorized key, else nobody), the method, the path, the query as sent, then the body.
#include <algorithm>
#include <set>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/lambda/event.hpp>

#include <fakes/messages.hpp>
#include <fakes/world.hpp>
#include "check.hpp"
#include "lines.hpp"

namespace redoubt::fuzz::remote_signer_api {
namespace {

using tezos::KeyInfo;
using Rows = std::map<tezos::WatermarkId, tezos::Row>;
using test::World;

constexpr tezos::Level armed_at{100};

Rows armed_rows(World& world) {
    for (const test::SecretKey& key : world.signer.keys) {
        for (auto kind : {tezos::ConsensusKind::Block, tezos::ConsensusKind::Preattestation,
                          tezos::ConsensusKind::Attestation}) {
            world.store.arm({key.named().hash, tezos::ChainId(test::mainnet), kind}, armed_at);
        }
    }
    return world.store.rows;
}

struct Input {
    std::string_view authentication, method, path, query, body;

    explicit Input(std::string_view rest)
        : authentication(take_line(rest)),
          method(take_line(rest)),
          path(take_line(rest)),
          query(take_line(rest)),
          body(rest) {}
};

/// The bytes that a body asks to sign, read by other means than the product's.
std::optional<Bytes> payload_in(std::string_view body) {
    const Json text = Json::parse(body, nullptr, false);
    return text.is_string() ? from_hex(text.get<std::string>()) : std::nullopt;
}

const KeyInfo* key_in(const World& world, std::string_view path) {
    const std::string_view address = path.substr(path.find_last_of('/') + 1);
    const tezos::Keys& keys = world.settings.consensus_keys;
    const auto found = std::ranges::find(keys, address, &KeyInfo::address);
    return found == keys.end() ? nullptr : &*found;
}

/// The query, with an authentication if one is wanted.
std::string query_of(const World& world, const Input& input) {
    std::string query(input.query);
    const auto payload = payload_in(input.body);
    const KeyInfo* key = key_in(world, input.path);
    if (input.authentication.size() != 1 || !payload || key == nullptr) return query;
    const auto which = static_cast<std::size_t>(input.authentication[0] - '0');
    if (which >= world.bakers.size()) return query;
    return query +
           "&authentication=" + test::authentication(world.bakers[which], key->hash, *payload);
}

/// As an HTTP API with a stage brings it.
std::string to_event(const World& world, const Input& input) {
    return dump({{"version", "2.0"},
                 {"rawPath", input.path},
                 {"rawQueryString", query_of(world, input)},
                 {"requestContext", {{"http", {{"method", input.method}}}, {"stage", "prod"}}},
                 {"body", to_base64(bytes_of(input.body))},
                 {"isBase64Encoded", true}});
}

/// Whether an authorized key signed that this key be asked to sign this.
bool is_authentic(const World& world, const KeyInfo& key, ByteView payload,
                  const http::Request& request) {
    Bytes message = {0x04, 0x01, static_cast<Byte>(key.address[2] - '1')};
    append(message, key.hash.hash);
    append(message, payload);
    for (const auto& [name, value] : *request.query) {
        const auto signature = tezos::parse_signature(value);
        if (name != "authentication" || !signature) continue;
        for (const KeyInfo& baker : world.settings.authorized_keys) {
            if (baker.public_key.verify(crypto::message_of(message), signature->raw,
                                        crypto::HighS::AcceptedOnP256)) {
                return true;
            }
        }
    }
    return false;
}

bool is_same(const Rows& a, const Rows& b) {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
        return x.first == y.first && x.second.at == y.second.at &&
               x.second.digest == y.second.digest && x.second.signature == y.second.signature;
    });
}

void check_signature(World& world, const http::Request& request, const std::string& body) {
    const KeyInfo* key = key_in(world, request.path);
    const auto payload = request.body ? payload_in(*request.body) : std::nullopt;
    check(key != nullptr && payload, "only a key that is there signs, and only hex");
    check(is_authentic(world, *key, *payload, request), "nothing is signed without authentication");
    const std::string text = Json::parse(body).at("signature");
    check(test::is_signature(world.key(key->public_key.scheme()), *payload, text),
          "what is answered is that key's signature over those bytes");
    const auto row = world.store.rows.find(test::scope_of(key->hash, *payload));
    check(row != world.store.rows.end() && row->second.at.level > armed_at &&
              row->second.digest == crypto::blake2b_256(*payload),
          "what is signed is committed before");
    check(row->first.kind != tezos::ConsensusKind::Block || row->second.signature == text,
          "a block's signature is in its row");
}

void check_answer(World& world, const http::Request& request, const Rows& before,
                  const http::Response& response) {
    constexpr std::array statuses = {200, 400, 401, 403, 404, 405, 409, 413};
    check(std::ranges::find(statuses, response.status) != statuses.end(),
          "a request is answered by one of its statuses, and breaks nothing");
    check(parse_json(response.body) || request.method == "HEAD", "every answer is JSON");
    if (response.status == 200 && request.method == "POST") {
        check_signature(world, request, response.body);
        return;
    }
    check(!response.body.contains("\"signature\""), "nothing else has a signature in it");
    check(is_same(world.store.rows, before), "nothing else is committed");
    // A block is signed before the table is asked, and the signature given up if it refuses.
    check(world.calls() == 0 || response.status == 409, "for nothing else is anybody asked");
}

}  // namespace

void one_input(ByteView bytes) {
    static World world;
    static const Rows armed = armed_rows(world);
    world.store.rows = armed;
    world.settings.prove_possession = true;
    world.store.writes_asked = world.signer.signatures_asked = 0;

    const Input input(text_of(bytes));
    const auto event = lambda::parse_event(to_event(world, input));
    const auto& request = std::get<lambda::HttpEvent>(event).request;
    if (!request) return;
    const auto answered = world.ask(*request);
    check_answer(world, *request, armed, answered.response);

    const Rows before = world.store.rows;
    const auto again = world.ask(*request);
    check(again.response.status == answered.response.status, "the same again has the same answer");
    check(is_same(world.store.rows, before), "and commits nothing");
    const bool is_block = world.trace.signing.message &&
                          world.trace.signing.message->kind == tezos::ConsensusKind::Block;
    check(!is_block || again.response.body == answered.response.body,
          "a block has one signature, ever");
}

}  // namespace redoubt::fuzz::remote_signer_api
