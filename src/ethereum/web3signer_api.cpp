// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/web3signer_api.hpp>

#include <algorithm>
#include <array>
#include <span>

#include <redoubt/base/text.hpp>

namespace redoubt::ethereum {
namespace {

using access::Right;

constexpr std::string_view json_type = "application/json; charset=utf-8";
constexpr std::string_view text_type = "text/plain; charset=utf-8";

http::Response to_response(int status, std::string_view type, std::string body) {
    return {status,
            {{"Content-Type", std::string(type)}, {"Cache-Control", "no-store"}},
            std::move(body)};
}

http::Response json_response(int status, const Json& body) {
    return to_response(status, json_type, dump(body));
}

/// As Web3Signer decides it: without an Accept that names it, not even with none, there is no JSON.
bool accepts_json(std::string_view accept) {
    while (!accept.empty()) {
        const std::size_t end = std::min(accept.find(','), accept.size());
        const std::string_view entry = accept.substr(0, end);
        accept.remove_prefix(std::min(end + 1, accept.size()));
        const std::string type = lower_case(trimmed(entry.substr(0, entry.find(';'))));
        if (type == "application/json" || type == "*/*") return true;
    }
    return false;
}

http::Response signature_response(std::string_view accept, const Signature& signature) {
    if (!accepts_json(accept)) return to_response(200, text_type, signature.text());
    return json_response(200, {{"signature", signature.text()}});
}

std::unexpected<Error> unknown_route() {
    return fail(Code::UnknownRoute, "there is nothing at this path");
}

std::unexpected<Error> wrong_method(std::string_view right) {
    return fail(Code::MethodNotAllowed, "this path takes " + std::string(right) + " alone");
}

/// Also behind a token, as a client asks that has one in its URL. Whose it is does not matter here.
bool is_upcheck(const std::vector<std::string_view>& parts) {
    const bool has_token = parts.size() == 3 && parts.front() == "t";
    return (parts.size() == 1 || has_token) && parts.back() == "upcheck";
}

Json to_json(std::string_view id, bool is_asked, const std::optional<Error>& error) {
    Json out = {{"id", id}, {"status", is_asked && !error ? "UP" : "DOWN"}};
    if (error) out["data"] = {{"id", name(error->code)}, {"msg", error->message}};
    return out;
}

}  // namespace

int status_of(Code code) {
    switch (code) {
        case Code::BadRequest:
        case Code::UnknownType:
        case Code::RootMismatch: return 400;
        case Code::TokenMissing:
        case Code::TokenInvalid: return 401;
        case Code::NotPermitted: return 403;
        case Code::UnknownRoute:
        case Code::UnknownKey: return 404;
        case Code::MethodNotAllowed: return 405;
        case Code::BelowWatermark:
        case Code::AlreadySigned:
        case Code::KeyDisabled:
        case Code::WrongNetwork:
        case Code::TooFarAhead:
        case Code::PastUntil: return 412;
        case Code::TooLarge: return 413;
        // Safe to repeat. Nimbus repeats after this status, and nobody after 502 or 503.
        case Code::TableUnavailable:
        case Code::WrapUnavailable:
        case Code::KmsUnavailable:
        case Code::CredentialsExpired:
        case Code::Deadline:
        // These stay.
        case Code::TableRefused:
        case Code::WrapRefused:
        case Code::DamagedKey:
        case Code::DamagedRow:
        case Code::BadSignature:
        case Code::Internal:
        // Nothing here makes them.
        case Code::BadPayload:
        case Code::AuthenticationMissing:
        case Code::AuthenticationInvalid:
        case Code::KindNotAllowed:
        case Code::NotArmed:
        case Code::HandedOver:
        case Code::KmsRefused: break;
    }
    return 500;
}

http::Response error_response(const Error& error) {
    const std::string code(name(error.code));
    http::Response response =
        json_response(status_of(error.code), {{"error", {{"id", code}, {"msg", error.message}}}});
    response.headers.emplace_back("X-Redoubt-Error", code);
    if (response.status == 401) {
        response.headers.emplace_back("WWW-Authenticate", R"(Basic realm="redoubt")");
    }
    return response;
}

ApiResponse Web3SignerApi::respond(const http::Request& request, SteadyTime deadline) const {
    RequestTrace trace;
    const std::string_view path = std::string_view(request.path).substr(request.prefix.size());
    const auto answer = [&]() -> Result<http::Response> {
        if (request.method == "GET" && is_upcheck(http::path_parts(path))) {
            trace.route = "GET /upcheck";
            return to_response(200, text_type, "OK");
        }
        const auto admitted = admit(request, path, deadline, trace);
        if (!admitted) return std::unexpected(admitted.error());
        trace.caller = admitted->caller.name();
        return route({request, admitted->caller, deadline}, http::path_parts(admitted->path),
                     trace);
    }();
    if (answer) return {*answer, std::nullopt, std::move(trace)};
    return {error_response(answer.error()), answer.error(), std::move(trace)};
}

Result<Web3SignerApi::Admitted> Web3SignerApi::admit(const http::Request& request,
                                                     std::string_view path, SteadyTime deadline,
                                                     RequestTrace& trace) const {
    if (doors_.by_role) {
        const auto role = access::RoleArn::parse(request.caller);
        if (!role) {
            return fail(Code::NotPermitted,
                        "roles of IAM alone are let in (PRINCIPALS=on): the Function URL needs "
                        "AuthType AWS_IAM, and the caller a role");
        }
        trace.caller = role->text();
        auto caller = doors_.by_role(*role, deadline);
        if (!caller) return std::unexpected(std::move(caller.error()));
        return Admitted{std::move(*caller), path};
    }
    const auto presented = access::read_token(path, request.authorization);
    if (!presented) return std::unexpected(presented.error());
    trace.caller = "token " + presented->token.id.text();
    auto caller = doors_.by_token(presented->token, deadline);
    if (!caller) return std::unexpected(std::move(caller.error()));
    return Admitted{std::move(*caller), presented->path};
}

struct Web3SignerApi::Route {
    std::string_view path;  // `*` stands for a part
    std::string_view method;
    std::optional<Right> right;  // nothing: the type of the message decides
    Result<http::Response> (*answer)(const Web3SignerApi&, const Asked&, std::string_view last,
                                     RequestTrace&);

    [[nodiscard]] static std::span<const Route> all();
    [[nodiscard]] bool matches(const Parts& parts) const {
        return std::ranges::equal(http::path_parts(path), parts,
                                  [](std::string_view wanted, std::string_view given) {
                                      return wanted == "*" || wanted == given;
                                  });
    }
    /// For the log.
    [[nodiscard]] std::string name() const {
        return std::string(method) + " /" + std::string(path.substr(0, path.find("/*")));
    }
};

std::span<const Web3SignerApi::Route> Web3SignerApi::Route::all() {
    using Last = std::string_view;
    static constexpr std::array routes = {
        Route{"api/v1/eth2/sign/*",
              "POST",
              {},
              [](const Web3SignerApi& api, const Asked& asked, Last last, RequestTrace& trace) {
                  return api.post_sign(asked, last, trace);
              }},
        Route{"api/v1/eth2/publicKeys", "GET", Right::PublicKeys,
              [](const Web3SignerApi& api, const Asked& asked, Last, RequestTrace&) {
                  return api.get_public_keys(asked);
              }},
        Route{"healthcheck", "GET", Right::HealthCheck,
              [](const Web3SignerApi& api, const Asked& asked, Last, RequestTrace&) {
                  return api.get_health(asked);
              }},
        Route{"api/v1/eth2/highWatermark", "GET", Right::HighWatermark,
              [](const Web3SignerApi&, const Asked&, Last, RequestTrace&) {
                  return Result<http::Response>(json_response(200, Json::object()));
              }},
        Route{"reload", "POST", Right::Reload,
              [](const Web3SignerApi&, const Asked&, Last, RequestTrace&) {
                  // There is nothing that is loaded.
                  return Result<http::Response>(to_response(202, text_type, ""));
              }},
    };
    return routes;
}

Result<http::Response> Web3SignerApi::route(const Asked& asked, const Parts& parts,
                                            RequestTrace& trace) const {
    const auto routes = Route::all();
    const auto one =
        std::ranges::find_if(routes, [&parts](const Route& route) { return route.matches(parts); });
    // With GET it was answered before anybody was asked for a token.
    if (one == routes.end()) return is_upcheck(parts) ? wrong_method("GET") : unknown_route();
    trace.route = one->name();
    if (asked.request.method != one->method) return wrong_method(one->method);
    if (one->right && !asked.caller.may(*one->right)) {
        return fail(Code::NotPermitted, "this caller's rights do not name this route");
    }
    return one->answer(*this, asked, parts.back(), trace);
}

Result<http::Response> Web3SignerApi::post_sign(const Asked& asked, std::string_view identifier,
                                                RequestTrace& trace) const {
    const auto key = PublicKey::parse(lower_case(identifier));
    if (key) trace.key = key->text();
    if (!asked.request.body) return std::unexpected(asked.request.body.error());
    auto [signature, signing] =
        sign({key, *asked.request.body, asked.caller}, rules_, ports_, asked.deadline);
    trace.signing = std::move(signing);
    if (!signature) return std::unexpected(std::move(signature.error()));
    return signature_response(asked.request.accept, *signature);
}

Result<http::Response> Web3SignerApi::get_public_keys(const Asked& asked) const {
    if (auto wrong = ports_.store.judge_network(asked.deadline)) {
        return std::unexpected(std::move(*wrong));
    }
    const auto keys = ports_.store.list(asked.deadline);
    if (!keys) return std::unexpected(keys.error());
    Json list = Json::array();
    for (const auto& [key, tags] : *keys) {
        std::string text = key.text();
        const auto condition = asked.caller.may_use(text);
        if (condition && condition->holds(tags)) list.push_back(std::move(text));
    }
    return json_response(200, list);
}

Result<http::Response> Web3SignerApi::get_health(const Asked& asked) const {
    const auto [table, wraps] = ports_.store.probe(asked.deadline);
    const bool is_up = !table && !wraps;
    const std::string_view outcome = is_up ? "UP" : "DOWN";
    return json_response(
        is_up ? 200 : 503,
        {{"status", outcome},
         {"checks", {to_json("table", true, table), to_json("wraps", !table, wraps)}},
         {"outcome", outcome}});
}

}  // namespace redoubt::ethereum
