// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace redoubt::standins {

namespace {

constexpr unsigned long default_timer_slack_ns = 50000;

/// Runs in the child between vfork and exec: in the parent's memory, so nothing but system calls.
[[noreturn]] void become(const char* path, char* const* variables, int output, int parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    ::setpgid(0, 0);
    // What this program has set for itself must not leak into a Lambda environment.
    ::prctl(PR_SET_TIMERSLACK, default_timer_slack_ns);
    (void)::signal(SIGPIPE, SIG_DFL);
    (void)::signal(SIGINT, SIG_DFL);
    (void)::signal(SIGTERM, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int null = ::open("/dev/null", O_RDONLY);
    if (null >= 0) ::dup2(null, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::close_range(3, ~0U, 0);
    std::array<char*, 2> arguments = {const_cast<char*>(path), nullptr};
    ::execve(path, arguments.data(), variables);
    ::_exit(127);
}

}  // namespace

std::string beside_this_program(const char* name) {
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

Process::Process(const std::string& path, const Variables& variables) {
    std::vector<std::string> texts;
    for (const auto& [name, value] : variables) texts.push_back(name + "=" + value);
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);

    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
    const int parent = ::getpid();
    // Not fork: to copy what this process has mapped took longer than the child needs to start.
    pid_ = ::vfork();
    if (pid_ == 0) become(path.c_str(), pointers.data(), ends[1], parent);
    ::close(ends[1]);
    output_ = ends[0];
    if (pid_ < 0) {
        ::close(output_);
        throw std::runtime_error("cannot start " + path + ": " + std::strerror(errno));
    }
    ::setpgid(pid_, pid_);  // also here: a signal to the group may come before the child's own call
}

Process::~Process() {
    if (!reaped_) {
        kill();
        (void)reap();
    }
    ::close(output_);
}

void Process::send(int signal) const {
    const std::scoped_lock lock(mutex_);
    if (!reaped_) ::kill(-pid_, signal);
}

void Process::freeze() const { send(SIGSTOP); }
void Process::thaw() const { send(SIGCONT); }
void Process::kill() const { send(SIGKILL); }

std::string Process::wait(const std::function<void(std::string_view line)>& on_line) {
    std::string pending;
    std::array<char, 4096> buffer{};
    ssize_t count = 0;
    while ((count = ::read(output_, buffer.data(), buffer.size())) > 0 ||
           (count < 0 && errno == EINTR)) {
        if (count < 0) continue;
        pending.append(buffer.data(), static_cast<std::size_t>(count));
        std::size_t end = 0;
        while ((end = pending.find('\n')) != std::string::npos) {
            on_line(std::string_view(pending).substr(0, end));
            pending.erase(0, end + 1);
        }
    }
    if (!pending.empty()) on_line(pending);
    return reap();
}

std::string Process::reap() {
    siginfo_t ended{};
    while (::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOWAIT) < 0 &&
           errno == EINTR) {
    }
    const std::scoped_lock lock(mutex_);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
    return "exited with " + std::to_string(WEXITSTATUS(status));
}

}  // namespace redoubt::standins
