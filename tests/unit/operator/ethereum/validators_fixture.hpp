// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/adapters/sealed/unsealing.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/operator/ethereum/recovery.hpp>
#include <redoubt/sealed/envelope.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fakes/aws_world.hpp>
#include <fakes/sealing_kms.hpp>
#include <standins/aws_exception.hpp>
#include <standins/dynamodb.hpp>

namespace redoubt::test {

/// Ethereum's operator function, its table and its KMS keys.
class ValidatorsOperator : public ::testing::Test {
protected:
    static constexpr const char* table_name = "redoubt-validators";
    static constexpr const char* recipient =
        "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    static constexpr const char* address = "0x00000000219ab540356cBB839Cbe05303d7705Fa";

    ValidatorsOperator() {
        use_wrapping_keys(1);
        empty_table();
        world.runner.follow([this](const http::ClientRequest& call) { return answer(call); });
    }

    void empty_table() {
        dynamodb = std::make_unique<standins::DynamoDb>();
        standins::create_validators(*dynamodb, table_name);
        put(Json::parse(to_item(ethereum_adapters::TableNetwork{
                                    network.genesis_validators_root, table_name, {}})
                            .text()));
    }
    /// As if a backup had been restored: under another name.
    void become_a_copy() const { name_table("redoubt-validators-before"); }
    void be_the_table() const { name_table(table_name); }
    void name_table(const std::string& name) const {
        Json other = item("network");
        other["table"] = {{"S", name}};
        put(other);
    }
    void use_wrapping_keys(unsigned count) {
        sealing.wrapping_keys.clear();
        for (unsigned i = 1; i <= count; ++i) {
            sealing.wrapping_keys.push_back(aws::parse_key_arn(wrapping_arn(i)).value());
        }
    }
    static std::string wrapping_arn(unsigned number) {
        return "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-00000000000" +
               std::to_string(number);
    }

    Json ask(const Json& command) {
        return run(command,
                   [](const auto& context) { return ethereum_operator::commands(context); });
    }
    Json recover(const Json& command) {
        return run(command, [](const auto& context) {
            return ethereum_operator::recovery_commands(context);
        });
    }
    template <class Commands>
    Json run(const Json& command, const Commands& commands,
             SteadyTime deadline = SteadyTime::max()) {
        const ethereum_operator::Context context{.version = "1.2.3",
                                                 .table = table_name,
                                                 .network = network,
                                                 .kms = world.kms,
                                                 .wrapping_kms = regions,
                                                 .dynamodb = world.dynamodb,
                                                 .runner = world.runner,
                                                 .sealing = sealing,
                                                 .paging = paging,
                                                 .threshold = threshold};
        const Json fields = parse_json(dump(command)).value();
        auto result = operators::CommandTable(commands(context))
                          .run(fields.at("command").get<std::string>(), fields, deadline);
        const Json answer = operators::to_answer(std::move(result)).at("redoubt");
        told += dump(answer);
        return answer;
    }
    static Json creation(const std::string& batch, int count) {
        return {{"command", "create_keys"}, {"batch", batch},      {"count", count},
                {"address", address},       {"credentials", "01"}, {"amount", 32'000'000'000}};
    }
    Json create(const std::string& batch, int count, const Json& more = Json::object()) {
        Json command = creation(batch, count);
        command.update(more);
        return ask(command);
    }
    /// In a function that has only so long.
    Json create_by(const std::string& batch, int count, Milliseconds time) {
        return ask_by(creation(batch, count), time);
    }
    Json ask_by(const Json& command, Milliseconds time) {
        return run(
            command, [](const auto& context) { return ethereum_operator::commands(context); },
            world.clock.steady() + time);
    }
    /// A command about the keys of an answer.
    Json about(const Json& answer, const std::string& command, Json more = Json::object()) {
        more["command"] = command;
        more["keys"] = Json::array();
        for (const Json& key : answer.at("keys")) more["keys"].push_back(key.at("public_key"));
        return ask(more);
    }

    static std::string code(const Json& answer) {
        return answer.at("ok") ? "ok" : answer.at("error").at("id").get<std::string>();
    }
    static std::string message(const Json& answer) {
        return answer.at("ok") ? "" : answer.at("error").at("msg").get<std::string>();
    }

    /// What the table has whose name begins so.
    [[nodiscard]] std::vector<Json> items(const std::string& prefix) const {
        std::vector<Json> found;
        const Json all = dynamodb->operate("Scan", {{"TableName", table_name}}).at("Items");
        for (const Json& item : all) {
            if (item.at("id").at("S").get<std::string>().starts_with(prefix)) found.push_back(item);
        }
        return found;
    }
    [[nodiscard]] Json item(const std::string& id) const {
        return dynamodb
            ->operate("GetItem", {{"TableName", table_name}, {"Key", {{"id", {{"S", id}}}}}})
            .value("Item", Json());
    }
    void put(const Json& item) const {
        static_cast<void>(
            dynamodb->operate("PutItem", {{"TableName", table_name}, {"Item", item}}));
    }
    void take_away(const std::string& id) const {
        static_cast<void>(dynamodb->operate(
            "DeleteItem", {{"TableName", table_name}, {"Key", {{"id", {{"S", id}}}}}}));
    }

    /// What a signer makes of a key: its secret.
    std::optional<crypto::bls::SecretKey> open(const std::string& public_key) {
        const auto validator = ethereum_adapters::parse_validator(item(public_key));
        if (!validator || !validator->sealed) return std::nullopt;
        const sealed::WrapId& id = validator->sealed->wrap;
        const std::string table = table_name;
        const auto wraps = sealed_adapters::open_wraps(
            {world.dynamodb, table, regions, sealing.wrapping_keys, world.runner},
            ethereum_adapters::wrap_layout, {id}, {}, SteadyTime::max());
        const auto& wrap = wraps.at(id.text());
        if (!wrap) return std::nullopt;
        const auto secret = sealed::unseal(wrap->key, id, ethereum_adapters::ethereum_purpose,
                                           validator->key.bytes, validator->sealed->bytes);
        if (!secret) return std::nullopt;
        return crypto::bls::SecretKey::parse(secret->view());
    }

    static std::string operation_of(const http::ClientRequest& call) {
        const std::string target = header_of(call, "X-Amz-Target");
        return target.substr(target.find('.') + 1);
    }
    static bool is_write(const http::ClientRequest& call) {
        const std::string operation = operation_of(call);
        return operation == "TransactWriteItems" || operation == "UpdateItem" ||
               operation == "PutItem";
    }
    [[nodiscard]] std::size_t count_calls(const std::string& operation) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            world.runner.calls,
            [&](const auto& made) { return operation_of(made.call) == operation; }));
    }

    http::ResponseOrError answer(const http::ClientRequest& call) {
        if (interrupt) {
            if (auto instead = interrupt(call)) return *instead;
        }
        return SealingKms::is_for(call) ? kms.answer(call) : carry_out(call);
    }
    http::ResponseOrError carry_out(const http::ClientRequest& call) {
        try {
            return aws_answer(200, dynamodb->operate(operation_of(call), body_of(call)),
                              world.clock.wall());
        } catch (const standins::AwsException& refusal) {
            return aws_error(refusal.status, "com.amazonaws.dynamodb.v20120810#" + refusal.type,
                             world.clock.wall(), refusal.more);
        }
    }

    AwsWorld world;
    std::unique_ptr<standins::DynamoDb> dynamodb;
    SealingKms kms{world.clock};
    aws::kms::Regions regions{world.kms, "eu-west-1", {}, world.credentials, world.corrected};
    sealed_operator::Sealing sealing{.wrapping_keys = {},
                                     .backup_recipients = std::vector<backup::Recipient>()};
    unsigned threshold = 1;
    ethereum_operator::Paging paging;
    ethereum::Network network = ethereum::find_network("hoodi").value();
    /// Asked before each call is answered; what it answers counts.
    std::function<std::optional<http::ResponseOrError>(const http::ClientRequest&)> interrupt;
    /// All answers that were given, as text.
    std::string told;
};

}  // namespace redoubt::test
