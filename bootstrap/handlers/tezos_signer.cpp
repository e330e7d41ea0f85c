// SPDX-License-Identifier: Apache-2.0
#include "handlers/tezos_signer.hpp"

#include <redoubt/lambda/event.hpp>
#include <redoubt/operator/commands.hpp>

#include "log/request_log.hpp"

namespace redoubt::bootstrap {
namespace {

std::map<tezos::KeyHash, aws::KeyArn> arns_by_key(const std::vector<aws::KeyArn>& arns,
                                                  const tezos::Keys& keys) {
    std::map<tezos::KeyHash, aws::KeyArn> out;
    for (std::size_t i = 0; i < arns.size(); ++i) out.emplace(keys.at(i).hash, arns[i]);
    return out;
}

/// For an HTTP front if the event came from one, or if nobody can tell (a Function URL would make a
/// success of an answer without a status).
Outcome refused(const Json& event, const Error& error) {
    Json answer = adapters::operator_error(error);
    if (event.is_null() || lambda::is_http_event(event)) {
        answer = lambda::to_http_answer(event, tezos::error_response(error));
    }
    return {std::move(answer), {}, error};
}

bool is_warm_command(const Json& event) {
    const Json* redoubt = member(event, "redoubt");
    const std::string* command = redoubt == nullptr ? nullptr : string_member(*redoubt, "command");
    return command != nullptr && *command == "warm";
}

}  // namespace

SignerFunction::SignerFunction(const Config& config, tezos::Keys keys, Cloud& cloud,
                               const Clock& clock)
    : cloud_(cloud),
      store_(cloud.dynamodb(), config.table),
      signer_(cloud.kms(), arns_by_key(config.key_arns, keys)),
      api_({std::move(keys), config.authorized_keys, config.base_path, config.known_keys},
           {store_, signer_, cloud.client(), clock},
           [&cloud](SteadyTime deadline) { cloud.ensure_connections(deadline); }) {}

Outcome SignerFunction::answer(const Json& event, SteadyTime deadline) {
    if (lambda::is_http_event(event)) return answer_request(event, deadline);
    if (is_warm_command(event)) {
        cloud_.ensure_connections(deadline);
        return {adapters::operator_answer(Json::object()), [] { return Json{{"command", "warm"}}; },
                std::nullopt};
    }
    if (event.is_null()) {
        return refused(event, {Code::BadRequest, "the event is no JSON that can be read", {}});
    }
    return refused(event, {Code::BadRequest,
                           "this function answers a baker's HTTP requests; commands go to the "
                           "operator function",
                           {}});
}

Outcome SignerFunction::answer_request(const Json& event, SteadyTime deadline) const {
    tezos::RequestTrace trace;
    const auto request = lambda::parse_http_event(event);
    auto answered = request
                        ? api_.answer(*request, deadline, trace)
                        : tezos::Answered{tezos::error_response(request.error()), request.error()};
    const int status = answered.response.status;
    return {lambda::to_http_answer(event, std::move(answered.response)),
            [trace = std::move(trace), status, error = answered.error] {
                return members_of(trace, status, error);
            },
            answered.error};
}

Outcome SignerFunction::internal_error(const Json& event, std::string detail) const {
    return refused(event, {Code::Internal, "something unforeseen went wrong; nothing was released",
                           std::move(detail)});
}

}  // namespace redoubt::bootstrap
