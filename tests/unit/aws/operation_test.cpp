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
    EXPECT_EQ(header_of(call, "X-Amz-Security-Token"), "TOKEN//EXAMPLE==");
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
        {"UnrecognizedClientException", 403, Helps::Nothing},
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
                answers = {error};
                EXPECT_EQ(run_alone(), "credentials_expired");
                EXPECT_EQ(calls(), 1U);
                break;
            case Helps::Nothing:
                answers = {error};
                EXPECT_EQ(run_alone(), "table_refused");
                EXPECT_EQ(calls(), 1U);
                break;
        }
        EXPECT_TRUE(answers.empty());
    }
}

TEST_F(Operations, EachServiceHasItsOwnCodes) {
    answers = {lost(TransportFailure::Timeout), lost(TransportFailure::Timeout),
               lost(TransportFailure::Timeout), aws_error(400, "DisabledException", now())};
    const auto run_sign = [this] {
        Operation operation(world.kms, "Sign", [] { return std::string("{}"); });
        return run(operation);
    };
    EXPECT_EQ(run_sign(), "kms_unavailable");
    EXPECT_EQ(run_sign(), "kms_refused");
}

TEST_F(Operations, ErrorCodesAreReadInEverySpelling) {
    for (const std::string type :
         {"ThrottlingException", "com.amazon.coral.service#ThrottlingException",
          "ThrottlingException:http://internal.amazon.com/coral/", "a#ThrottlingException:b"}) {
        answers = {aws_error(400, type, now()), fine()};
        EXPECT_EQ(run_alone(), "done") << type;
    }
}

TEST_F(Operations, ARefusalNamesTheReasonAndKeepsTheServicesWordsForTheLog) {
    for (const std::string member : {"message", "Message"}) {
        answers = {
            aws_answer(400, {{"__type", "x#DisabledException"}, {member, "its words"}}, now())};
        Operation operation = make();
        EXPECT_EQ(run(operation), "table_refused");
        const Error& error = operation.outcome().error();
        EXPECT_NE(error.message.find("DisabledException"), std::string::npos);
        EXPECT_EQ(error.message.find("its words"), std::string::npos);
        EXPECT_EQ(error.detail, "its words");
    }
}

TEST_F(Operations, OfAWrongSignatureNothingIsKeptOfWhatTheServiceReadsBack) {
    for (const std::string code :
         {"InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature"}) {
        answers = {aws_error(403, code, now(), {{"message", "POST\n/\nx-amz-security-token:T"}})};
        Operation operation(world.dynamodb, "UpdateItem", [] { return std::string("{}"); });
        EXPECT_EQ(run(operation), "table_refused");
        EXPECT_EQ(operation.outcome().error().detail, "") << code;
    }
}

TEST_F(Operations, OfAServicesWordsTheFirstLineIsKept) {
    answers = {aws_error(400, "ValidationException", now(), {{"message", "first\nsecond"}}),
               aws_error(400, "ValidationException", now(), {{"message", std::string(999, 'x')}})};
    for (const std::size_t size : {std::size_t{5}, std::size_t{300}}) {
        Operation operation(world.dynamodb, "UpdateItem", [] { return std::string("{}"); });
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
