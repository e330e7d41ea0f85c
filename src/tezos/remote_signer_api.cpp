// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/remote_signer_api.hpp>

#include <sodium/utils.h>

#include <algorithm>

#include <redoubt/crypto/bls.hpp>

#include "request_reading.hpp"

namespace redoubt::tezos {
namespace {

/// The base path may serve as a secret, so comparing it tells nothing by its time but the length.
bool same_text(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::unexpected<Error> unknown_route() {
    return fail(Code::UnknownRoute, "there is nothing at this path");
}

std::unexpected<Error> unknown_key() {
    return fail(Code::UnknownKey, "this signer does not hold that key");
}

Json addresses(const Keys& keys) {
    Json list = Json::array();
    for (const KeyInfo& key : keys) list.push_back(key.address);
    return list;
}

http::Response json_response(int status, const Json& body) {
    return {
        status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, dump(body)};
}

}  // namespace

int status_of(Code code) {
    switch (code) {
        case Code::BadRequest:
        case Code::BadPayload: return 400;
        case Code::AuthenticationMissing:
        case Code::AuthenticationInvalid: return 401;
        case Code::KindNotAllowed: return 403;
        case Code::UnknownRoute:
        case Code::UnknownKey: return 404;
        case Code::MethodNotAllowed: return 405;
        case Code::TooLarge: return 413;
        case Code::NotArmed:
        case Code::BelowWatermark:
        case Code::AlreadySigned:
        case Code::HandedOver:
        case Code::TooFarAhead: return 409;
        // octez-client repeats a POST after this status only.
        case Code::KmsUnavailable:
        case Code::TableUnavailable:
        case Code::CredentialsExpired:
        case Code::Deadline:
        case Code::WrapUnavailable: return 502;
        case Code::KmsRefused:
        case Code::TableRefused:
        case Code::DamagedRow:
        case Code::BadSignature:
        case Code::WrapRefused:
        case Code::DamagedKey:
        case Code::Internal: return 500;
        // Nothing here makes them.
        case Code::UnknownType:
        case Code::RootMismatch:
        case Code::WrongNetwork:
        case Code::TokenMissing:
        case Code::TokenInvalid:
        case Code::NotPermitted:
        case Code::KeyDisabled:
        case Code::PastUntil: break;
    }
    return 500;
}

http::Response error_response(const Error& error) {
    const std::string code(name(error.code));
    http::Response response = json_response(
        status_of(error.code),
        Json::array(
            {{{"kind", "temporary"}, {"id", "failure"}, {"msg", code + ": " + error.message}}}));
    response.headers.emplace_back("X-Redoubt-Error", code);
    return response;
}

RemoteSignerApi::RemoteSignerApi(ApiSettings settings, Ports ports,
                                 std::function<void(SteadyTime)> ensure_connections)
    : settings_(std::move(settings)),
      ports_(ports),
      ensure_connections_(std::move(ensure_connections)) {}

ApiResponse RemoteSignerApi::respond(const http::Request& request, SteadyTime deadline) const {
    auto [body, trace] = route(request, deadline);
    if (body) {
        http::Response response = json_response(200, *body);
        if (request.method == "HEAD") response.body.clear();
        return {std::move(response), std::nullopt, std::move(trace)};
    }
    return {error_response(body.error()), std::move(body.error()), std::move(trace)};
}

/// The parts below the base path; nothing if the path is not below it.
std::optional<std::vector<std::string_view>> RemoteSignerApi::parts_below_base(
    std::string_view path) const {
    std::vector<std::string_view> parts = http::path_parts(path);
    const std::vector<std::string>& base = settings_.base_path;
    if (parts.size() < base.size() ||
        !std::equal(base.begin(), base.end(), parts.begin(), same_text)) {
        return std::nullopt;
    }
    parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(base.size()));
    return parts;
}

/// A stage may be in the base path or not: without what a front put first, or with it.
RemoteSignerApi::Routed RemoteSignerApi::route(const http::Request& request,
                                               SteadyTime deadline) const {
    const std::string_view whole = request.path;
    for (const std::string_view path : {whole.substr(request.prefix.size()), whole}) {
        const auto parts = parts_below_base(path);
        if (!parts) continue;
        if (parts->size() == 2 && parts->front() == "keys") {
            return on_key(request, parts->back(), deadline);
        }
        if (parts->size() == 2 && parts->front() == "bls_prove_possession" &&
            settings_.prove_possession) {
            return get_proof(request, parts->back());
        }
        if (parts->size() == 1 && is_listed(parts->front())) {
            return get_listed(request, parts->front(), deadline);
        }
    }
    return {unknown_route()};
}

bool RemoteSignerApi::is_listed(std::string_view name) const {
    return name == "authorized_keys" || name == "healthz" ||
           (name == "known_keys" && settings_.known_keys);
}

RemoteSignerApi::Routed RemoteSignerApi::get_listed(const http::Request& request,
                                                    std::string_view name,
                                                    SteadyTime deadline) const {
    // Monitors ask for the health so.
    const bool is_head = request.method == "HEAD" && name == "healthz";
    if (request.method != "GET" && !is_head) {
        return {fail(Code::MethodNotAllowed, "this path takes GET")};
    }
    RequestTrace trace{
        .route = request.method + " /" + std::string(name), .address = {}, .signing = {}};
    if (const auto query = read_query(request); !query) {
        return {std::unexpected(query.error()), std::move(trace)};
    }
    if (name == "healthz") return {Json{{"ok", true}}, std::move(trace)};
    if (name == "known_keys") {
        return {Json{{"known_keys", addresses(settings_.consensus_keys)}}, std::move(trace)};
    }
    ensure_connections_(deadline);
    return {Json{{"authorized_keys", addresses(settings_.authorized_keys)}}, std::move(trace)};
}

RemoteSignerApi::Routed RemoteSignerApi::on_key(const http::Request& request,
                                                std::string_view address,
                                                SteadyTime deadline) const {
    const bool posts = request.method == "POST";
    if (!posts && request.method != "GET") {
        return {fail(Code::MethodNotAllowed, "this path takes GET and POST")};
    }
    const auto key = std::ranges::find(settings_.consensus_keys, address, &KeyInfo::address);
    RequestTrace trace{.route = posts ? "POST /keys" : "GET /keys", .address = {}, .signing = {}};
    if (key == settings_.consensus_keys.end()) {
        return {unknown_key(), std::move(trace)};
    }
    trace.address = key->address;
    if (posts) {
        auto [body, signing] = post_key(request, *key, deadline);
        trace.signing = std::move(signing);
        return {std::move(body), std::move(trace)};
    }
    return {get_key(request, *key, deadline), std::move(trace)};
}

Result<Json> RemoteSignerApi::get_key(const http::Request& request, const KeyInfo& key,
                                      SteadyTime deadline) const {
    if (const auto query = read_query(request); !query) return std::unexpected(query.error());
    ensure_connections_(deadline);
    return Json{{"public_key", key.public_key_text}};
}

RemoteSignerApi::Posted RemoteSignerApi::post_key(const http::Request& request, const KeyInfo& key,
                                                  SteadyTime deadline) const {
    if (!request.body) return {std::unexpected(request.body.error())};
    auto payload = read_body(*request.body);
    if (!payload) return {std::unexpected(payload.error())};
    auto query = read_query(request);
    if (!query) return {std::unexpected(query.error())};
    if (auto refused = refused_version(*query, key)) return {std::unexpected(std::move(*refused))};
    auto [signature, trace] = sign({key, std::move(*payload), std::move(query->authentication)},
                                   settings_.authorized_keys, ports_, deadline);
    if (!signature) return {std::unexpected(std::move(signature.error())), std::move(trace)};
    return {Json{{"signature", signature->text()}}, std::move(trace)};
}

RemoteSignerApi::Routed RemoteSignerApi::get_proof(const http::Request& request,
                                                   std::string_view address) const {
    if (request.method != "GET") {
        return {fail(Code::MethodNotAllowed, "this path takes GET")};
    }
    RequestTrace trace{.route = "GET /bls_prove_possession", .address = {}, .signing = {}};
    const auto key = std::ranges::find(settings_.consensus_keys, address, &KeyInfo::address);
    if (key == settings_.consensus_keys.end()) return {unknown_key(), std::move(trace)};
    trace.address = key->address;
    return {prove(request, *key), std::move(trace)};
}

Result<Json> RemoteSignerApi::prove(const http::Request& request, const KeyInfo& key) const {
    const auto query = read_query(request);
    if (!query) return std::unexpected(query.error());
    const auto named = key_to_prove(*query, key);
    if (!named) return std::unexpected(named.error());
    const auto proof = ports_.signer.prove_possession(key, *named);
    if (!proof) return std::unexpected(proof.error());
    if (!crypto::bls::verify_possession(key.public_key, *named, *proof)) {
        return fail(Code::BadSignature, "the proof does not verify against the public key");
    }
    return Json{{"bls_prove_possession", to_text(SignatureScheme::Bls12381, *proof)}};
}

}  // namespace redoubt::tezos
