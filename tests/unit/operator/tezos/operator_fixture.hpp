// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/operator/tezos/commands.hpp>

#include <gtest/gtest.h>

#include <fakes/secret_key.hpp>
#include <fakes/table.hpp>

namespace redoubt::test {

using tezos::SignatureScheme;
using namespace std::chrono_literals;

const std::string mainnet_text = "NetXdQprcVkpaWU";
constexpr ByteArray<4> mainnet_id = {0x7a, 0x06, 0xa7, 0x70};
constexpr std::int64_t highest = 0x7fffffff;

/// An operator of two keys, and the table.
class Operator : public ::testing::Test {
protected:
    Operator() {
        world.runner.follow([this](const http::ClientRequest& call) { return table.answer(call); });
    }

    Json ask(const Json& command) {
        const tezos_operator::Context context{"1.2.3",
                                              "redoubt-watermarks",
                                              {"arn 1", "arn 2"},
                                              {first.named(), second.named()},
                                              {baker.named()},
                                              world.kms,
                                              regions,
                                              world.dynamodb,
                                              world.runner};
        const operators::CommandTable commands(tezos_operator::commands(context));
        // As text, as it comes: JSON knows no signed numbers.
        const Json fields = parse_json(dump(command)).value();
        auto result =
            commands.run(fields.at("command").get<std::string>(), fields, SteadyTime::max());
        const std::optional<Error> error = result.error;
        const Json answer = operators::to_answer(std::move(result)).at("redoubt");
        EXPECT_EQ(answer.at("ok").get<bool>(), !error.has_value());
        if (error) {
            EXPECT_EQ(answer.at("error").at("id"), name(error->code));
        }
        return answer;
    }
    Json arm(std::int64_t level) {
        return ask({{"command", "arm"}, {"chain", mainnet_text}, {"level", level}});
    }
    Json raise(const Json& more) {
        Json command = {{"command", "raise"}, {"chain", mainnet_text}};
        command.update(more);
        return ask(command);
    }
    Json handover(const Json& more) {
        Json command = {{"command", "handover"}, {"chain", mainnet_text}};
        command.update(more);
        return ask(command);
    }
    static bool is_write(const http::ClientRequest& call) {
        return header_of(call, "X-Amz-Target") == "DynamoDB_20120810.UpdateItem";
    }
    static std::string code(const Json& answer) {
        return answer.at("ok") ? "ok" : answer.at("error").at("id").get<std::string>();
    }
    /// Of all rows, in order.
    static std::vector<std::string> outcomes(const Json& answer) {
        std::vector<std::string> out;
        for (const Json& row : answer.at("rows")) out.push_back(row.at("outcome"));
        return out;
    }
    static std::vector<std::string> all(const std::string& outcome) {
        return std::vector<std::string>(6, outcome);
    }
    Json& item(const SecretKey& key, const std::string& kind) {
        return table.items.at({key.named().address, mainnet_text + "/" + kind});
    }
    /// As if the signer had signed there.
    void sign(const SecretKey& key, const std::string& kind, std::int64_t level) {
        Json& row = item(key, kind);
        row["lvl"] = aws::dynamodb::number(level);
        row["rnd"] = aws::dynamodb::number(0);
        row["digest"] = aws::dynamodb::binary(ByteArray<32>{0xdd});
        if (kind == "block") row["sig"] = aws::dynamodb::text("the signature");
    }
    [[nodiscard]] std::int64_t pace(std::int64_t level) const {
        return level * 1000 - unix_ms(world.clock.wall());
    }

    AwsWorld world;
    Table table{world.clock};
    aws::kms::Regions regions{world.kms, "eu-west-1", {}, world.credentials, world.corrected};
    const SecretKey first{SignatureScheme::Ed25519, {0x41}};
    const SecretKey second{SignatureScheme::P256, {0x42}};
    const SecretKey baker{SignatureScheme::Secp256k1, {0x43}};
};

}  // namespace redoubt::test
