// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <fakes/aws_world.hpp>
#include <fakes/sealing_kms.hpp>
#include <redoubt/adapters/ethereum/dynamo_validator_store.hpp>
#include <redoubt/operator/ethereum/commands.hpp>
#include <standins/dynamodb.hpp>

#include "rules.hpp"
#include "second_table.hpp"

namespace redoubt::simulation::ethereum {

/// One validator's table, two environments of its signer, and its operator: the code that is
/// shipped, on a table that does what expressions say.
class SmallWorld {
public:
    /// Each write has to come to the same in `second`, too, if there is one, which outlives this.
    explicit SmallWorld(SecondTable* second = nullptr);

    void set(const Row& row);
    [[nodiscard]] Row row();

    /// Whether an environment, 0 or 1, has that approved.
    [[nodiscard]] bool commit(unsigned environment, const Message& message);

    /// What an import came to. With `between`, which an environment has approved or not between the
    /// import's look at the table and its first write; nothing if it writes nothing.
    struct Imported {
        bool is_done = false;
        std::optional<bool> between;
    };
    [[nodiscard]] Imported import(const Marks& marks, const std::optional<Message>& between = {});
    /// Whether it is done.
    [[nodiscard]] bool switch_to(bool is_on);

private:
    struct Environment {
        Environment(SmallWorld& world, aws::kms::Regions& regions);

        ethereum_adapters::ValidatorCache cache;
        ethereum_adapters::OpenedWraps wraps;
        ethereum_adapters::DynamoValidatorStore store;
    };

    [[nodiscard]] http::ResponseOrError answer(const http::ClientRequest& call);
    /// The stand-in's answer, whatever its status.
    struct Told {
        int status = 200;
        std::string type = {};
        Json body = {};
    };
    [[nodiscard]] Told tell(const std::string& operation, const Json& call);
    [[nodiscard]] Json item();
    [[nodiscard]] bool ask(const Json& command);

    const std::string table_ = "validators";
    SecondTable* second_;
    redoubt::ethereum::Network network_;
    test::AwsWorld aws_;
    standins::DynamoDb dynamodb_;
    aws::kms::Regions regions_;
    std::vector<aws::KeyArn> wrapping_keys_;
    std::unique_ptr<Environment> environments_[2];
    std::optional<Message> between_;  // to be asked before the next write
    std::optional<bool> was_approved_;
};

}  // namespace redoubt::simulation::ethereum
