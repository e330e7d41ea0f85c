// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/ethereum/bls_change.hpp>
#include <redoubt/ethereum/exit.hpp>

#include "equipment.hpp"

namespace redoubt::ethereum::test {
namespace {

std::string said(const std::optional<Error>& mistake) {
    return mistake ? mistake->message : "none";
}

Json change(const char* of, std::uint64_t validator, Byte key, const Address& to) {
    const Network chain = network(of);
    return to_json(make_bls_change(secret(key), chain, ValidatorIndex(validator), to).value(),
                   chain);
}

TEST(BlsChange, IsOfAllItsMembers) {
    const Json right = change("mainnet", 7, 0x21, {{1}}), other = change("hoodi", 8, 0x22, {{2}});
    const auto mistake = [](const Json& given) {
        return said(check_bls_change(given, network("mainnet")));
    };
    EXPECT_EQ(mistake(right), "none");
    const std::string signature = "change, signature: is not the key's, of this message on mainnet";
    for (const auto& [path, expected] : std::map<const char*, std::string>{
             {"/message/validator_index", signature},
             {"/message/from_bls_pubkey", signature},
             {"/message/to_execution_address", signature},
             {"/signature", signature},
             {"/metadata/network_name", "change, metadata, network_name: is not mainnet"},
             {"/metadata/genesis_validators_root",
              "change, metadata, genesis_validators_root: is not that of mainnet"}}) {
        Json changed = right;
        changed[Json::json_pointer(path)] = other.at(Json::json_pointer(path));
        EXPECT_EQ(mistake(changed), expected) << path;
    }
    Json changed = right;
    changed["message"]["from_bls_pubkey"] = "0x" + std::string(96, '1');
    EXPECT_EQ(mistake(changed), "change, message, from_bls_pubkey: is not a point of the group");
    changed = right;
    changed["message"]["note"] = 1;
    EXPECT_EQ(mistake(changed), "change, message: has a member `note` that is not known here");
    EXPECT_EQ(make_bls_change(secret(1), network("mainnet"), ValidatorIndex(1), {}).error().message,
              "change, message, to_execution_address: is zero, which is nobody's");
}

TEST(Exit, IsOfAllItsMembers) {
    const auto exit = [](const char* of, std::uint64_t epoch, std::uint64_t validator, Byte key) {
        return to_json(
            make_exit(secret(key), network(of), Epoch(epoch), ValidatorIndex(validator)).value());
    };
    const auto mistake = [](const Json& given, Byte key = 0x21) {
        return said(check_exit(given, public_key_of(secret(key)), network("mainnet")));
    };
    const Json right = exit("mainnet", 300'000, 7, 0x21);
    EXPECT_EQ(mistake(right), "none");
    const std::string signature = "exit, signature: is not the key's, of this message on mainnet";
    EXPECT_EQ(mistake(right, 0x22), signature);
    EXPECT_EQ(mistake(exit("hoodi", 300'000, 7, 0x21)), signature);
    for (const char* path : {"/message/epoch", "/message/validator_index", "/signature"}) {
        Json changed = right;
        changed[Json::json_pointer(path)] =
            exit("mainnet", 300'001, 8, 0x22).at(Json::json_pointer(path));
        EXPECT_EQ(mistake(changed), signature) << path;
        changed[Json::json_pointer(path)] = "x";
        EXPECT_NE(mistake(changed), signature) << path;
    }
    EXPECT_EQ(exit("mainnet", 0, 7, 0x21).size(), 2U) << "before Deneb, by Capella's version too";
}

TEST(Exit, IsMadeOnlyWhereEip7044Holds) {
    Network young = network("mainnet");
    young.forks.resize(3);
    const auto made = make_exit(secret(0x21), young, Epoch(1), ValidatorIndex(1));
    EXPECT_EQ(made.error().message,
              "exit, signature: would not stay valid: mainnet has no Capella yet");
}

}  // namespace
}  // namespace redoubt::ethereum::test
