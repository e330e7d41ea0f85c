// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fakes/aws_world.hpp>
#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>
#include <redoubt/adapters/tezos/kms_signer.hpp>
#include <redoubt/tezos/sign.hpp>

#include "table.hpp"

/// Every sequence of requests in a small world, each held to what the rules say of it.
namespace redoubt::simulation {
namespace {

constexpr std::uint32_t first_level = 10;

/// The rules once more, in their own words.
struct Expected {
    Place at;
    std::string digest;
    std::string signature;
};

/// What a sequence may be made of, and how long it is.
struct SmallWorld {
    std::string name;
    std::size_t keys, chains;
    std::vector<Kind> kinds;
    unsigned depth;
    bool warm;  // one environment for the whole sequence; else a new one for each request
};

std::vector<Choice> alphabet(const SmallWorld& world) {
    std::vector<Choice> choices;
    for (std::size_t key = 0; key < world.keys; ++key) {
        for (std::size_t chain = 0; chain < world.chains; ++chain) {
            for (const Kind kind : world.kinds) {
                for (std::uint32_t slot = 0; slot < 9; ++slot) {
                    for (int content : {0, 1}) {
                        choices.push_back(
                            {key, chain, kind, first_level + slot / 3, slot % 3, content});
                    }
                }
            }
        }
    }
    return choices;
}

class Explorer {
public:
    Explorer(Fixtures& fixtures, Table& table, const SmallWorld& world)
        : fixtures_(fixtures),
          kms_(fixtures),
          table_(table),
          world_(world),
          choices_(alphabet(world)),
          signer_(aws_.kms, fixtures.arns()) {
        aws_.runner.follow([this](const http::ClientRequest& call) { return answer(call); });
        for (const Choice& choice : choices_) {
            const std::string scope = fixtures_.scope_name(choice.key, choice.chain, choice.kind);
            if (rows_.try_emplace(scope, Expected{{first_level - 1, 0x7fffffff}, {}, {}}).second) {
                put(scope);
            }
        }
        forget();
    }

    [[nodiscard]] std::size_t breadth() const { return choices_.size(); }
    /// All sequences that begin with that choice.
    void explore(std::size_t first) { follow(choices_[first], world_.depth); }

    std::uint64_t requests = 0;
    std::uint64_t sequences = 0;

private:
    void follow(const Choice& choice, unsigned depth) {
        const std::string scope = fixtures_.scope_name(choice.key, choice.chain, choice.kind);
        const Expected before = rows_.at(scope);
        path_.push_back(choice);
        // What a warm environment has seen cannot be unseen: a new one is told the path again.
        if (world_.warm && path_.size() > 1) retell();
        ask(choice);
        if (depth == 1) ++sequences;
        for (const Choice& next : choices_) {
            if (depth > 1) follow(next, depth - 1);
        }
        path_.pop_back();
        rows_.at(scope) = before;
        put(scope);
        if (world_.warm) forget();
    }

    void retell() {
        forget();
        const Choice last = path_.back();
        path_.pop_back();
        const std::vector<Choice> path = path_;
        for (const Choice& told : path) {
            reset(told);
        }
        for (const Choice& told : path) ask(told);
        path_.push_back(last);
    }

    void reset(const Choice& choice) {
        const std::string scope = fixtures_.scope_name(choice.key, choice.chain, choice.kind);
        rows_.at(scope) = {{first_level - 1, 0x7fffffff}, {}, {}};
        put(scope);
    }

    void ask(const Choice& choice) {
        ++requests;
        if (!world_.warm) forget();
        const Prepared& prepared = fixtures_.prepare(choice);
        tezos::RequestTrace trace;
        aws_.runner.calls.clear();
        const auto said = sign(*prepared.authenticated, {*store_, signer_, aws_.runner, aws_.clock},
                               aws_.clock.steady() + std::chrono::seconds(2), trace);
        const std::string verdict = said ? "signed" : std::string(name(said.error().code));
        Expected& row = rows_.at(prepared.question.scope);
        const std::string expected = expect(prepared.question, row);
        demand(verdict == expected, "expected " + expected + ", it was " + verdict, choice);
        if (!said) return;
        demand(fixtures_.verifies(choice, said->text()), "does not verify", choice);
        const bool again = row.at == prepared.question.at;
        if (again && prepared.question.is_block) {
            demand(row.signature == said->text(), "a second signature of a block", choice);
        }
        if (!again) row = {prepared.question.at, prepared.question.digest, said->text()};
    }

    static std::string expect(const Question& question, const Expected& row) {
        if (question.at < row.at) return "below_watermark";
        if (question.at == row.at && question.digest != row.digest) return "already_signed";
        return "signed";
    }

    void demand(bool kept, const std::string& what, const Choice& last) const {
        if (kept) return;
        std::string message = what + " after";
        for (const Choice& choice : path_) message += " " + text(choice);
        throw Violation(message + " at " + text(last));
    }

    static std::string text(const Choice& choice) {
        return std::to_string(choice.key) + "." + std::to_string(choice.chain) + "." +
               std::to_string(static_cast<int>(choice.kind)) + ":" + std::to_string(choice.level) +
               "/" + std::to_string(choice.round) + (choice.content == 0 ? "a" : "b");
    }

    /// A new environment.
    void forget() { store_.emplace(aws_.dynamodb, table_name); }

    http::ResponseOrError answer(const http::ClientRequest& call) {
        if (is_for_table(call)) return table_.update(call, aws_.clock.wall());
        variant_ = (variant_ + 1) % Fixtures::variants;
        return kms_.sign(test::body_of(call), aws_.clock.wall(), variant_).response;
    }

    /// The row of a scope as it is expected, with all the time in the world.
    void put(const std::string& scope) {
        const Expected& row = rows_.at(scope);
        const std::size_t space = scope.find(' ');
        Json item = {{"pkh", {{"S", scope.substr(0, space)}}},
                     {"scope", {{"S", scope.substr(space + 1)}}},
                     {"lvl", {{"N", std::to_string(row.at.level)}}},
                     {"rnd", {{"N", std::to_string(row.at.round)}}},
                     {"at", {{"N", "0"}}},
                     {"pace", {{"N", "0"}}}};
        if (!row.digest.empty()) item["digest"] = {{"B", row.digest}};
        if (!row.digest.empty() && scope.ends_with("block")) item["sig"] = {{"S", row.signature}};
        table_.put(item);
    }

    Fixtures& fixtures_;
    test::AwsWorld aws_;
    Cloud kms_;
    unsigned variant_ = 0;
    Table& table_;
    SmallWorld world_;
    std::vector<Choice> choices_;
    std::optional<adapters::DynamoWatermarkStore> store_;
    adapters::KmsSigner signer_;
    std::map<std::string, Expected> rows_;
    std::vector<Choice> path_;
};

/// Explores a world on several threads; whether everything was as expected.
bool explore(const SmallWorld& world, unsigned jobs,
             const std::function<std::unique_ptr<Table>(Fixtures&)>& make_table) {
    const auto started = std::chrono::steady_clock::now();
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::uint64_t requests = 0, sequences = 0;
    std::string violation;
    const auto work = [&] {
        Fixtures fixtures;
        const auto table = make_table(fixtures);
        Explorer explorer(fixtures, *table, world);
        std::string broken;
        try {
            for (std::size_t first = next++; first < explorer.breadth(); first = next++) {
                explorer.explore(first);
            }
        } catch (const std::exception& exception) {
            broken = exception.what();
            next = explorer.breadth();
        }
        const std::scoped_lock lock(mutex);
        requests += explorer.requests;
        sequences += explorer.sequences;
        if (!broken.empty()) violation = broken;
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < jobs; ++i) threads.emplace_back(work);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    std::printf("%-44s %9llu sequences, %9llu requests, %5.1f s: %s\n", world.name.c_str(),
                static_cast<unsigned long long>(sequences),
                static_cast<unsigned long long>(requests), took.count(),
                violation.empty() ? "as the rules say" : ("BROKEN: " + violation).c_str());
    static_cast<void>(std::fflush(stdout));
    return violation.empty();
}

const std::vector<Kind> all_kinds(kinds.begin(), kinds.end());

std::vector<SmallWorld> worlds(bool deep) {
    std::vector<SmallWorld> out = {
        {"2 keys, 2 chains, all kinds, 2 requests", 2, 2, all_kinds, 2, true},
        {"attestations of both tags, 3 requests",
         1,
         1,
         {Kind::Attestation, Kind::AttestationWithDal},
         3,
         true},
        {"blocks, 3 requests", 1, 1, {Kind::Block}, 3, true}};
    if (deep) {
        out.push_back({"all kinds, 3 requests, each a cold start", 1, 1, all_kinds, 3, false});
        out.push_back({"blocks, 4 requests", 1, 1, {Kind::Block}, 4, true});
    }
    return out;
}

int run(bool deep) {
    const unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    bool fine = true;
    for (const SmallWorld& world : worlds(deep)) {
        fine = explore(world, jobs, memory_table) && fine;
    }
    return fine ? 0 : 1;
}

int run_at(const std::string& url) {
    const SmallWorld world{"all kinds, 2 requests, at " + url, 1, 1, all_kinds, 2, false};
    return explore(world, 1, [&](Fixtures&) { return remote_table(url); }) ? 0 : 1;
}

}  // namespace
}  // namespace redoubt::simulation

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.empty()) return redoubt::simulation::run(false);
    if (arguments.size() == 1 && arguments[0] == "--deep") return redoubt::simulation::run(true);
    if (arguments.size() == 2 && arguments[0] == "--table") {
        return redoubt::simulation::run_at(arguments[1]);
    }
    static_cast<void>(
        std::fputs("redoubt-exhaust [--deep | --table URL]\n"
                   "URL: of a service that speaks DynamoDB, such as DynamoDB Local\n",
                   stderr));
    return 2;
}
