// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/adapters/tezos/sealed_keys.hpp>
#include <redoubt/operator/tezos/recovery.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include <fakes/sealing_kms.hpp>
#include <fakes/table.hpp>

namespace redoubt::test {

/// An operator function and a recovery function beside it, their table and their KMS keys.
class SealedOperator : public ::testing::Test {
protected:
    static constexpr const char* table_name = "redoubt-watermarks";
    static constexpr const char* mainnet = "NetXdQprcVkpaWU";
    static constexpr const char* recipient =
        "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    SealedOperator() {
        use_wrapping_keys(1);
        world.runner.follow([this](const http::ClientRequest& call) { return answer(call); });
    }

    static std::string wrapping_arn(unsigned number) {
        return "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-00000000000" +
               std::to_string(number);
    }
    void use_wrapping_keys(unsigned count) {
        sealing.wrapping_keys.clear();
        for (unsigned i = 1; i <= count; ++i) {
            sealing.wrapping_keys.push_back(aws::parse_key_arn(wrapping_arn(i)).value());
        }
    }

    Json ask(const Json& command) {
        return run(command, [](const auto& context) { return tezos_operator::commands(context); });
    }
    Json recover(const Json& command) {
        return run(command,
                   [](const auto& context) { return tezos_operator::recovery_commands(context); });
    }
    Json create(const std::string& batch, int count, const Json& more = Json::object()) {
        Json command = {{"command", "create_key"}, {"batch", batch}, {"count", count}};
        command.update(more);
        return ask(command);
    }

    static std::string code(const Json& answer) {
        return answer.at("ok") ? "ok" : answer.at("error").at("id").get<std::string>();
    }
    static std::string message(const Json& answer) {
        return answer.at("ok") ? "" : answer.at("error").at("msg").get<std::string>();
    }

    /// Items of that kind.
    [[nodiscard]] std::vector<Json> items(const std::string& scope) const {
        std::vector<Json> found;
        for (const auto& [key, item] : table.items) {
            if (key.second == scope) found.push_back(item);
        }
        return found;
    }
    Json& sealed_item(const std::string& pkh) { return table.items.at({pkh, "sealed"}); }
    Json& wrap_item(const std::string& id) { return table.items.at({"wrap/" + id, "wrap"}); }
    /// What a signer makes of the keys of an answer: the secrets, in their order.
    std::vector<Bytes> open(const Json& answer) {
        tezos::Keys keys;
        for (const Json& key : answer.at("keys")) {
            keys.emplace_back(
                tezos::parse_public_key(key.at("public_key").get<std::string>()).value());
        }
        const std::string table_text = table_name;
        tezos_adapters::SealedKeys sealed(
            {world.dynamodb, table_text, regions, sealing.wrapping_keys, world.runner}, keys,
            world.clock, [](const auto&) {});
        sealed.open(SteadyTime::max());
        std::vector<Bytes> secrets;
        for (const tezos::KeyInfo& key : keys) {
            const auto secret = sealed.find(key);
            EXPECT_TRUE(secret) << secret.error().message;
            if (!secret) continue;
            const ByteView bytes = (*secret)->big_endian();
            secrets.emplace_back(bytes.begin(), bytes.end());
        }
        return secrets;
    }
    /// Calls that change the table, each by what it is about: `batch`, `wrap`, `sealed` or a scope.
    [[nodiscard]] std::vector<std::string> writes() const {
        std::vector<std::string> scopes;
        for (const auto& made : world.runner.calls) {
            if (!is_write(made.call)) continue;
            const Json body = body_of(made.call);
            const Json& key = body.contains("Item") ? body.at("Item") : body.at("Key");
            scopes.push_back(*aws::dynamodb::read_text(key, "scope"));
        }
        return scopes;
    }
    static bool is_write(const http::ClientRequest& call) {
        const std::string target = header_of(call, "X-Amz-Target");
        return target.ends_with("PutItem") || target.ends_with("UpdateItem");
    }

    http::ResponseOrError answer(const http::ClientRequest& call) {
        if (interrupt) {
            if (auto instead = interrupt(call)) return *instead;
        }
        return SealingKms::is_for(call) ? kms.answer(call) : table.answer(call);
    }

    AwsWorld world;
    Table table{world.clock};
    SealingKms kms{world.clock};
    aws::kms::Regions regions{world.kms, "eu-west-1", {}, world.credentials, world.corrected};
    tezos_operator::Sealing sealing{.wrapping_keys = {},
                                    .backup_recipients = std::vector<backup::Recipient>()};
    tezos::Keys served;  // SEALED_KEYS
    /// Asked before each call is answered; what it answers counts.
    std::function<std::optional<http::ResponseOrError>(const http::ClientRequest&)> interrupt;
    /// All answers that were given, as text.
    std::string told;

private:
    template <class Commands>
    Json run(const Json& command, const Commands& commands) {
        const tezos_operator::Context context{.version = "1.2.3",
                                              .table = table_name,
                                              .key_arns = {},
                                              .consensus_keys = served,
                                              .authorized_keys = {},
                                              .kms = world.kms,
                                              .wrapping_kms = regions,
                                              .dynamodb = world.dynamodb,
                                              .runner = world.runner,
                                              .sealing = sealing};
        const Json fields = parse_json(dump(command)).value();
        auto result = operators::CommandTable(commands(context))
                          .run(fields.at("command").get<std::string>(), fields, SteadyTime::max());
        if (result.error) told += result.error->detail;
        const Json answer = operators::to_answer(std::move(result)).at("redoubt");
        told += dump(answer);
        return answer;
    }
};

}  // namespace redoubt::test
