// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace redoubt::standins {

using Variables = std::map<std::string, std::string>;

/// The path of a program that lies in the same folder as this one.
[[nodiscard]] std::string beside_this_program(const char* name);

/// A child process in a process group of its own, with nothing of ours but its variables and a pipe
/// that collects what it writes. It dies with the thread that started it. Signals may be sent from
/// any thread.
class Process {
public:
    /// Throws std::runtime_error.
    Process(const std::string& path, const Variables& variables);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    /// Kills it and waits, unless `wait` has returned.
    ~Process();

    [[nodiscard]] int pid() const { return pid_; }
    void freeze() const;  ///< SIGSTOP
    void thaw() const;    ///< SIGCONT
    void kill() const;    ///< SIGKILL

    /// Hands over its lines as they come, until it ends. Returns how it ended, e.g. `killed by
    /// signal 9`. Call once, from the thread that started it.
    std::string wait(const std::function<void(std::string_view line)>& on_line);

private:
    std::string reap();
    void send(int signal) const;

    int pid_ = -1;
    int output_ = -1;
    mutable std::mutex mutex_;
    bool reaped_ = false;  // from then on the number may be another process's
};

}  // namespace redoubt::standins
