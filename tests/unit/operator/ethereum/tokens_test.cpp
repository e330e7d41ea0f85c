// SPDX-License-Identifier: Apache-2.0
#include <redoubt/access/token.hpp>
#include <redoubt/adapters/ethereum/callers.hpp>

#include "validators_fixture.hpp"

namespace redoubt::test {
namespace {

class Tokens : public ValidatorsOperator {
protected:
    static constexpr const char* role = "arn:aws:iam::111122223333:role/validators";

    std::int64_t seconds_from_now(std::int64_t seconds) {
        return unix_ms(world.clock.wall()) / 1000 + seconds;
    }
    Json give(const Json& more) {
        Json command = {{"command", "create_token"}};
        command.update(more);
        return ask(command);
    }
    Json revoke(const Json& more) {
        Json command = {{"command", "revoke_token"}};
        command.update(more);
        return ask(command);
    }
    Json list() { return ask({{"command", "list_tokens"}}); }
    /// Who is let in by the table as it is now: a signer that has just begun.
    Result<access::Caller> admit(const std::string& path, const std::string& header) {
        const auto presented = access::read_token(path, header);
        if (!presented) return std::unexpected(presented.error());
        const std::string table = table_name;
        ethereum_adapters::Callers callers(world.dynamodb, world.runner, table);
        return callers.admit(presented->token, SteadyTime::max());
    }
    Result<access::Caller> admit(const Json& answer) {
        return admit("/", "Bearer " + answer.at("token").get<std::string>());
    }
    std::size_t writes() const {
        return static_cast<std::size_t>(std::ranges::count_if(
            world.runner.calls, [](const auto& made) { return is_write(made.call); }));
    }
};

TEST_F(Tokens, OneThatIsMadeLetsItsOwnerIn) {
    const Json answer = give({{"ops", {"validator"}}, {"all", true}, {"label", "beacon 1"}});
    ASSERT_EQ(code(answer), "ok") << answer;
    const auto caller = admit(answer);
    ASSERT_TRUE(caller) << caller.error().message;
    EXPECT_EQ(caller->name(), "token " + answer.at("id").get<std::string>());
    EXPECT_TRUE(caller->may(access::Right::Block));
    EXPECT_FALSE(caller->may(access::Right::VoluntaryExit));
    EXPECT_TRUE(caller->may_use("0x00"));
    EXPECT_EQ(answer.at("label"), "beacon 1");
    EXPECT_EQ(answer.at("path"), false);
    EXPECT_TRUE(answer.at("not_after").is_null());
}

TEST_F(Tokens, TheTableHasNoSecret) {
    const Json answer = give({{"ops", {"read"}}, {"tags", {"a"}}});
    const std::string token = answer.at("token");
    const std::string secret = token.substr(token.size() - 43);
    ASSERT_EQ(items("token/").size(), 1U);
    EXPECT_FALSE(dump(items("")).contains(secret));
    EXPECT_FALSE(dump(items("")).contains(to_base64(bytes_of(secret)).substr(0, 20)));
    const std::string told_before = told;
    EXPECT_FALSE(dump(list()).contains(secret));
    for (const auto& made : world.runner.calls) EXPECT_FALSE(made.call.body.contains(secret));
}

TEST_F(Tokens, OneForThePathIsGoodThereAlone) {
    const Json answer = give({{"ops", {"validator"}}, {"all", true}, {"path", true}});
    const std::string token = answer.at("token");
    EXPECT_TRUE(admit("/t/" + token + "/upcheck", ""));
    EXPECT_FALSE(admit("/", "Bearer " + token));
    const std::string other = give({{"ops", {"validator"}}, {"all", true}}).at("token");
    EXPECT_FALSE(admit("/t/" + other + "/upcheck", ""));
}

TEST_F(Tokens, OfKeysOrTagsIsForThoseAlone) {
    const Json made = create("a", 2);
    const std::string first = made.at("keys")[0].at("public_key");
    const std::string second = made.at("keys")[1].at("public_key");
    std::string capitals = "0x";
    for (const char c : first.substr(2)) capitals += static_cast<char>(std::toupper(c));
    const Json answer = give({{"ops", {"ATTESTATION"}}, {"keys", {capitals}}});
    ASSERT_EQ(code(answer), "ok") << answer;
    EXPECT_EQ(answer.at("keys"), Json::array({first}));
    EXPECT_TRUE(admit(answer)->may_use(first));
    EXPECT_FALSE(admit(answer)->may_use(second));
    const Json tagged = give({{"ops", {"ATTESTATION"}}, {"tags", {"b", "a"}}});
    EXPECT_EQ(admit(tagged)->may_use(second)->any_of, (std::set<std::string>{"a", "b"}));
}

TEST_F(Tokens, WhatIsNotARightOrNotAScopeIsRefusedAndChangesNothing) {
    const std::string unknown = "0x" + std::string(96, 'a');
    const Json all = {{"ops", {"validator"}}, {"all", true}};
    const auto with = [&all](const Json& more) {
        Json command = all;
        command.update(more);
        return command;
    };
    std::vector<Json> wrong = {
        {{"all", true}},
        {{"ops", {"validator"}}},
        with({{"ops", Json::array()}}),
        with({{"ops", "validator"}}),
        with({{"ops", {"validator", "validator"}}}),
        with({{"ops", {"validators"}}}),
        with({{"ops", {"validator", "BLOCK"}}}),
        with({{"ops", {"attestation"}}}),
        with({{"ops", {1}}}),
        with({{"all", false}}),
        with({{"all", "true"}}),
        with({{"tags", {"a"}}}),
        with({{"keys", {unknown}}}),
        {{"ops", {"validator"}}, {"keys", Json::array()}},
        {{"ops", {"validator"}}, {"keys", {"0x"}}},
        {{"ops", {"validator"}}, {"tags", Json::array()}},
        {{"ops", {"validator"}}, {"tags", {"a b"}}},
        with({{"not_after", seconds_from_now(-1)}}),
        with({{"not_after", "1"}}),
        with({{"not_after", 253402300800}}),
        with({{"not_after", -1}}),
        with({{"not_after", nullptr}}),
        with({{"path", 1}}),
        with({{"label", ""}}),
        with({{"label", std::string(65, 'a')}}),
        with({{"label", "a\nb"}}),
        with({{"label", 1}}),
        with({{"id", "0011223344556677"}}),
        with({{"principal", "validators"}}),
        with({{"principal", "arn:aws:iam::111122223333:user/a"}}),
        with({{"principal", role}, {"path", true}}),
    };
    for (const Json& command : wrong) EXPECT_EQ(code(give(command)), "bad_request") << command;
    EXPECT_EQ(code(give({{"ops", {"validator"}}, {"keys", {unknown}}})), "unknown_key");
    EXPECT_EQ(writes(), 0U);
    EXPECT_TRUE(items("token/").empty() && items("principal/").empty());
    const std::string refused = message(give(with({{"ops", {"validator", "exits"}}})));
    EXPECT_TRUE(refused.contains("\"exits\"") && refused.contains("validator, exit, read"))
        << refused;
}

TEST_F(Tokens, WhoMayAskForExitsMayForADay) {
    for (const char* op : {"exit", "VOLUNTARY_EXIT"}) {
        const auto ask_for = [&](const Json& more) {
            Json command = {{"ops", {"validator", op}}, {"all", true}};
            command.update(more);
            return code(give(command));
        };
        EXPECT_EQ(ask_for(Json::object()), "bad_request") << op;
        EXPECT_EQ(ask_for({{"not_after", seconds_from_now(86'401)}}), "bad_request");
        EXPECT_EQ(ask_for({{"principal", role}, {"not_after", seconds_from_now(86'401)}}),
                  "bad_request");
        EXPECT_EQ(ask_for({{"not_after", seconds_from_now(86'400)}}), "ok");
    }
    EXPECT_EQ(
        code(give(
            {{"ops", {"validator"}}, {"all", true}, {"not_after", seconds_from_now(10 * 86'400)}})),
        "ok");
}

TEST_F(Tokens, WhatIsSaidOfAnEndIsTrueWhereItIsTypedAsATimeFromNow) {
    for (const Json& more : {Json::object(), Json{{"not_after", seconds_from_now(86'401)}},
                             Json{{"not_after", seconds_from_now(-1)}}}) {
        Json command = {{"ops", {"exit"}}, {"all", true}};
        command.update(more);
        const std::string refused = message(give(command));
        EXPECT_TRUE(refused.contains("`not_after`") && !refused.contains("seconds")) << refused;
    }
}

TEST_F(Tokens, WhatIsRevokedIsGoneAndTwiceIsNoHarm) {
    const Json answer = give({{"ops", {"validator"}}, {"all", true}});
    const Json kept = give({{"ops", {"validator"}}, {"all", true}});
    ASSERT_TRUE(admit(answer));
    EXPECT_EQ(revoke({{"id", answer.at("id")}}).at("outcome"), "revoked");
    EXPECT_EQ(admit(answer).error().code, Code::TokenInvalid);
    EXPECT_TRUE(admit(kept));
    EXPECT_EQ(revoke({{"id", answer.at("id")}}).at("outcome"), "unchanged");
    for (const Json& more :
         {Json::object(), Json{{"id", 1}}, Json{{"id", "001122334455667"}},
          Json{{"id", "001122334455667F"}}, Json{{"id", answer.at("token")}}, Json{{"id", "../x"}},
          Json{{"id", kept.at("id")}, {"principal", role}}, Json{{"principal", "x"}}}) {
        EXPECT_EQ(code(revoke(more)), "bad_request") << more;
    }
    EXPECT_TRUE(admit(kept));
}

TEST_F(Tokens, ARoleIsGivenRightsUnderItsOwnNameAlone) {
    const Json command = {{"ops", {"validator"}},
                          {"tags", {"a"}},
                          {"principal", "arn:aws:sts::111122223333:assumed-role/validators/x"}};
    const Json answer = give(command);
    ASSERT_EQ(code(answer), "ok") << answer;
    EXPECT_EQ(answer.at("principal"), role);
    EXPECT_FALSE(answer.contains("token"));
    const std::string table = table_name;
    ethereum_adapters::Callers callers(world.dynamodb, world.runner, table);
    EXPECT_TRUE(callers.admit(access::RoleArn::parse(role).value(), SteadyTime::max()));
    EXPECT_EQ(code(give(command)), "ok") << "the same again is the same";
    Json wider = command;
    wider["ops"] = {"validator", "read"};
    EXPECT_EQ(code(give(wider)), "bad_request");
    ASSERT_EQ(items("principal/").size(), 1U);
    EXPECT_EQ(items("principal/")[0].at("ops"), (Json{{"SS", {"validator"}}}));
    EXPECT_EQ(revoke({{"principal", role}}).at("outcome"), "revoked");
    EXPECT_EQ(code(give(wider)), "ok");
}

/// DynamoDB keeps no order in a set.
TEST_F(Tokens, TheSameAgainIsTheSameWhateverTheOrderOfASet) {
    const Json command = {
        {"ops", {"validator", "read"}}, {"tags", {"a", "b"}}, {"principal", role}};
    ASSERT_EQ(code(give(command)), "ok");
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "PutItem") return std::nullopt;
        Json item = items("principal/").at(0);
        for (const char* name : {"ops", "tags"}) {
            std::ranges::reverse(item.at(name).at("SS").get_ref<Json::array_t&>());
        }
        return aws_error(400, std::string(aws::dynamodb::condition_failed), world.clock.wall(),
                         {{"Item", item}});
    };
    EXPECT_EQ(code(give(command)), "ok");
    Json other = command;
    other["tags"] = {"a", "c"};
    EXPECT_EQ(code(give(other)), "bad_request");
}

TEST_F(Tokens, AnAnswerThatIsLostDoesNotMakeATokenTwice) {
    int puts = 0;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "PutItem" || ++puts > 1) return std::nullopt;
        static_cast<void>(carry_out(call));
        return aws_error(500, "InternalServerError", world.clock.wall());
    };
    const Json answer = give({{"ops", {"validator"}}, {"all", true}});
    ASSERT_EQ(code(answer), "ok") << answer;
    EXPECT_EQ(puts, 2);
    EXPECT_EQ(items("token/").size(), 1U);
    EXPECT_TRUE(admit(answer));
}

TEST_F(Tokens, AreListedWithoutSecretsAndHashes) {
    const Json made = create("a", 1);
    const std::string key = made.at("keys")[0].at("public_key");
    const Json one =
        give({{"ops", {"validator"}}, {"keys", {key}}, {"label", "x"}, {"path", true}});
    const Json two = give({{"ops", {"exit"}}, {"all", true}, {"not_after", seconds_from_now(60)}});
    give({{"ops", {"read"}}, {"tags", {"a"}}, {"principal", role}});
    put({{"id", {{"S", "token/0000000000000000"}}}, {"hash", {{"B", "AAAA"}}}});
    world.clock.advance(std::chrono::seconds(61));
    std::map<std::string, Json> found;
    paging = {.keys = 1, .items_of_a_part = 1};
    Json page;
    Json damaged = Json::array();
    do {
        Json command = {{"command", "list_tokens"}};
        if (page.contains("next")) command["after"] = page.at("next");
        page = ask(command);
        ASSERT_EQ(code(page), "ok") << page;
        for (const Json& token : page.at("tokens")) {
            EXPECT_FALSE(token.contains("hash") || token.contains("token"));
            found[token.contains("id") ? token.at("id") : token.at("principal")] = token;
        }
        for (const Json& id : page.at("damaged")) damaged.push_back(id);
    } while (!page.at("next").is_null());
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found.at(one.at("id")), (Json{{"id", one.at("id")},
                                            {"path", true},
                                            {"ops", {"validator"}},
                                            {"keys", {key}},
                                            {"not_after", nullptr},
                                            {"expired", false},
                                            {"label", "x"}}));
    EXPECT_EQ(found.at(two.at("id")).at("expired"), true);
    EXPECT_EQ(found.at(role).at("tags"), Json::array({"a"}));
    EXPECT_EQ(damaged, Json::array({"token/0000000000000000"}));
    EXPECT_EQ(code(ask({{"command", "list_tokens"}, {"after", 1}})), "bad_request");
}

TEST_F(Tokens, ATableOfAnotherNameGivesNone) {
    put(parse_json(
            to_item(ethereum_adapters::TableNetwork{network.genesis_validators_root, "another", {}})
                .text())
            .value());
    EXPECT_EQ(code(give({{"ops", {"validator"}}, {"all", true}})), "wrong_network");
    EXPECT_TRUE(items("token/").empty());
}

}  // namespace
}  // namespace redoubt::test
