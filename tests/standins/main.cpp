// SPDX-License-Identifier: Apache-2.0
// redoubt-local: the signer at work on one machine, without AWS.
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <thread>
#include <vector>

#include "baker.hpp"
#include "control.hpp"
#include "invitation.hpp"
#include "options.hpp"
#include "process.hpp"
#include "report.hpp"
#include "world.hpp"

namespace redoubt::standins {

namespace {

/// SIGINT and SIGTERM end `pause`. Made before any other thread, which then all leave them to this.
class Signals {
public:
    explicit Signals(Pause& pause) {
        // Shells start background jobs with SIGINT ignored; an ignored signal is never awaited.
        (void)::signal(SIGINT, SIG_DFL);
        (void)::signal(SIGTERM, SIG_DFL);
        ::sigemptyset(&awaited_);
        ::sigaddset(&awaited_, SIGINT);
        ::sigaddset(&awaited_, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &awaited_, nullptr);
        thread_ = std::jthread([this, &pause] {
            int signal = 0;
            ::sigwait(&awaited_, &signal);
            pause.end();
        });
    }
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    ~Signals() { ::pthread_kill(thread_.native_handle(), SIGINT); }

private:
    sigset_t awaited_{};
    std::jthread thread_;
};

void wait_for_end(Pause& pause) {
    while (pause.until(std::chrono::steady_clock::now() + std::chrono::hours(24))) {
    }
}

/// What the operator function wrote, when it could not do its work.
void show_log(const World& world, Report& report) {
    const Function& function = *world.functions().at(World::operator_name);
    for (const std::string& line : function.log().lines()) report.note(line);
}

/// As Lambda may at any time.
void kill_environments(const World& world) {
    Function& signer = *world.functions().at(World::signer_name);
    for (const Environment::Status& one : signer.environments()) signer.kill(one.pid);
}

int run(const Options& options, Report& report) {
    Pause pause;
    const Signals signals(pause);
    World world(options, report, pause);
    std::unique_ptr<Control> control;
    if (options.control_port) {
        control = std::make_unique<Control>(*options.control_port, world);
        world.setup().control = control->url();
    }
    const auto problem = world.arm();
    report.ready(world.setup());
    if (problem) {
        report.note(*problem);
        show_log(world, report);
        if (options.levels > 0) return 1;
    }

    Baker baker({.chain = world.setup().chain,
                 .head = world.setup().start_level,
                 .start = world.first_level_at(),
                 .blocks = options.levels,
                 .block = options.block},
                world.setup().keys, world.setup().companions, world.client(), pause);
    Summary summary;
    if (options.levels > 0) {
        summary = baker.run([&report](const BakerSignature& made) { report.signature(made); },
                            [&report] { report.level_end(); });
        const auto on_shown = [&](const Shown& one) {
            if (!one.as_expected()) ++summary.unexpected;
            report.shown(one);
        };
        baker.contradict(on_shown, [&world] { kill_environments(world); });
        report.summary(summary);
    }
    if (!options.once && !pause.ended()) {
        if (!options.json) report.invite(invitation(world.setup(), world.client(), baker.slot()));
        wait_for_end(pause);
        return 0;
    }
    const bool complete = options.levels == 0 || (summary.requests() > 0 && !pause.ended());
    return summary.failures + summary.unexpected == 0 && complete ? 0 : 1;
}

int start(std::span<const std::string_view> arguments) {
    auto options = parse_options(arguments);
    if (!options) {
        std::cerr << options.error() << "\nredoubt-local --help lists what there is.\n";
        return 2;
    }
    if (options->help) {
        std::cout << usage();
        return 0;
    }
    if (options->bootstrap.empty()) options->bootstrap = beside_this_program("bootstrap");
    if (::access(options->bootstrap.c_str(), X_OK) != 0) {
        std::cerr << "no program to run: " << options->bootstrap << "\n";
        return 2;
    }
    wake_up_on_time();
    const auto report = options->json ? make_json_report() : make_human_report();
    return run(*options, *report);
}

}  // namespace

}  // namespace redoubt::standins

int main(int count, char** values) {
    const std::vector<std::string_view> arguments(values + 1, values + count);
    try {
        return redoubt::standins::start(arguments);
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << "\n";
        return 1;
    }
}
