// SPDX-License-Identifier: Apache-2.0
#include "environment.hpp"

#include <optional>
#include <utility>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/json.hpp>

#include "pause.hpp"
#include "random.hpp"

namespace redoubt::standins {

namespace {

constexpr std::string_view prefix = "/2018-06-01/runtime/";
/// The largest answer that Lambda takes: 6 MiB and 100 bytes.
constexpr std::size_t max_answer = (6UL << 20U) + 100;
constexpr std::size_t runtime_api_threads = 8;

HttpResponse status_answer(int status, const std::string& type = {},
                           const std::string& message = {}) {
    if (status == 202) return {.status = 202, .body = R"({"status":"OK"})"};
    return {.status = status, .body = dump({{"errorType", type}, {"errorMessage", message}})};
}

}  // namespace

Outcome failed(const std::string& type, const std::string& message) {
    return {.kind = Outcome::Kind::Error,
            .payload = dump({{"errorType", type}, {"errorMessage", message}})};
}

Environment::Environment(const EnvironmentSettings& settings, OutputLog& log, std::mutex& mutex,
                         std::condition_variable& changed)
    : settings_(settings), log_(log), mutex_(mutex), changed_(changed), keeper_([this] {
          keep_running();
      }) {}

Environment::~Environment() {
    {
        const std::scoped_lock lock(mutex_);
        end();
    }
    keeper_.join();
}

void Environment::end() {
    ending_ = true;
    if (process_ != nullptr) process_->kill();
    wanted_.notify_all();
    event_.notify_all();
    outcome_there_.notify_all();
}

Environment::Status Environment::status() const {
    return {.pid = process_ == nullptr ? 0 : process_->pid(),
            .state = state_,
            .invocations = invocations_,
            .starts = starts_,
            .init_ms = init_ms_};
}

void Environment::reserve() { state_ = State::Busy; }

void Environment::restart() {
    state_ = State::Starting;
    wanted_.notify_all();
}

bool Environment::kill(int pid) {
    if (process_ == nullptr || process_->pid() != pid) return false;
    process_->kill();
    return true;
}

void Environment::keep_running() {
    std::unique_lock lock(mutex_);
    while (!ending_) {
        wanted_.wait(lock, [this] { return ending_ || state_ != State::Failed; });
        if (ending_) return;
        lock.unlock();
        run_process();
        lock.lock();
    }
}

/// From start to end of one process. Each has a Runtime API of its own: what a killed one still had
/// on the wire must not be taken for a word of its successor.
void Environment::run_process() {
    const Server runtime_api({.threads = runtime_api_threads},
                             [this](const HttpRequest& request) { return handle(request); });
    Variables variables = settings_.variables;
    variables["AWS_LAMBDA_RUNTIME_API"] = "127.0.0.1:" + std::to_string(runtime_api.port());
    std::optional<Process> process;
    {
        const std::scoped_lock lock(mutex_);
        started_ = std::chrono::steady_clock::now();
        // Known before it asks for its first event.
        process_ = &process.emplace(settings_.program, variables);
        initialised_ = false;
        init_failure_ = {};
        ++starts_;
        ++epoch_;
        if (ending_) process->kill();
    }
    const std::string how = process->wait([this](std::string_view line) { log_.add(line); });
    const std::scoped_lock lock(mutex_);
    process_ended(how);
}

void Environment::process_ended(const std::string& how) {
    process_ = nullptr;
    ++epoch_;
    event_.notify_all();
    if (ending_) return;
    if (invocation_ && !*outcome_) {
        *outcome_ = failed("Runtime.ExitError",
                           "RequestId: " + invocation_->request_id + " Error: Runtime " + how);
        outcome_there_.notify_all();
    }
    invocation_.reset();
    if (!initialised_ && init_failure_.payload.empty()) {
        init_failure_ = failed("Runtime.ExitError", "Error: Runtime " + how + " during init");
    }
    settings_.note(settings_.function + ": environment " + how +
                   (initialised_ ? ", a new one is started" : " before it was ready"));
    state_ = initialised_ ? State::Starting : State::Failed;
    changed_.notify_all();
}

Outcome Environment::run(const Invocation& invocation, std::unique_lock<std::mutex>& lock) {
    ++invocations_;
    last_used_ = std::chrono::steady_clock::now();
    // Its own, so that the next invocation, which may begin before this thread wakes up, has
    // another.
    const auto outcome = std::make_shared<std::optional<Outcome>>();
    outcome_ = outcome;
    if (process_ == nullptr) {
        state_ = State::Starting;
        return failed("Runtime.ExitError", "the environment ended before the event reached it");
    }
    invocation_ = invocation;
    invocation_id_ = make_uuid();
    fetched_ = false;
    process_->thaw();
    event_.notify_all();

    const auto done = [&] { return outcome->has_value() || ending_; };
    if (invocation.kill_after) {
        const auto moment = last_used_ + *invocation.kill_after;
        if (!outcome_there_.wait_until(lock, moment, done) && process_ != nullptr) process_->kill();
    }
    if (!outcome_there_.wait_until(lock, invocation.deadline_steady, done)) {
        *outcome = failed("Sandbox.Timedout",
                          "RequestId: " + invocation.request_id + " Error: Task timed out");
        if (process_ != nullptr) process_->kill();
    }
    if (!*outcome) return failed("Runtime.ExitError", "the local host is stopping");
    return **outcome;
}

HttpResponse Environment::handle(const HttpRequest& request) {
    std::string_view path = request.path();
    if (!path.starts_with(prefix)) return status_answer(404, "NotFound", "no such path");
    path.remove_prefix(prefix.size());
    if (request.method == "GET" && path == "invocation/next") return next();
    if (request.method != "POST") return status_answer(405, "NotAllowed", "no such method");
    if (path == "init/error") return take_init_error(request);
    if (path.starts_with("invocation/")) {
        if (path.ends_with("/response")) return take_answer(request, false);
        if (path.ends_with("/error")) return take_answer(request, true);
    }
    return status_answer(404, "NotFound", "no such path");
}

HttpResponse Environment::next() {
    std::unique_lock lock(mutex_);
    if (process_ == nullptr) return {.delivery = Delivery::Cut};
    if (invocation_ && !*outcome_) {
        return status_answer(403, "InvalidStateTransition", "the event has no answer yet");
    }
    invocation_.reset();
    if (!std::exchange(initialised_, true)) init_ms_ = ms_since(started_);
    state_ = State::Idle;
    const std::uint64_t epoch = epoch_;
    process_->freeze();
    changed_.notify_all();
    event_.wait(lock, [&] { return ending_ || epoch_ != epoch || invocation_.has_value(); });
    if (ending_ || epoch_ != epoch) return {.delivery = Delivery::Cut};
    fetched_ = true;
    // Surely before it answers, which may be sooner than another thread would wake up.
    if (invocation_->kill_after == Milliseconds(0)) process_->kill();
    return event_answer();
}

HttpResponse Environment::event_answer() const {
    const std::string random = to_hex(random_bytes(20));
    return {
        .body = invocation_->event,
        .headers = {{"Lambda-Runtime-Aws-Request-Id", invocation_->request_id},
                    {"Lambda-Runtime-Invocation-Id", invocation_id_},
                    {"Lambda-Runtime-Deadline-Ms", std::to_string(unix_ms(invocation_->deadline))},
                    {"Lambda-Runtime-Invoked-Function-Arn", settings_.function_arn},
                    {"Lambda-Runtime-Trace-Id",
                     "Root=1-" + random.substr(0, 8) + "-" + random.substr(8, 24) +
                         ";Parent=" + random.substr(24, 16) + ";Sampled=0"}}};
}

HttpResponse Environment::take_answer(const HttpRequest& request, bool error) {
    const std::scoped_lock lock(mutex_);
    const std::string begin = std::string(prefix) + "invocation/";
    const std::string_view path = request.path();
    const std::string_view id = path.substr(begin.size(), path.rfind('/') - begin.size());
    if (!invocation_ || id != invocation_->request_id) {
        return status_answer(400, "InvalidRequestID", "Invalid request ID");
    }
    const std::string* echoed = find(request.headers, "lambda-runtime-invocation-id");
    if (echoed != nullptr && *echoed != invocation_id_) {
        return status_answer(400, "InvalidInvocationId", "Invalid invocation ID");
    }
    if (*outcome_ || !fetched_) {
        return status_answer(403, "InvalidStateTransition", "Transition is not allowed");
    }
    const bool too_large = request.body.size() > max_answer;
    *outcome_ = too_large
                    ? failed("Function.ResponseSizeTooLarge", "Response payload size exceeded")
                : error ? Outcome{.kind = Outcome::Kind::Error, .payload = request.body}
                        : Outcome{.kind = Outcome::Kind::Answer, .payload = request.body};
    outcome_there_.notify_all();
    if (too_large) return status_answer(413, "RequestEntityTooLarge", "Exceeded maximum size");
    return status_answer(202);
}

HttpResponse Environment::take_init_error(const HttpRequest& request) {
    const std::scoped_lock lock(mutex_);
    if (initialised_) {
        return status_answer(403, "InvalidStateTransition", "Transition is not allowed");
    }
    init_failure_ = {.kind = Outcome::Kind::Error, .payload = request.body};
    return status_answer(202);
}

}  // namespace redoubt::standins
