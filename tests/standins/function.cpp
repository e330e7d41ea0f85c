// SPDX-License-Identifier: Apache-2.0
#include "function.hpp"

#include <algorithm>
#include <utility>

#include "random.hpp"

namespace redoubt::standins {

namespace {

using State = Environment::State;

}  // namespace

Function::Function(Settings settings, Faults* faults)
    : settings_(std::move(settings)), faults_(faults) {
    if (!settings_.started_by_use) start();
}

void Function::start() {
    while (environments_.size() < settings_.environments) {
        environments_.push_back(
            std::make_unique<Environment>(settings_.environment, log_, mutex_, changed_));
    }
}

Outcome Function::invoke(std::string event) {
    std::unique_lock lock(mutex_);
    if (environments_.empty()) start();
    Environment* environment = nullptr;
    if (Outcome refusal = await_environment(lock, environment); environment == nullptr) {
        return refusal;
    }
    return environment->run(make_invocation(std::move(event)), lock);
}

Outcome Function::await_environment(std::unique_lock<std::mutex>& lock, Environment*& found) {
    const auto give_up = std::chrono::steady_clock::now() + settings_.timeout;
    const auto is_failed = [](const auto& one) { return one->state() == State::Failed; };
    bool restarted = false;
    while (!ending_) {
        found = idle_environment();
        if (found != nullptr) {
            found->reserve();
            return {};
        }
        if (restarted && std::ranges::all_of(environments_, is_failed)) {
            return environments_.front()->init_failure();
        }
        if (!std::exchange(restarted, true)) {
            for (const auto& one : environments_) {
                if (is_failed(one)) one->restart();
            }
        }
        if (changed_.wait_until(lock, give_up) == std::cv_status::timeout) break;
    }
    return {.kind = Outcome::Kind::Busy};
}

Environment* Function::idle_environment() {
    Environment* best = nullptr;
    for (const auto& one : environments_) {
        if (one->state() != State::Idle) continue;
        if (best == nullptr || one->last_used() > best->last_used()) best = one.get();
    }
    return best;
}

Invocation Function::make_invocation(std::string event) {
    Invocation invocation{
        .request_id = make_uuid(),
        .event = std::move(event),
        .deadline = std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()) +
                    settings_.timeout,
        .deadline_steady = std::chrono::steady_clock::now() + settings_.timeout};
    if (faults_ == nullptr) return invocation;
    for (const Fault& fault : faults_->strike(Target::Environment)) {
        invocation.kill_after = Milliseconds(fault.argument.value_or(0));
    }
    return invocation;
}

std::vector<Environment::Status> Function::environments() const {
    const std::scoped_lock lock(mutex_);
    std::vector<Environment::Status> all;
    for (const auto& one : environments_) all.push_back(one->status());
    return all;
}

bool Function::kill(int pid) {
    const std::scoped_lock lock(mutex_);
    return std::ranges::any_of(environments_, [pid](const auto& one) { return one->kill(pid); });
}

void Function::end() {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    for (const auto& one : environments_) one->end();
    changed_.notify_all();
}

}  // namespace redoubt::standins
