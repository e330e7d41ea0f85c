// SPDX-License-Identifier: Apache-2.0
#include "stage.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <redoubt/base/json.hpp>
#include <standins/process.hpp>
#include <standins/random.hpp>

namespace redoubt::bench {

namespace {

using standins::Environment;

constexpr std::chrono::seconds patience{15};
constexpr std::size_t usual_dal_bytes = 1;

Json counted(const standins::ServiceCounts& counts) {
    std::uint64_t calls = 0;
    for (const auto& [operation, count] : counts.calls) calls += count;
    return {{"calls", calls},
            {"connections", counts.server.connections},
            {"handshakes", counts.server.handshakes},
            {"resumed", counts.server.resumed},
            {"bytes", counts.server.bytes_in + counts.server.bytes_out}};
}

/// Source: kernel, Documentation/scheduler/sched-stats.rst; the first number is nanoseconds at
/// work.
std::chrono::nanoseconds time_at_work(int pid) {
    std::int64_t nanoseconds = 0;
    std::ifstream("/proc/" + std::to_string(pid) + "/schedstat") >> nanoseconds;
    return std::chrono::nanoseconds(nanoseconds);
}

/// Source: proc(5), status.
std::uint64_t peak_memory_of(int pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    constexpr std::uint64_t kilobyte = 1024;
    for (std::string word; status >> word;) {
        std::uint64_t kilobytes = 0;
        if (word == "VmHWM:" && status >> kilobytes) return kilobytes * kilobyte;
    }
    return 0;
}

}  // namespace

std::string name(Kind kind) {
    switch (kind) {
        case Kind::Block: return "block";
        case Kind::Preattestation: return "preattestation";
        case Kind::Attestation: return "attestation";
    }
    return {};
}

Bytes payload(Kind kind, const standins::Slot& slot, crypto::SignatureScheme scheme) {
    switch (kind) {
        case Kind::Block: return block_payload(slot, false);
        case Kind::Preattestation: return preattestation_payload(slot, scheme);
        case Kind::Attestation: return attestation_payload(slot, scheme, usual_dal_bytes);
    }
    return {};
}

standins::SignReply checked(standins::SignReply reply) {
    if (reply.status == 200) return reply;
    throw std::runtime_error("a request failed: " + std::to_string(reply.status) + " " +
                             reply.message);
}

std::vector<Environment::Status> at_rest(standins::Function& function) {
    const SteadyTime limit = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < limit) {
        auto all = function.environments();
        if (std::ranges::all_of(all, [](const Environment::Status& one) {
                return one.state == Environment::State::Idle;
            })) {
            return all;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    throw std::runtime_error("an environment does not come to rest");
}

Stage::Stage(const standins::Options& options)
    : options_(options), report_(standins::make_json_report()), world_(options_, *report_, pause_) {
    if (const auto problem = world_.arm()) throw std::runtime_error(*problem);
}

const tezos::KeyInfo& Stage::key(std::size_t number) {
    const tezos::Keys& keys = world_.setup().keys;
    return keys[number % keys.size()];
}

standins::Slots Stage::slots() {
    pause_.until(world_.first_level_at());
    return {world_.setup().chain, world_.setup().start_level, world_.first_level_at()};
}

standins::Slots Stage::slots_of_new_chain() {
    ByteArray<4> bytes{};
    std::ranges::copy(standins::random_bytes(bytes.size()), bytes.begin());
    const tezos::ChainId chain(bytes);
    const std::uint32_t head = world_.setup().start_level;
    (void)command(*world_.functions().at(standins::World::operator_name),
                  {{"command", "arm"}, {"chain", to_text(chain)}, {"level", head}});
    return {chain, head, std::chrono::steady_clock::now() + std::chrono::seconds(1)};
}

standins::SignReply Stage::sign(const tezos::KeyInfo& key, Kind kind, const standins::Slot& slot) {
    return checked(world_.client().sign(key.hash, payload(kind, slot, key.hash.scheme)));
}

standins::Function& Stage::signer() { return *world_.functions().at(standins::World::signer_name); }

std::chrono::nanoseconds processor_time(standins::Function& function) {
    std::chrono::nanoseconds sum{0};
    for (const Environment::Status& one : at_rest(function)) sum += time_at_work(one.pid);
    return sum;
}

std::map<std::string, std::uint64_t> Stage::calls_since(const Json& traffic) {
    std::map<std::string, std::uint64_t> calls;
    const Json now = this->traffic();
    for (const auto& [service, counts] : now.items()) {
        calls[service] = counts.at("calls").get<std::uint64_t>() -
                         traffic.at(service).at("calls").get<std::uint64_t>();
    }
    return calls;
}

std::uint64_t peak_memory(standins::Function& function) {
    std::uint64_t peak = 0;
    for (const auto& one : at_rest(function)) peak = std::max(peak, peak_memory_of(one.pid));
    return peak;
}

std::vector<double> restart(standins::Function& function) {
    const auto before = at_rest(function);
    for (const auto& one : before) {
        if (!function.kill(one.pid)) throw std::runtime_error("no process to kill");
    }
    const auto is_new = [&] {
        const auto now = function.environments();
        return std::ranges::equal(
            before, now, [](const auto& old, const auto& one) { return one.starts > old.starts; });
    };
    while (!is_new()) std::this_thread::sleep_for(Milliseconds(1));
    std::vector<double> init_ms;
    for (const auto& one : at_rest(function)) init_ms.push_back(one.init_ms);
    return init_ms;
}

double run_idly(const std::string& program) {
    const auto start = std::chrono::steady_clock::now();
    standins::Process process(program, {});
    (void)process.wait([](std::string_view) {});
    return standins::ms_since(start);
}

Json command(standins::Function& function, const Json& fields) {
    const auto outcome = function.invoke(dump({{"redoubt", fields}}));
    const Json answer = Json::parse(outcome.payload, nullptr, false);
    const Json* told = member(answer, "redoubt");
    if (told == nullptr || !told->value("ok", false)) throw std::runtime_error(outcome.payload);
    return *told;
}

Json Stage::traffic() {
    return {{"kms", counted(world_.kms().counts())},
            {"dynamodb", counted(world_.dynamodb().counts())}};
}

}  // namespace redoubt::bench
