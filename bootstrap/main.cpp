// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>
#include <secp256k1.h>
#include <sodium/core.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include <redoubt/base/guarded.hpp>
#include <redoubt/lambda/deadlines.hpp>
#include <redoubt/lambda/event.hpp>
#include <redoubt/lambda/runtime.hpp>

#include "config/oddity.hpp"
#include "handlers.hpp"
#include "log/line.hpp"
#include "log/request_line.hpp"

namespace redoubt::bootstrap {
namespace {

Outcome answer(Handler& handler, const std::string& event_text, SteadyTime deadline) {
    lambda::Event event = lambda::UnreadableEvent{};
    try {
        event = lambda::parse_event(event_text);
        return handler.handle(event, deadline);
    } catch (const std::exception& exception) {
        return handler.internal_error(event, exception.what());
    }
}

void write_line(const RequestLog& request_log, const lambda::Invocation& invocation,
                const Outcome& outcome, SteadyTime::duration spent, bool cold) {
    try {
        LogFields fields = outcome.log_fields ? outcome.log_fields() : LogFields();
        write_log(request_log.line(invocation, std::move(fields), outcome.error, spent, cold));
    } catch (const std::exception&) {
        write_log("no line for this request: there was no memory for it\n");
    }
}

/// A request sees by itself to what it needs, so nothing that fails here fails anybody.
void use_pause(Handler& handler, SteadyTime deadline) {
    try {
        handler.after_answer(deadline);
    } catch (const std::exception&) {
        write_log("what is done after an answer, and nobody waits for, ended with an exception\n");
    }
}

/// Ends when the Runtime API does, or when only a new process can go on.
int loop(lambda::Runtime& runtime, Handler& handler, const Clock& clock,
         const RequestLog& request_log) {
    lambda::Deadlines deadlines;
    for (bool cold = true;; cold = false) {
        const auto invocation = runtime.next();
        if (!invocation) {
            log(clock, Severity::Error, invocation.error().message, {{"verdict", "internal"}});
            return 1;
        }
        const SteadyTime started = clock.steady();
        const SteadyTime deadline = deadlines.answer_by(invocation->deadline, clock);
        const Outcome outcome = answer(handler, invocation->event, deadline);
        const std::string text = dump(outcome.answer);
        const auto spent = clock.steady() - started;
        // An environment that is busy after its answer makes Lambda start another one; but while
        // the API takes the answer in, there is time for the log.
        const lambda::Posted posted = runtime.respond(
            *invocation, text, [&] { write_line(request_log, *invocation, outcome, spent, cold); });
        if (posted == lambda::Posted::Broken) return 1;
        if (posted == lambda::Posted::Refused) {
            runtime.error(*invocation, "Runtime.AnswerRefused", "the answer was not accepted");
        }
        // Credentials come with the environment: only a new one has fresh ones.
        if (outcome.error && outcome.error->code == Code::CredentialsExpired) return 1;
        // Lambda's time runs on until the next event is asked for.
        use_pause(handler, deadline);
    }
}

/// Whoever set one expects it to be obeyed. Its value may hold a password.
void tell_of_proxies(const Environment& environment, const Clock& clock) {
    std::string list;
    for (const std::string& name : environment.proxies()) list += (list.empty() ? "" : ", ") + name;
    if (list.empty()) return;
    log(clock, Severity::Warn,
        list +
            ": set, but not used: AWS is reached without a proxy. If the network can be left only "
            "through one, use VPC endpoints",
        {});
}

/// Lambda is known to refuse it: nothing to act on, but who audits the process should know.
void tell_of_memory(const Hardening& hardening, const Clock& clock) {
    if (!hardening.forbids_dumps) {
        log(clock, Severity::Warn, "secrets in memory: this system does not let dumps be forbidden",
            {});
    }
    if (!hardening.locks_memory) {
        log(clock, Severity::Info,
            "secrets in memory: this system does not let them be locked, so they could be swapped "
            "out (a Lambda function has no swap)",
            {});
    }
}

int run(const Environment& environment, const Hardening& hardening, lambda::Runtime& runtime,
        const Clock& clock) {
    tell_of_proxies(environment, clock);
    const NewHandler handler = make_handler(environment, clock);
    if (!handler) {
        log(clock, Severity::Error, handler.error().reason, {{"verdict", "init_error"}});
        runtime.init_error(handler.error().type, handler.error().reason);
        return 1;
    }
    if ((*handler)->holds_secrets()) tell_of_memory(hardening, clock);
    return loop(
        runtime, **handler, clock,
        RequestLog(clock, environment.get("AWS_LAMBDA_FUNCTION_NAME"), (*handler)->metrics()));
}

/// Empty if it is a host and a port, as Lambda sets it.
std::string what_is_wrong_with_api(const std::string& api) {
    const std::string must =
        "AWS_LAMBDA_RUNTIME_API must be a host and a port, as 127.0.0.1:9001: ";
    if (api.contains("://")) return must + "remove the scheme";
    if (api.contains('/')) return must + "remove the path";
    if (const std::string odd = oddity(api); !odd.empty()) return must + "this one " + odd;
    const std::size_t colon = api.find(':');
    if (colon == std::string::npos) return must + "the port is missing";
    if (colon == 0) return must + "the host is missing";
    std::uint16_t port = 0;
    const char* end = api.data() + api.size();
    const auto read = std::from_chars(api.data() + colon + 1, end, port);
    if (read.ec != std::errc() || read.ptr != end || port == 0) return must + "that is no port";
    return "";
}

int start() {
    const Environment environment = Environment::take();
    const Hardening hardening = harden_process();
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
    if (const std::string wrong = what_is_wrong_with_api(api); !wrong.empty()) {
        log(clock, Severity::Error, wrong, {{"verdict", "init_error"}});
        return 1;
    }
    lambda::Runtime runtime(api);
    try {
        return run(environment, hardening, runtime, clock);
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
