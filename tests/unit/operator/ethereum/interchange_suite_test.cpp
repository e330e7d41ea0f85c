// SPDX-License-Identifier: Apache-2.0
// What others say of imports and of the rule, by the commands and the store that are used.
#include <redoubt/adapters/ethereum/dynamo_validator_store.hpp>

#include <array>

#include "../../vectors/ethereum_vectors.hpp"
#include "validators_fixture.hpp"

namespace redoubt::test {
namespace {

using ethereum::AttestationDuty;
using ethereum::BlockDuty;
using ethereum::Epoch;
using ethereum::PublicKey;
using ethereum::Root;
using ethereum::Slot;
using ethereum_adapters::Validator;

/// A signer, and the operator of its table.
class SignerOfTheSuite : public ValidatorsOperator {
protected:
    /// A key as it was made: armed, and on.
    void make(const PublicKey& key, const Validator& as = {}) {
        Validator row = as;
        row.key = key;
        row.is_on = true;
        row.sealed = {Bytes(61, 1), sealed::WrapId()};
        put(parse_json(to_item(row).text()).value());
    }
    /// The code of a refusal, or "sign". As the use case has it: the order is looked at first.
    std::string commit(const PublicKey& key, const ethereum::SlashableDuty& duty,
                       const Root& root) {
        const auto* vote = std::get_if<AttestationDuty>(&duty);
        if (vote != nullptr) {
            if (const auto error = refuse_backwards(*vote)) return std::string(name(error->code));
        }
        const Epoch epoch =
            vote != nullptr ? vote->target : epoch_of(network, std::get<BlockDuty>(duty).slot);
        const auto pending = store->begin({key, duty, root, epoch, {}});
        const std::array<io::Exchange*, 1> exchanges = {&pending->exchange()};
        world.runner.run(exchanges, SteadyTime::max());
        const auto committed = pending->outcome();
        return committed ? "sign" : std::string(name(committed.error().code));
    }
    static std::uint64_t number(const Json& attempt, const char* name) {
        return ethereum::parse_number(attempt.at(name).get<std::string>()).value();
    }
    static ethereum::SlashableDuty duty_of(const Json& attempt) {
        if (attempt.contains("slot")) return BlockDuty{Slot(number(attempt, "slot"))};
        return AttestationDuty{
            {}, Epoch(number(attempt, "source_epoch")), Epoch(number(attempt, "target_epoch"))};
    }
    static Root root_of(const Json& root) {
        return ethereum::parse_prefixed_hex<32>(root.get<std::string>()).value();
    }
    std::string attempt(const PublicKey& key, const Json& what) {
        return commit(key, duty_of(what), root_of(what.at("signing_root")));
    }
    void begin_signer() {
        cache = std::make_unique<ethereum_adapters::ValidatorCache>();
        wraps = std::make_unique<ethereum_adapters::OpenedWraps>(
            sealed_adapters::SealedSources{world.dynamodb, table, regions, sealing.wrapping_keys,
                                           world.runner},
            [](const sealed_adapters::Opening&) {});
        store = std::make_unique<ethereum_adapters::DynamoValidatorStore>(
            ethereum_adapters::DynamoValidatorStore::Place{world.dynamodb, world.runner, table,
                                                           network},
            *cache, *wraps);
    }

    const std::string table = table_name;
    std::unique_ptr<ethereum_adapters::ValidatorCache> cache;
    std::unique_ptr<ethereum_adapters::OpenedWraps> wraps;
    std::unique_ptr<ethereum_adapters::DynamoValidatorStore> store;
};

class Suite3076 : public SignerOfTheSuite {
protected:
    /// All keys that a file names.
    static std::set<std::string> keys_of(const Json& file) {
        std::set<std::string> keys;
        for (const Json& step : file.at("steps")) {
            for (const Json& key : step.at("interchange").at("data")) keys.insert(key.at("pubkey"));
            for (const char* list : {"blocks", "attestations"}) {
                for (const Json& attempt : step.at(list)) keys.insert(attempt.at("pubkey"));
            }
        }
        return keys;
    }
    void take_up(const Json& file) {
        network.genesis_validators_root = root_of(file.at("genesis_validators_root"));
        empty_table();
        begin_signer();
        for (const std::string& key : keys_of(file)) make(PublicKey::parse(key).value());
    }
    std::string import_step(const Json& step) {
        return code(ask({{"command", "import_interchange"}, {"data", step.at("interchange")}}));
    }
};

TEST_F(Suite3076, EachFileDecidesAsItSaysThroughTheCommandAndTheStore) {
    std::size_t attempts = 0;
    for (const Json& file : ethereum_vectors("interchange").at("tests")) {
        SCOPED_TRACE(file.at("name").get<std::string>());
        take_up(file);
        for (const Json& step : file.at("steps")) {
            const bool is_taken = step.at("should_succeed");
            if (!step.at("interchange").at("data").empty()) {
                EXPECT_EQ(import_step(step), is_taken ? "ok" : "wrong_network");
            }
            for (const char* list : {"blocks", "attestations"}) {
                for (const Json& what : step.at(list)) {
                    const auto key = PublicKey::parse(what.at("pubkey").get<std::string>());
                    EXPECT_EQ(attempt(*key, what) == "sign", what.at("should_succeed")) << what;
                    ++attempts;
                }
            }
        }
    }
    EXPECT_EQ(attempts, 150U);
}

class RuleInTheStore : public SignerOfTheSuite {
protected:
    /// The row of a sequence, with what is not in it at zero.
    static Validator row_of(const Json& row) {
        Validator out;
        std::optional<Root> root;
        if (!row.at("root").is_null()) root = root_of(row.at("root"));
        if (row.contains("slot")) {
            out.slot = Slot(number(row, "slot"));
            out.block_root = root;
        } else {
            out.source = Epoch(number(row, "source"));
            out.target = Epoch(number(row, "target"));
            out.attestation_root = root;
        }
        return out;
    }
    /// Whether the table has what a sequence says.
    bool has(const PublicKey& key, const Json& row) const {
        const Json found = item(key.text());
        if (row.is_null()) return found.is_null();
        const Validator is = ethereum_adapters::parse_validator(found).value();
        const Validator expected = row_of(row);
        return is.slot == expected.slot && is.source == expected.source &&
               is.target == expected.target && is.block_root == expected.block_root &&
               is.attestation_root == expected.attestation_root;
    }
};

TEST_F(RuleInTheStore, EachRowDecidesAsItSays) {
    begin_signer();
    PublicKey key;
    std::size_t steps = 0;
    for (const Json& sequence : ethereum_vectors("minimal-rule").at("sequences")) {
        key.bytes[0] = static_cast<Byte>(key.bytes[0] + 1);
        const Json& row = sequence.at("row");
        if (!row.is_null()) make(key, row_of(row));
        for (const Json& step : sequence.at("steps")) {
            const std::string decision = step.at("decision");
            EXPECT_EQ(attempt(key, step) == "sign", decision != "refuse") << step;
            EXPECT_TRUE(has(key, step.at("row_after"))) << step << item(key.text());
            ++steps;
        }
    }
    EXPECT_EQ(steps, 826U);
}

}  // namespace
}  // namespace redoubt::test
