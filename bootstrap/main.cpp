// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>
#include <secp256k1.h>
#include <sodium/core.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include <redoubt/lambda/runtime.hpp>

#include "cloud.hpp"
#include "config.hpp"
#include "log.hpp"
#include "operator_function.hpp"
#include "signer_function.hpp"

namespace redoubt::bootstrap {
namespace {

/// An answer leaves at least this long before Lambda would kill the function.
constexpr Milliseconds reserve{300};
/// Lambda gives init ten seconds.
constexpr Milliseconds init_time{8000};
/// Connections are opened ahead; a service that does not answer must not hold up init.
constexpr Milliseconds opening_time{1500};

/// No invocation lasts longer, so no deadline is further away.
constexpr Milliseconds longest_invocation = std::chrono::minutes(15);

Outcome answer(Function& function, const std::string& event_text, SteadyTime deadline) {
    Json event;
    try {
        event = parse_json(event_text).value_or(Json());
        return function.answer(event, deadline);
    } catch (const std::exception& exception) {
        return function.apologise(event, exception.what());
    }
}

void log_outcome(const Clock& clock, const lambda::Invocation& invocation, Outcome& outcome,
                 SteadyTime::duration spent, bool cold) {
    Json& fields = outcome.log_fields;
    fields["requestId"] = invocation.request_id;
    fields["traceId"] = invocation.trace_id;
    fields["ms"] = log_ms(spent);
    fields["cold"] = cold;
    fields["verdict"] = outcome.error ? name(outcome.error->code) : "ok";
    if (outcome.error && !outcome.error->detail.empty()) fields["detail"] = outcome.error->detail;
    log(clock, outcome.error ? severity_of(outcome.error->code) : Severity::Info,
        outcome.error ? outcome.error->message : "answered", std::move(fields));
}

/// Ends when the Runtime API does, or when only a new process can go on.
int loop(lambda::Runtime& runtime, Function& function, const Clock& clock) {
    for (bool cold = true;; cold = false) {
        const auto invocation = runtime.next();
        if (!invocation) {
            log(clock, Severity::Error, invocation.error().message, {{"verdict", "internal"}});
            return 1;
        }
        const SteadyTime started = clock.steady();
        const Milliseconds left =
            std::clamp(invocation->deadline - clock.wall(), Milliseconds(0), longest_invocation);
        Outcome outcome = answer(function, invocation->event, started + left - reserve);
        const std::string text = dump(outcome.answer);
        const auto spent = clock.steady() - started;
        // An environment that is busy after its answer makes Lambda start another one; but while
        // the API takes the answer in, there is time for the log.
        const lambda::Posted posted = runtime.respond(
            *invocation, text, [&] { log_outcome(clock, *invocation, outcome, spent, cold); });
        if (posted == lambda::Posted::Broken) return 1;
        if (posted == lambda::Posted::Refused) {
            runtime.error(*invocation, "Runtime.AnswerRefused", "the answer was not accepted");
        }
        // Credentials come with the environment: only a new one has fresh ones.
        if (outcome.error && outcome.error->code == Code::CredentialsExpired) return 1;
    }
}

int refuse_to_start(lambda::Runtime& runtime, const Clock& clock, std::string_view type,
                    const std::string& reason) {
    log(clock, Severity::Error, reason, {{"verdict", "init_error"}});
    runtime.init_error(type, reason);
    return 1;
}

std::string joined(const Mistakes& mistakes) {
    std::string text = "The configuration has " + std::to_string(mistakes.size()) + " mistake(s):";
    for (const std::string& mistake : mistakes) text += "\n- " + mistake;
    return text;
}

int run(const Environment& environment, lambda::Runtime& runtime, const Clock& clock) {
    auto config = read_config(environment);
    if (!config)
        return refuse_to_start(runtime, clock, "Runtime.InvalidConfiguration",
                               joined(config.error()));
    Cloud cloud(*config, clock);
    auto keys = config->public_keys
                    ? Result<tezos::Keys>(std::move(*config->public_keys))
                    : cloud.fetch_public_keys(config->key_arns, clock.steady() + init_time);
    if (!keys) {
        return refuse_to_start(runtime, clock, "Runtime.NoPublicKeys",
                               std::string(name(keys.error().code)) + ": " + keys.error().message +
                                   " " + keys.error().detail);
    }
    if (config->is_operator) {
        OperatorFunction function(*config, std::move(*keys), cloud);
        return loop(runtime, function, clock);
    }
    SignerFunction function(*config, std::move(*keys), cloud, clock);
    cloud.freshen(clock.steady() + opening_time);
    return loop(runtime, function, clock);
}

int start() {
    const Environment environment = Environment::take();
    const std::string& api = environment.get("AWS_LAMBDA_RUNTIME_API");
    if (api.empty()) {
        static_cast<void>(
            std::fputs("bootstrap is an AWS Lambda runtime: AWS_LAMBDA_RUNTIME_API is not set.\n"
                       "To see it run without AWS, use deploy/local.\n",
                       stderr));
        return 2;
    }
    // A log that nobody reads must not end the process between a commit and its answer.
    if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) return 1;
    secp256k1_selftest();
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        static_cast<void>(
            std::fputs("bootstrap: libsodium or libcurl cannot be used here\n", stderr));
        return 1;
    }
    const SystemClock clock;
    lambda::Runtime runtime(api, clock);
    try {
        return run(environment, runtime, clock);
    } catch (const std::exception& exception) {
        log(clock, Severity::Error, exception.what(), {{"verdict", "internal"}});
        return 1;
    }
}

}  // namespace
}  // namespace redoubt::bootstrap

int main() { return redoubt::bootstrap::start(); }
