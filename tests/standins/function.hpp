// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "environment.hpp"
#include "faults.hpp"

namespace redoubt::standins {

/// A Lambda function: some environments, each for one event at a time. An event goes to the idle
/// environment that was used last, as Lambda seems to do. From any thread.
class Function {
public:
    struct Settings {
        EnvironmentSettings environment;
        std::size_t environments = 1;
        Milliseconds timeout{3000};
        bool started_by_use = false;  ///< no environment before the first event
    };

    /// `faults` null: none strike its environments. It outlives the function.
    Function(Settings settings, Faults* faults);

    [[nodiscard]] const std::string& name() const { return settings_.environment.function; }

    /// Waits up to the timeout for an environment (else Busy), then for what becomes of the event.
    Outcome invoke(std::string event);

    [[nodiscard]] std::vector<Environment::Status> environments() const;
    bool kill(int pid);
    [[nodiscard]] const OutputLog& log() const { return log_; }
    /// Ends what runs; invocations fail from now on.
    void end();

private:
    void start();
    Environment* idle_environment();
    Outcome await_environment(std::unique_lock<std::mutex>& lock, Environment*& found);
    [[nodiscard]] Invocation make_invocation(std::string event);

    Settings settings_;
    Faults* faults_;
    OutputLog log_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool ending_ = false;
    std::vector<std::unique_ptr<Environment>> environments_;
};

}  // namespace redoubt::standins
