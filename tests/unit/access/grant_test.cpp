// SPDX-License-Identifier: Apache-2.0
#include <redoubt/access/grant.hpp>

#include <gtest/gtest.h>

namespace redoubt::test {
namespace {

using access::Carrier;
using access::RoleArn;

const access::TokenId granted_id = access::TokenId::parse("00112233445566ff").value();
constexpr std::int64_t last_second = 1'800'000'000;

WallTime at_ms(std::int64_t ms) { return WallTime(Milliseconds(ms)); }
const WallTime in_time = at_ms(last_second * 1000 - 1);

access::Token stored_token(bool is_for_path = false) {
    access::Token token{granted_id, {}, is_for_path, {}};
    token.hash.fill(7);
    token.grant = {.ops = {"validator"}, .keys = access::TaggedKeys{{"a"}}, .label = "beacon"};
    return token;
}

access::PresentedToken presented_token(Carrier carrier = Carrier::Header) {
    access::PresentedToken token{granted_id, {}, carrier};
    token.hash.fill(7);
    return token;
}

Error refusal_of(const access::Token* found, const access::PresentedToken& token,
                 WallTime time = in_time) {
    const auto caller = access::admit(found, token, time);
    return caller ? Error{Code::Internal, "was let in"} : caller.error();
}

TEST(Admission, GivesWhatWasGrantedAndNothingElse) {
    const access::Token token = stored_token();
    const auto caller = access::admit(&token, presented_token(), in_time);
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->name(), "token 00112233445566ff");
    EXPECT_TRUE(caller->may(access::Right::Attestation));
    EXPECT_FALSE(caller->may(access::Right::VoluntaryExit));
    EXPECT_FALSE(caller->may(access::Right::Deposit));
    EXPECT_EQ(caller->may_use("0x00")->any_of, std::set<std::string>{"a"});
    EXPECT_TRUE(std::holds_alternative<access::TaggedKeys>(caller->keys()));
}

TEST(Admission, AnyOtherBitOfTheSecretIsRefusedAsIfThereWereNoToken) {
    const access::Token token = stored_token();
    const Error unknown = refusal_of(nullptr, presented_token());
    EXPECT_EQ(unknown.code, Code::TokenInvalid);
    for (std::size_t byte = 0; byte < 32; ++byte) {
        for (int bit = 0; bit < 8; ++bit) {
            access::PresentedToken wrong = presented_token();
            wrong.hash.at(byte) ^= static_cast<Byte>(1U << static_cast<unsigned>(bit));
            const Error error = refusal_of(&token, wrong);
            EXPECT_EQ(error.code, Code::TokenInvalid);
            EXPECT_EQ(error.message, unknown.message);
            EXPECT_NE(error.detail, unknown.detail) << "which only the log tells";
        }
    }
}

TEST(Admission, AnotherTokensItemIsNone) {
    access::PresentedToken other = presented_token();
    other.id = access::TokenId::parse("00112233445566fe").value();
    const access::Token token = stored_token();
    EXPECT_EQ(refusal_of(&token, other).code, Code::TokenInvalid);
}

TEST(Admission, ATokenIsGoodWhereItWasMadeForAndNowhereElse) {
    const access::Token of_headers = stored_token(false);
    const access::Token of_paths = stored_token(true);
    EXPECT_TRUE(access::admit(&of_headers, presented_token(Carrier::Header), in_time));
    EXPECT_TRUE(access::admit(&of_paths, presented_token(Carrier::Path), in_time));
    EXPECT_EQ(refusal_of(&of_headers, presented_token(Carrier::Path)).code, Code::TokenInvalid);
    EXPECT_EQ(refusal_of(&of_paths, presented_token(Carrier::Header)).code, Code::TokenInvalid);
}

TEST(Admission, EndsWithItsLastSecond) {
    access::Token token = stored_token();
    token.grant.not_after = last_second;
    EXPECT_TRUE(access::admit(&token, presented_token(), at_ms(last_second * 1000)));
    const Error over = refusal_of(&token, presented_token(), at_ms(last_second * 1000 + 1));
    EXPECT_EQ(over.code, Code::TokenInvalid);
    EXPECT_TRUE(over.message.contains("time is over")) << over.message;
    access::PresentedToken wrong = presented_token();
    wrong.hash.fill(8);
    EXPECT_EQ(refusal_of(&token, wrong, at_ms(last_second * 1000 + 1)).message,
              refusal_of(nullptr, presented_token()).message)
        << "who does not know the secret is not told that there was one";
    token.grant.not_after.reset();
    EXPECT_TRUE(access::admit(&token, presented_token(), at_ms(last_second * 1'000'00)));
}

TEST(Admission, NoMessageNamesTheTokenAndTheLogNamesItsId) {
    const access::Token token = stored_token();
    access::PresentedToken wrong = presented_token();
    wrong.hash.fill(8);
    const Error error = refusal_of(&token, wrong);
    EXPECT_FALSE(error.message.contains(granted_id.text()));
    EXPECT_TRUE(error.detail.contains(granted_id.text()));
}

constexpr const char* some_role = "arn:aws:iam::111122223333:role/validators";

TEST(Admission, OfARoleIsByItsItem) {
    const RoleArn arn = RoleArn::parse(some_role).value();
    access::Principal principal{arn, {.ops = {"read"}, .keys = access::AllKeys{}}};
    const auto caller = access::admit(&principal, arn, in_time);
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->name(), some_role);
    EXPECT_TRUE(caller->may(access::Right::PublicKeys));
    EXPECT_FALSE(caller->may(access::Right::Block));

    const RoleArn other = RoleArn::parse(std::string(some_role) + "2").value();
    principal.grant.not_after = last_second;
    EXPECT_TRUE(access::admit(&principal, arn, at_ms(last_second * 1000)));
    for (const auto& refused :
         {access::admit(nullptr, arn, in_time), access::admit(&principal, other, in_time),
          access::admit(&principal, arn, at_ms(last_second * 1000 + 1))}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Code::NotPermitted);
    }
}

TEST(RoleArn, OfASessionIsItsRoles) {
    const std::map<std::string, std::string> same = {
        {some_role, some_role},
        {"arn:aws:iam::111122223333:role/a/path/validators", some_role},
        {"arn:aws:sts::111122223333:assumed-role/validators/i-0123456789", some_role},
        {"arn:aws:sts::111122223333:assumed-role/validators/a@b=c,d.e+f_g-h", some_role},
        {"arn:aws-cn:sts::111122223333:assumed-role/v/s", "arn:aws-cn:iam::111122223333:role/v"},
        {"arn:aws-us-gov:iam::111122223333:role/v", "arn:aws-us-gov:iam::111122223333:role/v"}};
    for (const auto& [given, expected] : same) {
        const auto arn = RoleArn::parse(given);
        ASSERT_TRUE(arn) << given;
        EXPECT_EQ(arn->text(), expected);
    }
}

TEST(RoleArn, OfAnybodyElseIsNone) {
    for (const std::string& text : std::vector<std::string>{
             "",
             "arn",
             "validators",
             "arn:aws:iam::111122223333:user/validators",
             "arn:aws:iam::111122223333:root",
             "arn:aws:sts::111122223333:federated-user/validators",
             "arn:aws:sts::111122223333:assumed-role/validators",
             "arn:aws:sts::111122223333:assumed-role/validators/",
             "arn:aws:sts::111122223333:assumed-role//session",
             "arn:aws:sts::111122223333:assumed-role/validators/a/b",
             "arn:aws:sts::111122223333:role/validators",
             "arn:aws:iam::111122223333:assumed-role/validators/session",
             "arn:aws:iam::111122223333:role/",
             "arn:aws:iam::111122223333:role/a/",
             "arn:aws:iam::111122223333:role/*",
             "arn:aws:iam::111122223333:role/a b",
             "arn:aws:iam::111122223333:role/a:b",
             "arn:aws:iam::111122223333:roles/a",
             "arn:aws:iam::11112222333:role/a",
             "arn:aws:iam::1111222233334:role/a",
             "arn:aws:iam::11112222333x:role/a",
             "arn:aws:iam:eu-west-1:111122223333:role/a",
             "arn:other:iam::111122223333:role/a",
             "ARN:aws:iam::111122223333:role/a",
             " arn:aws:iam::111122223333:role/a",
             "arn:aws:iam::111122223333:role/" + std::string(65, 'a'),
             "arn:aws:iam::111122223333:role/" + std::string(700, '/') + "a"}) {
        EXPECT_FALSE(RoleArn::parse(text)) << text;
    }
}

}  // namespace
}  // namespace redoubt::test
