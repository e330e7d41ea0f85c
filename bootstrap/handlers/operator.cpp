// SPDX-License-Identifier: Apache-2.0
#include "handlers/operator.hpp"

#include <redoubt/lambda/event.hpp>
#include <redoubt/tezos/http_api.hpp>

namespace redoubt::bootstrap {
namespace {

std::vector<std::string> texts(const std::vector<aws::KeyArn>& arns) {
    std::vector<std::string> out;
    for (const aws::KeyArn& arn : arns) out.push_back(arn.text);
    return out;
}

/// A refusal that an HTTP front, wrongly put before this function, cannot take for a success.
Outcome refuse_request(const Json& event) {
    const Error error{Code::UnknownRoute, "this function takes operators' commands only", {}};
    Json answer = lambda::to_http_answer(event, tezos::error_response(error));
    answer.update(adapters::operator_error(error));
    return {std::move(answer), {}, error};
}

}  // namespace

OperatorFunction::OperatorFunction(const Config& config, tezos::Keys keys, Cloud& cloud)
    : commands_({REDOUBT_VERSION, config.table, texts(config.key_arns), std::move(keys),
                 config.authorized_keys},
                cloud.dynamodb(), cloud.client()) {}

Outcome OperatorFunction::answer(const Json& event, SteadyTime deadline) {
    if (lambda::is_http_event(event)) return refuse_request(event);
    auto answered = commands_.answer(event, deadline);
    const Json* redoubt = member(event, "redoubt");
    const std::string* command = redoubt == nullptr ? nullptr : string_member(*redoubt, "command");
    return {
        std::move(answered.answer),
        [named = command == nullptr ? Json() : Json(*command)] { return Json{{"command", named}}; },
        std::move(answered.error)};
}

Outcome OperatorFunction::internal_error(const Json& /*event*/, std::string detail) const {
    const Error error{Code::Internal, "something unforeseen went wrong", std::move(detail)};
    return {adapters::operator_error(error), {}, error};
}

}  // namespace redoubt::bootstrap
