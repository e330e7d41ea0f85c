// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "output_log.hpp"
#include "process.hpp"
#include "server.hpp"

namespace redoubt::standins {

/// One event on its way to a function.
struct Invocation {
    std::string request_id;
    std::string event;
    WallTime deadline;
    SteadyTime deadline_steady;
    std::optional<Milliseconds> kill_after{};  ///< a fault
};

/// What became of an invocation.
struct Outcome {
    enum class Kind { Answer, Error, Busy };
    Kind kind = Kind::Busy;
    std::string payload{};  ///< the function's answer, or an error object
};

/// `{"errorType":...,"errorMessage":...}`
[[nodiscard]] Outcome failed(const std::string& type, const std::string& message);

/// What all environments of one function share.
struct EnvironmentSettings {
    std::string function;
    std::string function_arn;
    std::string program;
    Variables variables;                           ///< all but AWS_LAMBDA_RUNTIME_API
    std::function<void(const std::string&)> note;  ///< for people: what happened to the process
};

/// A Lambda execution environment: the process, and the Runtime API that it talks to. The process
/// is frozen while it waits for an event. When it ends, a new one is started; if it ended before it
/// ever asked for an event, not until the next invocation, as Lambda does.
///
/// The function's mutex guards all that changes; `changed` is told when an environment becomes idle
/// or fails.
class Environment {
public:
    enum class State { Starting, Idle, Busy, Failed };

    struct Status {
        int pid = 0;
        State state{};
        std::uint64_t invocations = 0;
        std::uint64_t starts = 0;
        double init_ms = 0;  ///< the last process's, from its start to its first `next`
    };

    Environment(const EnvironmentSettings& settings, OutputLog& log, std::mutex& mutex,
                std::condition_variable& changed);
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    /// Kills the process and waits for everything.
    ~Environment();

    // With the mutex held:
    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] SteadyTime last_used() const { return last_used_; }
    [[nodiscard]] Status status() const;
    [[nodiscard]] const Outcome& init_failure() const { return init_failure_; }
    void reserve();  ///< Idle → Busy
    void restart();  ///< Failed → Starting
    [[nodiscard]] bool kill(int pid);
    void end();  ///< Whatever waits returns; nothing is started any more.
    /// Hands over the event and waits for what becomes of it. After `reserve`.
    Outcome run(const Invocation& invocation, std::unique_lock<std::mutex>& lock);

private:
    void keep_running();
    void run_process();
    void process_ended(const std::string& how);
    HttpResponse handle(const HttpRequest& request);
    HttpResponse next();
    HttpResponse event_answer() const;
    HttpResponse take_answer(const HttpRequest& request, bool error);
    HttpResponse take_init_error(const HttpRequest& request);

    const EnvironmentSettings& settings_;
    OutputLog& log_;
    std::mutex& mutex_;
    std::condition_variable& changed_;

    State state_ = State::Starting;
    SteadyTime last_used_{};
    std::uint64_t invocations_ = 0;
    std::uint64_t starts_ = 0;
    SteadyTime started_{};
    double init_ms_ = 0;
    std::uint64_t epoch_ = 0;  ///< grows whenever a process starts or ends
    bool initialised_ = false;
    bool ending_ = false;
    Outcome init_failure_;
    std::optional<Invocation> invocation_;  ///< from hand-over until the next `next`
    std::string invocation_id_;
    bool fetched_ = false;  ///< the process has the event
    std::shared_ptr<std::optional<Outcome>> outcome_ = std::make_shared<std::optional<Outcome>>();
    Process* process_ = nullptr;
    std::condition_variable event_;  // an invocation is there, or the process is gone
    std::condition_variable outcome_there_;
    std::condition_variable wanted_;  // Failed → Starting

    std::thread keeper_;
};

}  // namespace redoubt::standins
