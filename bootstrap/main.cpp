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
#include "config/config.hpp"
#include "handlers/operator.hpp"
#include "handlers/tezos_signer.hpp"
#include "log/line.hpp"
#include "log/request_log.hpp"

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
        return function.internal_error(event, exception.what());
    }
}

/// Ends when the Runtime API does, or when only a new process can go on.
int loop(lambda::Runtime& runtime, Function& function, const Clock& clock,
         const RequestLog& request_log) {
    for (bool cold = true;; cold = false) {
        const auto invocation = runtime.next();
        if (!invocation) {
            log(clock, Severity::Error, invocation.error().message, {{"verdict", "internal"}});
            return 1;
        }
        const SteadyTime started = clock.steady();
        const Milliseconds left =
            std::clamp(invocation->deadline - clock.wall(), Milliseconds(0), longest_invocation);
        const Outcome outcome = answer(function, invocation->event, started + left - reserve);
        const std::string text = dump(outcome.answer);
        const auto spent = clock.steady() - started;
        // An environment that is busy after its answer makes Lambda start another one; but while
        // the API takes the answer in, there is time for the log.
        const lambda::Posted posted = runtime.respond(*invocation, text, [&] {
            try {
                write_log(request_log.line(*invocation, outcome, spent, cold));
            } catch (const std::exception&) {
                write_log("no line for this request: there was no memory for it\n");
            }
        });
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

/// `text`, then a line for each.
std::string listed(std::string text, const Mistakes& mistakes) {
    for (const std::string& mistake : mistakes) text += "\n- " + mistake;
    return text;
}

int run(const Environment& environment, lambda::Runtime& runtime, const Clock& clock) {
    auto config = read_config(environment);
    if (!config)
        return refuse_to_start(runtime, clock, "Runtime.InvalidConfiguration",
                               listed("The configuration has " +
                                          std::to_string(config.error().size()) + " mistake(s):",
                                      config.error()));
    log(clock, Severity::Info, "configured",
        {{"version", REDOUBT_VERSION},
         {"handler", config->is_operator ? "operator" : "signer"},
         {"configuration", config->fingerprint}});
    Cloud cloud(*config, clock);
    auto keys = config->public_keys
                    ? std::expected<tezos::Keys, Mistakes>(std::move(*config->public_keys))
                    : cloud.fetch_public_keys(config->key_arns, clock.steady() + init_time);
    if (!keys) {
        return refuse_to_start(runtime, clock, "Runtime.NoPublicKeys",
                               listed("KMS has no usable public key for:", keys.error()));
    }
    if (config->is_operator) {
        OperatorFunction function(*config, std::move(*keys), cloud);
        return loop(runtime, function, clock, RequestLog(clock, {}));
    }
    SignerFunction function(*config, std::move(*keys), cloud, clock);
    cloud.ensure_connections(clock.steady() + opening_time);
    return loop(runtime, function, clock,
                RequestLog(clock, environment.get("AWS_LAMBDA_FUNCTION_NAME")));
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

int main() {
    try {
        return redoubt::bootstrap::start();
    } catch (...) {
        static_cast<void>(std::fputs("bootstrap: not even able to log\n", stderr));
        return 1;
    }
}
