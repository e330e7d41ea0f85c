// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/operator/tezos/commands.hpp>

#include <gtest/gtest.h>

#include <functional>

#include <redoubt/adapters/tezos/sealed_table.hpp>
#include <redoubt/crypto/bls.hpp>

#include <fakes/account.hpp>
#include <fakes/secret_key.hpp>

namespace redoubt::test {

using tezos::SignatureScheme;

/// All that `doctor` looks at, as a deployment leaves it; what a test spoils is in here.
struct Deployed {
    AccountSettings account;
    std::map<std::pair<std::string, std::string>, Json> rows;
    std::map<std::string, std::string, std::less<>> variables;
    std::vector<std::string> arns;
    tezos::Keys consensus;
    tezos::Keys authorized;
    tezos_operator::Sealing sealing = {};
    Milliseconds clock_off{0};  // what AWS's is ahead
};

class Doctor : public ::testing::Test {
protected:
    static constexpr std::int64_t head = 1'000'000;
    static constexpr const char* table_name = "redoubt-watermarks";
    static constexpr const char* mainnet = "NetXdQprcVkpaWU";

    [[nodiscard]] Deployed sound() const {
        Deployed out{.account = sound_account({first, second}, table_name),
                     .rows = {},
                     .variables = {{"AWS_REGION", "eu-west-1"},
                                   {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"},
                                   {"AWS_LAMBDA_LOG_FORMAT", "JSON"},
                                   {"AWS_LAMBDA_LOG_LEVEL", "INFO"},
                                   {"PUBLIC_KEYS", "both"}},
                     .arns = {account_key_arn(0), account_key_arn(1)},
                     .consensus = {first.named(), second.named()},
                     .authorized = {baker.named()}};
        out.consensus.push_back(sealed_key);
        for (const tezos::KeyInfo& key : out.consensus) arm(out, key);
        add_sealed(out, sealed_key);
        return out;
    }

    /// A key in the table under the wrap of one KMS key. What is sealed is none of doctor's.
    static void add_sealed(Deployed& deployed, const tezos::KeyInfo& key) {
        if (deployed.sealing.wrapping_keys.empty()) {
            deployed.account.keys.push_back(sound_wrapping_key(2));
            deployed.sealing = {{aws::parse_key_arn(account_key_arn(2)).value()},
                                std::vector<backup::Recipient>()};
        }
        const tezos_adapters::SealedItem item{key.public_key, Bytes(61, 1), wrap_id(),
                                              now_ms(),       "a backup",   "a proof"};
        deployed.rows[{key.address, "sealed"}] = tezos_adapters::to_item(item);
        sealed::Wrap wrap{wrap_id(), 1, {}, {}, sealed::Purpose::TezosConsensus, now_ms()};
        wrap.shares.push_back({account_key_arn(2), 1, Bytes(100, 2)});
        deployed.rows[wrap_key()] = tezos_adapters::to_item(wrap);
    }
    static sealed::WrapId wrap_id() { return {{0xab}}; }
    static std::pair<std::string, std::string> wrap_key() {
        return {"wrap/" + wrap_id().text(), "wrap"};
    }
    static tezos::KeyInfo bls_key(Byte seed) {
        return tezos::KeyInfo(crypto::bls::SecretKey::generate(Bytes(32, seed)).public_key());
    }

    /// As if the key had signed at the head just now.
    void arm(Deployed& deployed, const tezos::KeyInfo& key) const {
        for (const char* kind : {"attestation", "block", "preattestation"}) {
            const std::string scope = std::string(mainnet) + "/" + kind;
            deployed.rows[{key.address, scope}] = {
                {"pkh", text(key.address)},      {"scope", text(scope)},
                {"lvl", number(head)},           {"rnd", number(0)},
                {"pace", number(pace_at(head))}, {"at", number(now_ms())}};
        }
    }

    Json ask(const Deployed& deployed, const Json& more = Json::object()) {
        AwsWorld world;
        Account account(world.clock, deployed.account);
        account.table.items = deployed.rows;
        world.runner.follow([&](const http::ClientRequest& call) {
            auto answer = account.answer(call);
            for (auto& header : answer->headers) {
                if (header.first == "date") {
                    header.second = http_date(world.clock.wall() + deployed.clock_off);
                }
            }
            return answer;
        });
        aws::kms::Regions regions(world.kms, "eu-west-1", {}, world.credentials, world.corrected);
        const tezos_operator::Context context{.version = "1.2.3",
                                              .table = table_name,
                                              .key_arns = deployed.arns,
                                              .consensus_keys = deployed.consensus,
                                              .authorized_keys = deployed.authorized,
                                              .kms = world.kms,
                                              .wrapping_kms = regions,
                                              .dynamodb = world.dynamodb,
                                              .runner = world.runner,
                                              .variables = deployed.variables,
                                              .sealing = deployed.sealing};
        const operators::CommandTable commands(tezos_operator::commands(context));
        Json fields = {{"command", "doctor"}};
        fields.update(more);
        fields = parse_json(dump(fields)).value();
        const Json answer =
            operators::to_answer(commands.run("doctor", fields, deadline)).at("redoubt");
        EXPECT_EQ(account.table.items, deployed.rows) << "it writes nothing";
        most_at_once = world.runner.most_at_once;
        return answer;
    }

    /// The ids of what is wrong, in order, none twice.
    std::set<std::string> findings(const Deployed& deployed, const Json& more = Json::object()) {
        const Json answer = ask(deployed, more);
        std::set<std::string> ids;
        for (const Json& check : answer.at("checks")) {
            if (check.at("ok")) continue;
            ids.insert(check.at("check"));
            EXPECT_FALSE(check.at("found").get<std::string>().empty()) << check;
            EXPECT_FALSE(check.at("do").get<std::string>().empty()) << check;
            EXPECT_FALSE(check.at("of").get<std::string>().empty()) << check;
        }
        return ids;
    }

    static Json text(std::string_view value) { return {{"S", value}}; }
    static Json number(std::int64_t value) { return {{"N", std::to_string(value)}}; }
    static std::int64_t now_ms() { return unix_ms(some_morning); }
    static std::int64_t pace_at(std::int64_t level) { return level * 1000 - now_ms(); }
    [[nodiscard]] static Json& row(Deployed& deployed, const SecretKey& key,
                                   const std::string& kind) {
        return deployed.rows.at({key.named().address, std::string(mainnet) + "/" + kind});
    }

    const SecretKey first{SignatureScheme::Secp256k1, {0x41}};
    const SecretKey second{SignatureScheme::Ed25519, {0x42}};
    const SecretKey malleable{SignatureScheme::P256, {0x44}};
    const tezos::KeyInfo sealed_key = bls_key(0x45);
    const SecretKey baker{SignatureScheme::Secp256k1, {0x43}};
    SteadyTime deadline = SteadyTime::max();
    std::size_t most_at_once = 0;
};

}  // namespace redoubt::test
