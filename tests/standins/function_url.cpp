// SPDX-License-Identifier: Apache-2.0
#include "function_url.hpp"

#include "url_event.hpp"

namespace redoubt::standins {

HttpResponse call_url(Function& function, const LocalClock& clock, const HttpRequest& request) {
    const Outcome outcome = function.invoke(url_event(request, clock.now()));
    switch (outcome.kind) {
        case Outcome::Kind::Answer: return url_answer(outcome.payload);
        case Outcome::Kind::Error: return bad_gateway();
        case Outcome::Kind::Busy: break;
    }
    return {
        .status = 429,
        .body =
            R"({"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."})"};
}

}  // namespace redoubt::standins
