// SPDX-License-Identifier: Apache-2.0
// What others say, through the real API, store and signer.
#include <algorithm>

#include <redoubt/adapters/ethereum/validator_commit.hpp>
#include <redoubt/base/text.hpp>
#include <redoubt/ethereum/interchange.hpp>
#include <redoubt/sealed/envelope.hpp>

#include "../../vectors/ethereum_vectors.hpp"
#include "signer_fixture.hpp"

namespace redoubt::test {
namespace {

using ethereum::Epoch;
using ethereum::PublicKey;
using ethereum::Root;
using ethereum::Slot;
using ethereum_adapters::Validator;

Epoch epoch_in(const Json& of, const char* name) {
    return Epoch(ethereum::parse_number(of.at(name).get<std::string>()).value());
}
Slot slot_in(const Json& of, const char* name) {
    return Slot(ethereum::parse_number(of.at(name).get<std::string>()).value());
}
std::optional<Root> root_in(const Json& of, const char* name) {
    if (!of.contains(name) || of.at(name).is_null()) return std::nullopt;
    return ethereum::parse_prefixed_hex<32>(of.at(name).get<std::string>()).value();
}

/// Commits through the store alone: roots of vectors are no message's.
class ThroughTheStore : public ValidatorSigner {
protected:
    /// Whether it is committed.
    bool commit(const PublicKey& key, const ethereum::SlashableDuty& duty, const Root& root) {
        const auto* vote = std::get_if<ethereum::AttestationDuty>(&duty);
        if (vote != nullptr && refuse_backwards(*vote)) return false;
        const auto pending = environment->store.begin(
            {key, duty, root, vote == nullptr ? Epoch() : vote->target, {}});
        world.run(pending->exchange());
        return pending->outcome().has_value();
    }
    void put(const Validator& validator) const {
        ValidatorsOperator::put(Json::parse(to_item(validator).text()));
    }
    [[nodiscard]] std::optional<Validator> validator(const PublicKey& key) const {
        return ethereum_adapters::parse_validator(item(key.text()));
    }
};

class MinimalRuleInTheTable : public ThroughTheStore {
protected:
    static Validator row_of(const Json& given, bool is_block) {
        Validator out{.key = key(), .is_on = true, .source = {}, .target = {}, .slot = {}};
        if (is_block) {
            out.slot = slot_in(given, "slot");
            out.block_root = root_in(given, "root");
        } else {
            out.source = epoch_in(given, "source");
            out.target = epoch_in(given, "target");
            out.attestation_root = root_in(given, "root");
        }
        return out;
    }
    static PublicKey key() { return {{7}}; }
};

TEST_F(MinimalRuleInTheTable, DecidesAsTheVectorsSay) {
    for (const Json& sequence : ethereum_vectors("minimal-rule").at("sequences")) {
        const bool is_block = sequence.at("kind") == "block";
        empty_table();
        if (!sequence.at("row").is_null()) put(row_of(sequence.at("row"), is_block));
        for (const Json& step : sequence.at("steps")) {
            const ethereum::SlashableDuty duty =
                is_block ? ethereum::SlashableDuty(ethereum::BlockDuty{slot_in(step, "slot")})
                         : ethereum::AttestationDuty{
                               {}, epoch_in(step, "source_epoch"), epoch_in(step, "target_epoch")};
            EXPECT_EQ(commit(key(), duty, root_in(step, "signing_root").value()),
                      step.at("decision") != "refuse")
                << step;
            const Json& after = step.at("row_after");
            if (after.is_null()) continue;
            const auto is = to_row(validator(key()).value());
            const auto wanted = to_row(row_of(after, is_block));
            EXPECT_EQ(std::tie(is.source, is.target, is.slot, is.attestation_root, is.block_root),
                      std::tie(wanted.source, wanted.target, wanted.slot, wanted.attestation_root,
                               wanted.block_root))
                << step;
        }
    }
}

/// EIP-3076's suite. Imports are as the design has them: maxima, each on its own, roots dropped.
class InterchangeInTheTable : public ThroughTheStore {
protected:
    void import(const ethereum::Interchange& keys) const {
        for (const auto& [key, maxima] : keys) {
            Validator row = validator(key).value_or(
                Validator{.key = key, .is_on = true, .source = {}, .target = {}, .slot = {}});
            row.source = std::max(row.source, maxima.source.value_or(Epoch()));
            row.target = std::max(row.target, maxima.target.value_or(Epoch()));
            row.slot = std::max(row.slot, maxima.slot.value_or(Slot()));
            row.attestation_root.reset();
            row.block_root.reset();
            put(row);
        }
    }
    /// As a key that was made here is armed.
    void arm_all(const Json& attempts) const {
        for (const Json& attempt : attempts) {
            const auto key = PublicKey::parse(attempt.at("pubkey").get<std::string>()).value();
            if (!validator(key)) import({{key, {}}});
        }
    }
    void expect_blocks(const Json& attempts) {
        for (const Json& attempt : attempts) {
            const auto key = PublicKey::parse(attempt.at("pubkey").get<std::string>()).value();
            EXPECT_EQ(commit(key, ethereum::BlockDuty{slot_in(attempt, "slot")},
                             root_in(attempt, "signing_root").value_or(Root{})),
                      attempt.at("should_succeed"))
                << attempt;
        }
    }
    void expect_attestations(const Json& attempts) {
        for (const Json& attempt : attempts) {
            const auto key = PublicKey::parse(attempt.at("pubkey").get<std::string>()).value();
            const ethereum::AttestationDuty duty{
                {}, epoch_in(attempt, "source_epoch"), epoch_in(attempt, "target_epoch")};
            EXPECT_EQ(commit(key, duty, root_in(attempt, "signing_root").value_or(Root{})),
                      attempt.at("should_succeed"))
                << attempt;
        }
    }
};

TEST_F(InterchangeInTheTable, DecidesAsTheSuiteSays) {
    for (const Json& row : ethereum_vectors("interchange").at("tests")) {
        SCOPED_TRACE(row.at("name").get<std::string>());
        network.genesis_validators_root = root_in(row, "genesis_validators_root").value();
        empty_table();
        for (const Json& step : row.at("steps")) {
            const auto keys = parse_interchange(step.at("interchange").dump(), network);
            ASSERT_EQ(keys.has_value(), step.at("should_succeed").get<bool>());
            if (!keys) continue;
            import(*keys);
            arm_all(step.at("blocks"));
            arm_all(step.at("attestations"));
            expect_blocks(step.at("blocks"));
            expect_attestations(step.at("attestations"));
        }
    }
}

/// Web3Signer's exchanges, with the statuses of a stricter signer.
class Web3SignerVectors : public ValidatorSigner {
protected:
    Web3SignerVectors() {
        network = ethereum::find_network("mainnet").value();
        empty_table();
        const std::string donor = make_key("donor");
        const Json& vectors = ethereum_vectors("signing");
        own = vectors.at("public_key");
        row = item(donor);
        row["id"] = {{"S", own}};
        row["shard"] = {{"S", own.substr(own.size() - 1)}};
        row["sealed"] = {{"B", to_base64(sealed_secret(vectors.at("secret_key"), donor))}};
        row["fee"] = {{"SS", {"0x4d0fa7427e13f0c10b4eb388a30fb2330d9c8737"}}};
        static_cast<void>(dynamodb->operate(
            "DeleteItem", {{"TableName", table_name}, {"Key", {{"id", {{"S", donor}}}}}}));
        token = make_token({"validator", "read"}, access::AllKeys{});
        restart();
    }
    /// The vectors' secret, under the wrap of another key.
    Bytes sealed_secret(const std::string& secret, const std::string& donor) {
        const auto validator = ethereum_adapters::parse_validator(item(donor)).value();
        const sealed::WrapId& id = validator.sealed->wrap;
        const auto wraps = sealed_adapters::open_wraps(
            {world.dynamodb, table, regions, sealing.wrapping_keys, world.runner},
            ethereum_adapters::wrap_layout, {id}, {}, SteadyTime::max());
        return sealed::seal(wraps.at(id.text())->key, id, ethereum_adapters::ethereum_purpose,
                            PublicKey::parse(own)->bytes,
                            ethereum::parse_prefixed_hex<32>(secret).value());
    }
    /// The row that a case is given.
    [[nodiscard]] Json row_of(const Json& given) const {
        Json out = row;
        const std::string state = given.value("given", "");
        const bool is_same = state.contains("same root");
        if (is_same || state.contains("another root")) {
            out["src"] = {{"N", "439999"}};
            out["tgt"] = {{"N", "440000"}};
            const auto root = is_same ? root_in(given.at("body"), "signingRoot") : Root{1};
            out["aroot"] = {{"B", to_base64(*root)}};
        }
        if (state.contains("above")) out["tgt"] = {{"N", "440001"}};
        return out;
    }
    ethereum::ApiResponse exchange(const Json& given) {
        const Json headers = given.value("headers", Json::object());
        std::string body = given.contains("body") ? given.at("body").dump() : "";
        if (given.contains("raw_body")) body = given.at("raw_body");
        return call({.method = given.at("method"),
                     .path = given.at("path"),
                     .query = http::Pairs(),
                     .body = body,
                     .accept = headers.value("Accept", ""),
                     .authorization = "Bearer " + token});
    }

    std::string own;
    Json row;
};

TEST_F(Web3SignerVectors, AreAnsweredAsRecommended) {
    for (const Json& given : ethereum_vectors("http").at("cases")) {
        SCOPED_TRACE(given.at("name").get<std::string>());
        put(row_of(given));
        const auto answer = exchange(given);
        EXPECT_EQ(answer.response.status, given.at("recommended")) << answer.response.body;
        if (given.contains("content_type")) {
            EXPECT_EQ(given.at("content_type"), answer.response.headers.front().second);
        }
        if (given.contains("answer")) {
            EXPECT_EQ(given.at("answer"), answer.response.body);
        }
    }
}

}  // namespace
}  // namespace redoubt::test
