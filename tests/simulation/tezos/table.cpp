// SPDX-License-Identifier: Apache-2.0
#include "table.hpp"

#include <stdexcept>

#include <redoubt/aws/dynamodb/dynamodb.hpp>
#include <redoubt/aws/service.hpp>
#include <redoubt/http/client.hpp>

namespace redoubt::simulation::tezos {
namespace {

class MemoryTable final : public Table {
public:
    explicit MemoryTable(Fixtures& fixtures) : cloud_(fixtures) {
        cloud_.wrote = [](const RowName&, const Json&, bool) {};
    }
    http::ResponseOrError update(const http::ClientRequest& call, WallTime now) override {
        return cloud_.update(*parse_json(call.body), now).response;
    }
    void put(const Json& item) override { cloud_.put(0, item); }

private:
    Cloud cloud_;
};

/// A call on its way, alone.
class OneCall final : public http::Exchange {
public:
    explicit OneCall(http::ClientRequest call) : call_(std::move(call)) {}
    std::optional<Next> next() override {
        if (asked_) return std::nullopt;
        asked_ = true;
        return Next{call_, {}};
    }
    void on_response(const http::ResponseOrError& response) override { answer = response; }
    [[nodiscard]] io::CallStats stats() const override { return {}; }

    http::ResponseOrError answer =
        std::unexpected(http::TransportError{http::TransportFailure::Deadline});

private:
    http::ClientRequest call_;
    bool asked_ = false;
};

class RemoteTable final : public Table {
public:
    explicit RemoteTable(const std::string& url)
        : credentials_{"AKIAEXAMPLE", Secret("secret"), Secret("")},
          service_(aws::dynamodb::traits(), {url}, "us-east-1", credentials_, corrected_),
          client_({.trusted_roots = {}, .call_timeout = std::chrono::seconds(10)}, clock_) {
        Json key = Json::array(), types = Json::array();
        for (const char* name : {"pkh", "scope"}) {
            key.push_back({{"AttributeName", name}, {"KeyType", key.empty() ? "HASH" : "RANGE"}});
            types.push_back({{"AttributeName", name}, {"AttributeType", "S"}});
        }
        must_do("CreateTable", {{"TableName", table_name},
                                {"BillingMode", "PAY_PER_REQUEST"},
                                {"AttributeDefinitions", types},
                                {"KeySchema", key}});
    }
    http::ResponseOrError update(const http::ClientRequest& call, WallTime /*now*/) override {
        // Signed afresh for this endpoint and for today.
        return run(service_.call("UpdateItem", call.body));
    }
    void put(const Json& item) override {
        must_do("PutItem", {{"TableName", table_name}, {"Item", item}});
    }

private:
    http::ResponseOrError run(http::ClientRequest call) {
        OneCall alone(std::move(call));
        io::Exchange* const exchange = &alone;
        client_.run({&exchange, 1}, clock_.steady() + std::chrono::seconds(10));
        return alone.answer;
    }
    void must_do(const char* operation, const Json& body) {
        const auto answer = run(service_.call(operation, dump(body)));
        if (!answer || answer->status != 200) {
            throw std::runtime_error(std::string(operation) + ": " +
                                     (answer ? answer->body : answer.error().detail));
        }
    }

    SystemClock clock_;
    aws::CorrectedClock corrected_{clock_};
    aws::Credentials credentials_;
    aws::Service service_;
    http::Client client_;
};

}  // namespace

std::unique_ptr<Table> memory_table(Fixtures& fixtures) {
    return std::make_unique<MemoryTable>(fixtures);
}

std::unique_ptr<Table> remote_table(const std::string& url) {
    return std::make_unique<RemoteTable>(url);
}

}  // namespace redoubt::simulation::tezos
