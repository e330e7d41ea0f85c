// SPDX-License-Identifier: Apache-2.0
#include "explorer.hpp"

#include <chrono>

#include <redoubt/tezos/sign.hpp>
#include <simulation/engine/violation.hpp>

namespace redoubt::simulation::tezos {
namespace {

constexpr std::uint32_t first_level = 10;

/// 3 levels, 3 rounds and 2 contents of each key, chain and kind.
std::vector<Choice> choices_of(const SmallWorld& world) {
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

std::string text(const Choice& choice) {
    return std::to_string(choice.key) + "." + std::to_string(choice.chain) + "." +
           std::to_string(static_cast<int>(choice.kind)) + ":" + std::to_string(choice.level) +
           "/" + std::to_string(choice.round) + (choice.content == 0 ? "a" : "b");
}

}  // namespace

Explorer::Explorer(Fixtures& fixtures, Table& table, const SmallWorld& world)
    : fixtures_(fixtures),
      kms_(fixtures),
      table_(table),
      world_(world),
      choices_(choices_of(world)),
      signer_(aws_.kms, fixtures.arns()) {
    aws_.runner.follow([this](const http::ClientRequest& call) { return answer(call); });
    for (const Choice& choice : choices_) {
        if (!rows_.contains(scope_of(choice))) reset(scope_of(choice));
    }
    forget();
}

void Explorer::follow(const Choice& choice, unsigned depth) {
    const std::string scope = scope_of(choice);
    const Expected before = rows_.at(scope);
    path_.push_back(choice);
    if (world_.is_warm && path_.size() > 1) replay();
    ask(choice);
    if (depth == 1) ++sequences;
    for (const Choice& next : choices_) {
        if (depth > 1) follow(next, depth - 1);
    }
    path_.pop_back();
    rows_.at(scope) = before;
    put(scope);
    if (world_.is_warm) forget();
}

/// What a warm environment has seen cannot be unseen: a new one is asked all but the last again.
void Explorer::replay() {
    forget();
    const Choice last = path_.back();
    path_.pop_back();
    const std::vector<Choice> path = path_;
    for (const Choice& choice : path) reset(scope_of(choice));
    for (const Choice& choice : path) ask(choice);
    path_.push_back(last);
}

void Explorer::ask(const Choice& choice) {
    ++requests;
    if (!world_.is_warm) forget();
    const Prepared& prepared = fixtures_.prepare(choice);
    aws_.runner.calls.clear();
    const auto signature =
        sign(*prepared.authenticated, {*store_, signer_, aws_.runner, aws_.clock},
             aws_.clock.steady() + std::chrono::seconds(2))
            .signature;
    if (signature) return check(choice, prepared, "signed", signature->text());
    check(choice, prepared, std::string(name(signature.error().code)), {});
}

/// By the rules; a row is then expected to be as they say.
void Explorer::check(const Choice& choice, const Prepared& prepared, const std::string& verdict,
                     const std::string& signature) {
    const Question& question = prepared.question;
    Expected& row = rows_.at(question.scope);
    std::string expected = "signed";
    if (question.at < row.at) expected = "below_watermark";
    if (question.at > row.at && world_.until && question.at.level > *world_.until) {
        expected = "handed_over";
    }
    const bool is_again = question.at == row.at;
    if (is_again && question.digest != row.digest) expected = "already_signed";
    demand(verdict == expected, "expected " + expected + ", it was " + verdict, choice);
    if (verdict != "signed") return;
    demand(fixtures_.verifies(choice, signature), "does not verify", choice);
    if (!is_again) {
        row = {question.at, question.digest, signature};
    } else if (question.is_block) {
        demand(row.signature == signature, "a second signature of a block", choice);
    }
}

void Explorer::demand(bool kept, const std::string& what, const Choice& last) const {
    if (kept) return;
    std::string message = what + " after";
    for (const Choice& choice : path_) message += " " + text(choice);
    throw Violation(message + " at " + text(last));
}

http::ResponseOrError Explorer::answer(const http::ClientRequest& call) {
    if (is_for_table(call)) return table_.update(call, aws_.clock.wall());
    variant_ = (variant_ + 1) % Fixtures::variants;
    return kms_.sign(test::body_of(call), aws_.clock.wall(), variant_).response;
}

std::string Explorer::scope_of(const Choice& choice) const {
    return fixtures_.scope_name(choice.key, choice.chain, choice.kind);
}

/// To a row below all levels.
void Explorer::reset(const std::string& scope) {
    rows_[scope] = {{first_level - 1, 0x7fffffff}, {}, {}};
    put(scope);
}

/// The row of a scope as it is expected, with all the time in the world.
void Explorer::put(const std::string& scope) {
    const Expected& row = rows_.at(scope);
    const std::size_t space = scope.find(' ');
    Json item = {{"pkh", {{"S", scope.substr(0, space)}}},
                 {"scope", {{"S", scope.substr(space + 1)}}},
                 {"lvl", {{"N", std::to_string(row.at.level)}}},
                 {"rnd", {{"N", std::to_string(row.at.round)}}},
                 {"at", {{"N", "0"}}},
                 {"pace", {{"N", "0"}}}};
    if (world_.until) item["until"] = {{"N", std::to_string(*world_.until)}};
    if (!row.digest.empty()) item["digest"] = {{"B", row.digest}};
    if (!row.digest.empty() && scope.ends_with("block")) item["sig"] = {{"S", row.signature}};
    table_.put(item);
}

}  // namespace redoubt::simulation::tezos
