// SPDX-License-Identifier: Apache-2.0
// Answers of the Runtime API to `next`. The input: one as it comes over the wire.
#include <redoubt/base/bytes.hpp>
#include <redoubt/http/response_parser.hpp>
#include <redoubt/lambda/deadlines.hpp>
#include <redoubt/lambda/runtime.hpp>

#include <fakes/fake_clock.hpp>
#include "check.hpp"

namespace redoubt::fuzz::runtime {
namespace {

using http::ResponseParser;
using State = ResponseParser::State;

std::optional<http::Response> response_in(std::string_view wire) {
    ResponseParser parser(4096);
    State state = parser.take(wire);
    if (state == State::Incomplete) state = parser.end();
    if (state != State::Complete) return std::nullopt;
    return parser.take_response();
}

bool is_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whatever it says, there is a time to answer by, which is not beyond an invocation's end.
void check_time(const lambda::Invocation& invocation) {
    const test::FakeClock clock;
    const auto left = lambda::Deadlines().answer_by(invocation.deadline, clock) - clock.steady();
    check(left >= -Milliseconds(300) && left < std::chrono::minutes(15), "the time to answer");
}

void check_invocation(const http::Response& response, const lambda::Invocation& invocation) {
    check(response.status == 200, "only 200 brings an event");
    check(invocation.event == response.body, "the event is the body");
    check(invocation.request_id == http::header(response, "lambda-runtime-aws-request-id"),
          "the request's id");
    const auto id = http::header(response, "lambda-runtime-invocation-id");
    check(invocation.invocation_id.has_value() == !id.empty() &&
              invocation.invocation_id.value_or("") == id,
          "an invocation's id is echoed if there is one");
    const auto deadline = http::header(response, "lambda-runtime-deadline-ms");
    if (!is_number(deadline)) {
        check(!invocation.deadline.has_value(), "what is no number is no deadline");
    } else if (deadline.size() < 19) {
        check(unix_ms(invocation.deadline.value()) == std::stoll(std::string(deadline)),
              "the deadline");
    }
    check_time(invocation);
}

}  // namespace

void one_input(ByteView input) {
    const auto response = response_in(text_of(input));
    if (!response) return;
    const auto invocation = lambda::read_invocation(*response);
    if (invocation) return check_invocation(*response, *invocation);
    check(invocation.error().code == Code::Internal && !invocation.error().message.empty(),
          "what is no event ends the process, which says why");
}

}  // namespace redoubt::fuzz::runtime
