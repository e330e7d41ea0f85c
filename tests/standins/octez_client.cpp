// SPDX-License-Identifier: Apache-2.0
#include "octez_client.hpp"

#include <httplib.h>

#include <functional>
#include <utility>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/tezos/authentication.hpp>

namespace redoubt::standins {

namespace {

constexpr int max_attempts = 10;
constexpr Milliseconds pause_step{100};

httplib::Headers octez_headers() {
    return {{"Accept",
             "application/json;q=1,application/bson;q=0.100,application/octet-stream;q=0.200"},
            {"User-Agent", "ocaml-cohttp/5.3.1~octez"}};
}

/// One request on a connection of its own.
httplib::Result send(int port, const std::string& path, const std::string* body) {
    httplib::Client client("127.0.0.1", port);
    client.set_tcp_nodelay(true);
    client.set_url_encode(false);
    client.set_read_timeout(std::chrono::seconds(30));
    if (body == nullptr) return client.Get(path, octez_headers());
    return client.Post(
        path, octez_headers(),
        [body](std::size_t, httplib::DataSink& sink) {
            sink.write(body->data(), body->size());
            sink.done();
            return true;
        },
        "application/json");
}

/// `[{"kind":"temporary","id":"failure","msg":"..."}]`
std::string trace_message(const std::string& body) {
    const auto json = parse_json(body);
    if (!json || !json->is_array() || json->empty()) return body;
    const std::string* message = string_member(json->front(), "msg");
    return message == nullptr ? body : *message;
}

void read_answer(const httplib::Result& result, SignReply& reply) {
    if (!result) {
        reply.status = 0;
        reply.message = httplib::to_string(result.error());
        return;
    }
    reply.status = result->status;
    reply.code = result->get_header_value("X-Redoubt-Error");
    if (reply.status != 200) {
        reply.message = trace_message(result->body);
        return;
    }
    const auto json = parse_json(result->body);
    const std::string* signature = json ? string_member(*json, "signature") : nullptr;
    if (signature != nullptr) reply.signature = *signature;
}

}  // namespace

OctezClient::OctezClient(int port, std::string base_path, const SigningKey& authorized,
                         Pause& pause)
    : port_(port), base_path_(std::move(base_path)), authorized_(authorized), pause_(pause) {}

std::string OctezClient::sign_path(const tezos::KeyHash& key, ByteView payload) const {
    const auto digest = crypto::blake2b_256(tezos::authentication_message(key, payload));
    return base_path_ + "/keys/" + tezos::to_text(key) +
           "?authentication=" + tezos::to_text(authorized_.scheme(), authorized_.sign_raw(digest));
}

SignReply OctezClient::sign(const tezos::KeyHash& key, ByteView payload) const {
    const SignReply got = get();
    if (got.status != 200) return got;
    SignReply reply = post(key, payload);
    reply.get_ms = got.get_ms;
    return reply;
}

SignReply OctezClient::get() const {
    const auto start = std::chrono::steady_clock::now();
    SignReply reply = ask(base_path_ + "/authorized_keys", nullptr);
    reply.get_ms = ms_since(start);
    return reply;
}

SignReply OctezClient::post(const tezos::KeyHash& key, ByteView payload) const {
    const std::string path = sign_path(key, payload);
    const std::string body = "\"" + to_hex(payload) + "\"\n";
    const auto start = std::chrono::steady_clock::now();
    SignReply reply = ask(path, &body);
    reply.ms = ms_since(start);
    return reply;
}

SignReply OctezClient::ask(const std::string& path, const std::string* body) const {
    SignReply reply;
    for (int attempt = 1; attempt <= max_attempts; ++attempt) {
        reply.attempts = attempt;
        read_answer(send(port_, path, body), reply);
        if (reply.status != 502) break;
        const auto again = std::chrono::steady_clock::now() + (attempt - 1) * pause_step;
        if (!pause_.until(again)) break;
    }
    return reply;
}

}  // namespace redoubt::standins
