// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <functional>

#include <fakes/secret_key.hpp>
#include <fakes/table.hpp>

namespace redoubt::test {

using http::TransportFailure;
using tezos::ConsensusKind;
using tezos::Level;
using tezos::Pace;
using tezos::Round;
using tezos::Row;
using namespace std::chrono_literals;

const tezos::ChainId chain({0x7a, 0x06, 0xa7, 0x70});
constexpr tezos::Digest mine = {0x0d};
constexpr tezos::Digest another = {0x0e};

/// A store before a table, and answers that come instead of the table's.
class Store : public ::testing::Test {
protected:
    Store() {
        world.runner.follow([this](const http::ClientRequest& call) {
            if (instead.empty()) return table.answer(call);
            auto answer = instead.front();
            instead.pop_front();
            return answer(call);
        });
    }

    [[nodiscard]] tezos::WatermarkId id(ConsensusKind kind) const {
        return {key.named().hash, chain, kind};
    }
    [[nodiscard]] tezos::SigningPosition position(
        std::uint32_t level, std::uint32_t round,
        ConsensusKind kind = ConsensusKind::Attestation) const {
        return {id(kind), {Level(level), Round(round)}};
    }
    [[nodiscard]] Pace pace_at(std::uint32_t level) const {
        return Pace(std::int64_t{level} * 1000 - unix_ms(world.clock.wall()));
    }
    void put(ConsensusKind kind, const Row& row) {
        const Json item = to_item(id(kind), row);
        table.items[{key.named().address, tezos_adapters::scope_text(id(kind))}] = item;
    }
    /// A row at level 99 whose pace is that of level 100 now, changed by `more`.
    void arm(ConsensusKind kind, Milliseconds more = 0ms) {
        put(kind, {{Level(99), tezos_adapters::highest_round},
                   {},
                   {},
                   0,
                   Pace(pace_at(100).value() + more.count())});
    }
    Row row(ConsensusKind kind = ConsensusKind::Attestation) {
        return tezos_adapters::parse_row(
                   table.items.at({key.named().address, tezos_adapters::scope_text(id(kind))}))
            .value();
    }

    /// What a signature over `digest` meets: "released", its stored text, or a code.
    std::string commit(const tezos::SigningPosition& at, const tezos::Digest& digest = mine,
                       SteadyTime deadline = SteadyTime::max()) {
        auto fresh = tezos::UnreleasedSignature::verified(key.named().public_key, of_digest(digest),
                                                          key.sign(digest))
                         .value();
        const std::string text = unreleased_text(key.named(), fresh);
        const bool is_block = at.watermark.kind == ConsensusKind::Block;
        const auto pending = store.begin(
            {key.named(), at, of_digest(digest), is_block ? std::optional(text) : std::nullopt});
        world.run(pending->exchange(), deadline);
        stats = pending->exchange().stats();
        auto committed = pending->outcome();
        ahead = pending->ahead();
        if (!committed) return std::string(name(committed.error().code));
        const auto signature = release(std::move(*committed), std::move(fresh));
        if (!signature) return std::string(name(signature.error().code));
        return signature->text() == text ? "released" : signature->text();
    }
    [[nodiscard]] std::size_t calls() const { return world.runner.calls.size(); }
    [[nodiscard]] Json call(std::size_t index) const {
        return body_of(world.runner.calls.at(index).call);
    }
    [[nodiscard]] bool sets_pace(std::size_t index) const {
        return call(index)["UpdateExpression"].get<std::string>().find("#pace = :p") !=
               std::string::npos;
    }
    [[nodiscard]] std::int64_t demanded_pace(std::size_t index) const {
        return aws::dynamodb::read_number(call(index)["ExpressionAttributeValues"], ":p").value();
    }
    void answer_instead(const http::ResponseOrError& answer) {
        instead.emplace_back([answer](const http::ClientRequest& /*call*/) { return answer; });
    }
    /// A fault that stays: also when it is asked once more.
    void answer_twice_instead(const http::ResponseOrError& answer) {
        answer_instead(answer);
        answer_instead(answer);
    }
    /// The table does it, but nobody hears of it.
    void lose_the_answer() {
        instead.emplace_back([this](const http::ClientRequest& call) {
            static_cast<void>(table.answer(call));
            return lost(TransportFailure::Connection);
        });
    }
    [[nodiscard]] http::Response refusal(const Json& item) const {
        return aws_error(400, "x#ConditionalCheckFailedException", world.clock.wall(),
                         {{"Item", item}});
    }

    AwsWorld world;
    Table table{world.clock};
    tezos_adapters::DynamoWatermarkStore store{world.dynamodb, "redoubt-watermarks"};
    std::deque<std::function<http::ResponseOrError(const http::ClientRequest&)>> instead;
    const SecretKey key{tezos::SignatureScheme::Secp256k1, {0x31}};
    io::CallStats stats;
    std::optional<Milliseconds> ahead;
};

}  // namespace redoubt::test
