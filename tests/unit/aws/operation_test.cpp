// SPDX-License-Identifier: Apache-2.0
#include "operation_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Operations, ASuccessIsAReply) {
    answers = {fine()};
    Operation operation = make();
    EXPECT_EQ(run(operation), "done");
    EXPECT_EQ(operation.outcome()->error, "");
    EXPECT_EQ(operation.outcome()->body, (Json{{"ok", 1}}));
    EXPECT_EQ(operation.outcome()->date, now());
    EXPECT_EQ(operation.stats().calls, 1);
}

TEST_F(Operations, ACallIsASignedPostToTheOrigin) {
    answers = {fine()};
    EXPECT_EQ(run_alone(), "done");
    const http::ClientRequest& call = world.runner.calls.front().call;
    EXPECT_EQ(call.method, "POST");
    EXPECT_EQ(call.origin, "https://dynamodb.eu-west-1.amazonaws.com");
    EXPECT_EQ(header_of(call, "Host"), "dynamodb.eu-west-1.amazonaws.com");
    EXPECT_EQ(header_of(call, "X-Amz-Target"), "DynamoDB_20120810.UpdateItem");
    EXPECT_EQ(header_of(call, "Content-Type"), "application/x-amz-json-1.0");
    EXPECT_EQ(header_of(call, "X-Amz-Date"), "20261121T100000Z");
    EXPECT_EQ(header_of(call, "X-Amz-Security-Token"), "TOKEN//b3JpZ2luX2VjEEXAMPLE==");
    const std::string authorization = header_of(call, "Authorization");
    EXPECT_TRUE(authorization.starts_with(
        "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20261121/eu-west-1/dynamodb/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
        "Signature="))
        << authorization;
}

TEST_F(Operations, LongLivedCredentialsHaveNoToken) {
    const aws::Credentials credentials{"AKIAEXAMPLE", Secret("secret"), Secret()};
    aws::Service service(aws::kms::traits(), {"https://kms.eu-west-1.amazonaws.com"}, "eu-west-1",
                         credentials, world.corrected);
    const http::ClientRequest call = service.call("Sign", "{}");
    EXPECT_EQ(header_of(call, "X-Amz-Security-Token"), "");
    EXPECT_EQ(header_of(call, "Authorization").find("x-amz-security-token"), std::string::npos);
}

TEST_F(Operations, ErrorCodesAreJudgedByWhatHelps) {
    enum class Helps { Repeating, FreshCredentials, Nothing };
    struct Row {
        std::string code;
        int status;
        Helps helps;
    };
    const std::vector<Row> rows = {
        // KMS: API reference of Sign, and common errors.
        {"DependencyTimeoutException", 500, Helps::Repeating},
        {"KeyUnavailableException", 500, Helps::Repeating},
        {"KMSInternalException", 500, Helps::Repeating},
        {"ThrottlingException", 400, Helps::Repeating},
        {"ServiceUnavailable", 503, Helps::Repeating},
        {"InternalFailure", 500, Helps::Repeating},
        {"RequestTimeoutException", 408, Helps::Repeating},
        {"NotFoundException", 400, Helps::Nothing},
        {"DisabledException", 400, Helps::Nothing},
        {"InvalidKeyUsageException", 400, Helps::Nothing},
        {"KMSInvalidStateException", 400, Helps::Nothing},
        {"InvalidGrantTokenException", 400, Helps::Nothing},
        {"ValidationException", 400, Helps::Nothing},
        {"IncorrectKeyException", 400, Helps::Nothing},
        {"InvalidCiphertextException", 400, Helps::Nothing},
        {"AccessDeniedException", 403, Helps::Nothing},
        {"ExpiredTokenException", 403, Helps::FreshCredentials},
        {"ExpiredTokenException", 400, Helps::FreshCredentials},
        {"ExpiredToken", 403, Helps::FreshCredentials},
        {"TokenRefreshRequired", 403, Helps::FreshCredentials},
        {"UnrecognizedClientException", 400, Helps::FreshCredentials},
        {"UnrecognizedClientException", 403, Helps::FreshCredentials},
        {"InvalidClientTokenId", 403, Helps::FreshCredentials},
        {"InvalidAccessKeyId", 403, Helps::FreshCredentials},
        {"InvalidToken", 400, Helps::FreshCredentials},
        {"MissingAuthenticationTokenException", 403, Helps::Nothing},
        {"IncompleteSignature", 403, Helps::Nothing},
        // DynamoDB: developer guide, "Error handling".
        {"ProvisionedThroughputExceededException", 400, Helps::Repeating},
        {"RequestLimitExceeded", 400, Helps::Repeating},
        {"ReplicatedWriteConflictException", 400, Helps::Repeating},
        {"ReplicatedWriteConflictException", 409, Helps::Repeating},
        {"TransactionConflictException", 400, Helps::Repeating},
        {"InternalServerError", 500, Helps::Repeating},
        {"ServiceUnavailable", 500, Helps::Repeating},
        {"ConditionalCheckFailedException", 400, Helps::Nothing},
        {"ResourceNotFoundException", 400, Helps::Nothing},
        // Whatever the code, a server's own trouble may pass.
        {"NeverHeardOf", 500, Helps::Repeating},
        {"NeverHeardOf", 503, Helps::Repeating},
        {"NeverHeardOf", 429, Helps::Repeating},
        {"NeverHeardOf", 400, Helps::Nothing},
        {"NeverHeardOf", 403, Helps::Nothing},
        // A clock that is right is not what such an answer is about.
        {"InvalidSignatureException", 400, Helps::Nothing},
        {"SignatureDoesNotMatch", 403, Helps::Nothing},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.code + " " + std::to_string(row.status));
        world.runner.calls.clear();
        const http::Response error = aws_error(row.status, row.code, now());
        switch (row.helps) {
            case Helps::Repeating:
                answers = {error, fine()};
                EXPECT_EQ(run_alone(), "done");
                answers = {error, error, error};
                EXPECT_EQ(run_alone(), "table_unavailable");
                EXPECT_EQ(calls(), 5U);
                break;
            case Helps::FreshCredentials:
                answers = {error, error};
                EXPECT_EQ(run_alone(), "credentials_expired");
                EXPECT_EQ(calls(), 2U);
                break;
            case Helps::Nothing:
                answers = {error, error};
                EXPECT_EQ(run_alone(), "table_refused");
                EXPECT_EQ(calls(), 2U);
                break;
        }
        EXPECT_TRUE(answers.empty());
        answers = {error, fine()};
        EXPECT_EQ(run_alone(), "done") << "once may be a slip";
    }
}

TEST_F(Operations, EachServiceHasItsOwnCodes) {
    answers = {lost(TransportFailure::Timeout), lost(TransportFailure::Timeout),
               lost(TransportFailure::Timeout), aws_error(400, "DisabledException", now()),
               aws_error(400, "DisabledException", now())};
    const auto run_sign = [this] {
        Operation operation(world.kms, "Sign", [] { return std::string("{}"); });
        return run(operation);
    };
    EXPECT_EQ(run_sign(), "kms_unavailable");
    EXPECT_EQ(run_sign(), "kms_refused");
}

TEST_F(Operations, ErrorCodesAreReadInEverySpellingAndPlace) {
    const auto in_header = [this](const std::string& type, const std::string& body) {
        return http::Response{400, {{"date", http_date(now())}, {"x-amzn-errortype", type}}, body};
    };
    for (const std::string type :
         {"ThrottlingException", "com.amazon.coral.service#ThrottlingException",
          "ThrottlingException:http://internal.amazon.com/coral/", "a#ThrottlingException:b"}) {
        for (const http::Response& error :
             {aws_error(400, type, now()), aws_answer(400, {{"code", type}}, now()),
              aws_answer(400, {{"code", type}, {"__type", "Other"}}, now()), in_header(type, ""),
              in_header(type, "{}"), in_header(type, R"({"__type":"Other"})")}) {
            answers = {error, error, error};
            Operation operation = make();
            EXPECT_EQ(run(operation), "table_unavailable") << type << error.body;
            EXPECT_EQ(operation.stats().failures.front(), "ThrottlingException");
            EXPECT_EQ(operation.stats().throttles, 3);
        }
    }
    answers = {in_header("", R"({"__type":"ThrottlingException"})"), fine()};
    EXPECT_EQ(run_alone(), "done");
}

TEST_F(Operations, TheExpectedErrorWithoutItsBodyIsAnAccident) {
    const http::Response cut{400, {{"x-amzn-errortype", "ConditionalCheckFailedException"}}, ""};
    answers = {cut,
               aws_error(400, "ConditionalCheckFailedException", now(), {{"Item", {{"a", 1}}}})};
    Operation operation = make("ConditionalCheckFailedException");
    EXPECT_EQ(run(operation), "done");
    EXPECT_EQ(operation.outcome()->body["Item"]["a"], 1);
}

TEST_F(Operations, ARefusalNamesTheReasonAndKeepsTheServicesWordsForTheLog) {
    for (const std::string member : {"message", "Message"}) {
        const http::Response error =
            aws_answer(400, {{"__type", "x#DisabledException"}, {member, "its words"}}, now());
        answers = {error, error};
        Operation operation = make();
        EXPECT_EQ(run(operation), "table_refused");
        const Error& refusal = operation.outcome().error();
        EXPECT_NE(refusal.message.find("DisabledException"), std::string::npos);
        EXPECT_EQ(refusal.message.find("its words"), std::string::npos);
        EXPECT_EQ(refusal.detail, "its words");
    }
}

/// The token, the key's id, a signed request: in any text of AWS, whatever its code.
TEST_F(Operations, NothingIsKeptOfWordsThatRepeatTheRequestOrItsCredentials) {
    const std::string token(world.credentials.session_token.expose());
    const std::vector<std::string> telltale = {
        "POST\n/\nx-amz-security-token:T",
        "The Canonical String for this request should have been",
        "'AWS4-HMAC-SHA256 Credential=...' is no key=value pair",
        "not found: ASIAEXAMPLE",
        "token " + token + " is not valid",
        token.substr(0, 16),
        token.substr(5, 16),
        token.substr(token.size() - 16),
        "first line\nX-AMZ-DATE: 20261121T100000Z",
        std::string(10'000, 'x')};
    for (const std::string code : {"InvalidSignatureException", "IncompleteSignatureException",
                                   "MissingAuthenticationTokenException", "AccessDeniedException",
                                   "ExpiredTokenException", "NeverHeardOf", ""}) {
        for (const std::string& words : telltale) {
            const http::Response error =
                aws_answer(403,
                           code.empty() ? Json{{"message", words}}
                                        : Json{{"__type", code}, {"message", words}},
                           now());
            answers = {error, error, error};
            Operation operation = make();
            EXPECT_NE(run(operation), "done");
            const Error& refusal = operation.outcome().error();
            EXPECT_EQ(refusal.detail.find(words.substr(0, 16)), std::string::npos)
                << code << ": " << refusal.detail;
            EXPECT_EQ(refusal.message.find(words.substr(0, 16)), std::string::npos);
            answers.clear();
        }
    }
}

TEST_F(Operations, NoCodeIsKeptThatIsNone) {
    for (const std::string code : {"a b", "T/+==", "\xe2\x80\xa8", "{}", "x#ASIAEXAMPLE"}) {
        const http::Response error = aws_error(400, code, now());
        answers = {error, error};
        Operation operation = make();
        EXPECT_EQ(run(operation), "table_refused");
        EXPECT_EQ(operation.stats().failures.front(), "status 400") << code;
    }
}

TEST_F(Operations, OfAServicesWordsTheFirstLineIsKept) {
    for (const auto& [words, size] : {std::pair(std::string("first\nsecond"), std::size_t{5}),
                                      std::pair(std::string(999, 'x'), std::size_t{300})}) {
        const http::Response error =
            aws_error(400, "ValidationException", now(), {{"message", words}});
        answers = {error, error};
        Operation operation = make();
        EXPECT_EQ(run(operation), "table_refused");
        EXPECT_EQ(operation.outcome().error().detail.size(), size);
    }
}

TEST_F(Operations, TheExpectedErrorIsAReply) {
    answers = {aws_error(400, "x#ConditionalCheckFailedException", now(), {{"Item", {{"a", 1}}}})};
    Operation operation = make("ConditionalCheckFailedException");
    EXPECT_EQ(run(operation), "done");
    EXPECT_EQ(operation.outcome()->error, "ConditionalCheckFailedException");
    EXPECT_EQ(operation.outcome()->body["Item"]["a"], 1);
    EXPECT_EQ(calls(), 1U);
}

}  // namespace
}  // namespace redoubt::test
