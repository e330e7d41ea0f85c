// SPDX-License-Identifier: Apache-2.0
#include "table.hpp"

#include <simulation/engine/remote_table.hpp>

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

class DistantTable final : public Table {
public:
    explicit DistantTable(const std::string& url) : remote_(url) {
        Json key = Json::array(), types = Json::array();
        for (const char* name : {"pkh", "scope"}) {
            key.push_back({{"AttributeName", name}, {"KeyType", key.empty() ? "HASH" : "RANGE"}});
            types.push_back({{"AttributeName", name}, {"AttributeType", "S"}});
        }
        remote_.must_do("CreateTable", {{"TableName", table_name},
                                        {"BillingMode", "PAY_PER_REQUEST"},
                                        {"AttributeDefinitions", types},
                                        {"KeySchema", key}});
    }
    http::ResponseOrError update(const http::ClientRequest& call, WallTime /*now*/) override {
        return remote_.call("UpdateItem", call.body);
    }
    void put(const Json& item) override {
        remote_.must_do("PutItem", {{"TableName", table_name}, {"Item", item}});
    }

private:
    RemoteTable remote_;
};

}  // namespace

std::unique_ptr<Table> memory_table(Fixtures& fixtures) {
    return std::make_unique<MemoryTable>(fixtures);
}

std::unique_ptr<Table> remote_table(const std::string& url) {
    return std::make_unique<DistantTable>(url);
}

}  // namespace redoubt::simulation::tezos
