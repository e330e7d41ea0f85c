// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/aws/dynamodb/dynamodb.hpp>
#include <redoubt/aws/service.hpp>
#include <redoubt/http/client.hpp>

namespace redoubt::simulation {

/// A service that speaks DynamoDB's API, e.g. Amazon's DynamoDB Local at `http://127.0.0.1:8000`.
class RemoteTable {
public:
    explicit RemoteTable(const std::string& url);

    /// A call, signed for this endpoint and for today.
    [[nodiscard]] http::ResponseOrError call(std::string_view operation, std::string body);
    /// The answer. Throws std::runtime_error if there is none, or it is not 200.
    Json must_do(std::string_view operation, const Json& body);

private:
    SystemClock clock_;
    aws::CorrectedClock corrected_{clock_};
    aws::Credentials credentials_;
    aws::Service service_;
    http::Client client_;
};

}  // namespace redoubt::simulation
