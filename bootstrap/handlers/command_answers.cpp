// SPDX-License-Identifier: Apache-2.0
#include "handlers/command_answers.hpp"

namespace redoubt::bootstrap {
namespace {

/// In the log: longer than any command that there is.
constexpr std::size_t longest_name = 32;

}  // namespace

/// A refusal that an HTTP front, wrongly put before this function, cannot take for a success.
Outcome CommandAnswers::refuse_request(const lambda::HttpEvent& event) const {
    const Error error{Code::UnknownRoute, "this function answers operators' commands only", {}};
    Json answer = lambda::to_answer(refuse_(error), event.header_form);
    answer.update(operators::to_answer(operators::failed(error)));
    return {std::move(answer), {}, error};
}

Outcome CommandAnswers::handle(const lambda::Event& event, SteadyTime deadline) const {
    if (const auto* request = std::get_if<lambda::HttpEvent>(&event)) {
        return refuse_request(*request);
    }
    const auto* command = std::get_if<lambda::CommandEvent>(&event);
    auto result = command == nullptr
                      ? operators::failed({Code::BadRequest,
                                           R"(this function takes {"redoubt":{"command":"..."}} )"
                                           "and nothing else",
                                           {}})
                      : commands_.run(command->name, command->fields, deadline);
    std::optional<Error> error = result.error;
    return {operators::to_answer(std::move(result)),
            [name = command == nullptr ? Json() : Json(command->name.substr(0, longest_name))] {
                return LogFields().add_json("command", name);
            },
            std::move(error)};
}

Outcome CommandAnswers::internal_error(std::string detail) {
    const Error error{Code::Internal, "an unexpected error: see the log", std::move(detail)};
    return {operators::to_answer(operators::failed(error)), {}, error};
}

}  // namespace redoubt::bootstrap
