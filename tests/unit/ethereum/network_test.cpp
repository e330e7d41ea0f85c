// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/network.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>

#include <redoubt/base/json.hpp>

namespace redoubt::ethereum {
namespace {

using std::chrono::seconds;

Network mainnet() { return find_network("mainnet").value(); }

WallTime after_genesis(const Network& network, std::int64_t s) {
    return WallTime(seconds(network.genesis_time) + seconds(s));
}

TEST(Network, IsFoundByItsNameAlone) {
    EXPECT_EQ(known_networks().size(), 5U);
    for (const Network& network : known_networks()) {
        EXPECT_EQ(find_network(network.name), network);
    }
    for (const auto* const name : {"", "Mainnet", "holesky", "custom", "mainnet "}) {
        EXPECT_FALSE(find_network(name).has_value()) << name;
    }
}

TEST(Network, CountsSlotsFromItsGenesisOn) {
    EXPECT_EQ(slot_at(mainnet(), after_genesis(mainnet(), -1)), std::nullopt);
    EXPECT_EQ(slot_at(mainnet(), after_genesis(mainnet(), 0)), Slot(0));
    EXPECT_EQ(slot_at(mainnet(), after_genesis(mainnet(), 11)), Slot(0));
    EXPECT_EQ(slot_at(mainnet(), after_genesis(mainnet(), 12)), Slot(1));
    const Network gnosis = find_network("gnosis").value();
    EXPECT_EQ(slot_at(gnosis, after_genesis(gnosis, 80)), Slot(16));
    EXPECT_EQ(epoch_of(gnosis, Slot(16)), Epoch(1));
    EXPECT_EQ(epoch_of(mainnet(), Slot(31)), Epoch(0));
    EXPECT_EQ(epoch_of(mainnet(), Slot(32)), Epoch(1));
}

TEST(Network, HasTheForkOfAnEpoch) {
    EXPECT_EQ(fork_at(mainnet(), Epoch(0)).name, ForkName::Phase0);
    EXPECT_EQ(fork_at(mainnet(), Epoch(74239)).name, ForkName::Phase0);
    EXPECT_EQ(fork_at(mainnet(), Epoch(74240)).name, ForkName::Altair);
    EXPECT_EQ(fork_at(mainnet(), Epoch(411391)).name, ForkName::Electra);
    EXPECT_EQ(fork_at(mainnet(), Epoch(411392)).name, ForkName::Fulu);
    EXPECT_EQ(fork_at(mainnet(), Epoch(~0ULL)).name, ForkName::Fulu);
    // Of those that begin together, the last.
    EXPECT_EQ(fork_at(find_network("hoodi").value(), Epoch(0)).name, ForkName::Deneb);
}

TEST(Network, HasTheForkOfAVersionOrNone) {
    const Network network = mainnet();
    ASSERT_NE(find_fork(network, {5, 0, 0, 0}), nullptr);
    EXPECT_EQ(find_fork(network, {5, 0, 0, 0})->name, ForkName::Electra);
    EXPECT_EQ(find_fork(network, {7, 0, 0, 0}), nullptr);
    EXPECT_EQ(find_fork(network, {0, 0, 0, 0x64}), nullptr);
}

TEST(Network, ExitsAreOfCapellaForEver) {
    EXPECT_EQ(exit_version(mainnet(), Epoch(0)), (ForkVersion{3, 0, 0, 0}));
    EXPECT_EQ(exit_version(mainnet(), Epoch(~0ULL)), (ForkVersion{3, 0, 0, 0}));
    Network before_deneb = mainnet();
    before_deneb.forks.resize(4);
    EXPECT_EQ(exit_version(before_deneb, Epoch(194047)), (ForkVersion{2, 0, 0, 0}));
    EXPECT_EQ(exit_version(before_deneb, Epoch(194048)), (ForkVersion{3, 0, 0, 0}));
}

Json devnet() {
    const auto fork = [](std::string_view name, std::string_view version, std::string_view epoch) {
        return Json{{"name", name}, {"version", version}, {"epoch", epoch}};
    };
    return {{"name", "devnet-1"},
            {"genesis_validators_root", "0x" + std::string(64, 'A')},
            {"genesis_time", 1700000000},
            {"slots_per_epoch", 8},
            {"seconds_per_slot", "6"},
            {"deposit_chain_id", 1337},
            {"deposit_contract", "0x" + std::string(40, '4')},
            {"deposit_multiplier", 1},
            {"forks",
             {fork("phase0", "0x00000001", "0"), fork("altair", "0x01000001", "0"),
              fork("bellatrix", "0x02000001", "7")}}};
}

TEST(NetworkJson, DescribesAnotherNetwork) {
    const auto network = parse_network(devnet().dump(1));
    ASSERT_TRUE(network.has_value()) << network.error().message;
    EXPECT_EQ(network->name, "devnet-1");
    EXPECT_EQ(network->genesis_validators_root[31], 0xaa);
    EXPECT_EQ(network->genesis_time, 1700000000U);
    EXPECT_EQ(network->slots_per_epoch, 8U);
    EXPECT_EQ(network->seconds_per_slot, 6U);
    EXPECT_EQ(network->deposit_chain_id, 1337U);
    EXPECT_EQ(network->deposit_contract.bytes[0], 0x44);
    ASSERT_EQ(network->forks.size(), 3U);
    EXPECT_EQ(network->forks[2], (Fork{ForkName::Bellatrix, {2, 0, 0, 1}, Epoch(7)}));
    EXPECT_EQ(genesis_version(*network), (ForkVersion{0, 0, 0, 1}));
}

TEST(NetworkJson, IsRefusedWithTheMemberThatIsWrong) {
    struct Row {
        std::function<void(Json&)> spoil;
        std::string message;
    };
    const std::string number_to_1024 = "is not a whole number from 1 to 1024";
    const std::vector<Row> rows = {
        {[](Json& n) { n = Json::array(); }, "the network: is not a JSON object"},
        {[](Json& n) { n.erase("name"); }, "the network: has no `name`"},
        {[](Json& n) { n["more"] = 1; }, "the network: has a member `more` that is not known here"},
        {[](Json& n) { n["name"] = ""; },
         "the network, name: is not 1 to 64 letters, digits, `.`, `_` and `-`"},
        {[](Json& n) { n["name"] = "a b"; },
         "the network, name: is not 1 to 64 letters, digits, `.`, `_` and `-`"},
        {[](Json& n) { n["name"] = std::string(65, 'a'); },
         "the network, name: is not 1 to 64 letters, digits, `.`, `_` and `-`"},
        {[](Json& n) { n["name"] = "mainnet"; },
         "the network, name: is that of a known network, which differs from this one in more than "
         "the epochs of its forks: give a name of your own, or its own members"},
        {[](Json& n) { n["genesis_validators_root"] = std::string(64, 'a'); },
         "the network, genesis_validators_root: is not `0x` and 32 bytes in hex"},
        {[](Json& n) { n["genesis_validators_root"] = 7; },
         "the network, genesis_validators_root: is not a text"},
        {[](Json& n) { n["genesis_time"] = 253402300800; },
         "the network, genesis_time: is not a whole number from 0 to 253402300799"},
        {[](Json& n) { n["genesis_time"] = -1; },
         "the network, genesis_time: is not a whole number from 0 to 253402300799"},
        {[](Json& n) { n["slots_per_epoch"] = 0; },
         "the network, slots_per_epoch: " + number_to_1024},
        {[](Json& n) { n["slots_per_epoch"] = 32.0; },
         "the network, slots_per_epoch: " + number_to_1024},
        {[](Json& n) { n["seconds_per_slot"] = "012"; },
         "the network, seconds_per_slot: is not a whole number from 1 to 3600"},
        {[](Json& n) { n["deposit_multiplier"] = 1025; },
         "the network, deposit_multiplier: " + number_to_1024},
        {[](Json& n) { n["deposit_contract"] = "0x44"; },
         "the network, deposit_contract: is not `0x` and 20 bytes in hex"},
        {[](Json& n) { n["forks"] = Json::array(); },
         "the network, forks: is empty: phase0 comes first"},
        {[](Json& n) { n["forks"] = Json::object(); },
         "the network, forks: is not a list of up to 8 entries"},
        {[](Json& n) { n["forks"].erase(1); },
         "the network, forks 2, name: is not `altair`, whose turn it is"},
        {[](Json& n) { n["forks"][0]["epoch"] = "1"; },
         "the network, forks 1, epoch: is not 0, as the first one's is"},
        {[](Json& n) { n["forks"][1]["epoch"] = "8"; },
         "the network, forks 3, epoch: is below that of the fork before"},
        {[](Json& n) { n["forks"][2]["version"] = "0x00000001"; },
         "the network, forks 3, version: is that of another fork, too"},
        {[](Json& n) { n["forks"][2]["epochs"] = "7"; },
         "the network, forks 3: has a member `epochs` that is not known here"},
    };
    for (const Row& row : rows) {
        Json spoilt = devnet();
        row.spoil(spoilt);
        const auto network = parse_network(spoilt.dump());
        ASSERT_FALSE(network.has_value()) << row.message;
        EXPECT_EQ(network.error().code, Code::BadRequest);
        EXPECT_EQ(network.error().message, row.message);
    }
}

TEST(NetworkJson, OfALaterForkIsRefused) {
    Json later = devnet();
    later["forks"] = Json::array();
    for (const Fork& fork : mainnet().forks) {
        later["forks"].push_back({{"name", name(fork.name)},
                                  {"version", prefixed_hex(fork.version)},
                                  {"epoch", fork.epoch.value()}});
    }
    ASSERT_TRUE(parse_network(later.dump()).has_value());
    later["forks"].push_back({{"name", "gloas"}, {"version", "0x07000000"}, {"epoch", 500000}});
    const auto network = parse_network(later.dump());
    ASSERT_FALSE(network.has_value());
    EXPECT_EQ(network.error().message,
              "the network, forks 8, name: is of a fork after fulu, which is not known here");
}

TEST(NetworkJson, IsNotReadWhenItIsNoJsonOrTooLong) {
    for (const std::string& text : {std::string(), std::string("{"), devnet().dump() + "{}",
                                    std::string(R"({"name":"a","name":"b"})")}) {
        const auto network = parse_network(text);
        ASSERT_FALSE(network.has_value());
        EXPECT_EQ(network.error().message, "the network: is not JSON, or names a member twice");
    }
    const std::string text = devnet().dump();
    EXPECT_TRUE(parse_network(text + std::string(16384 - text.size(), ' ')).has_value());
    const auto network = parse_network(text + std::string(16385 - text.size(), ' '));
    ASSERT_FALSE(network.has_value());
    EXPECT_EQ(network.error().message, "the network: is longer than 16 KB");
}

/// As `NETWORK_JSON` has it.
Json described(const Network& network) {
    Json forks = Json::array();
    for (const Fork& fork : network.forks) {
        forks.push_back({{"name", name(fork.name)},
                         {"version", prefixed_hex(fork.version)},
                         {"epoch", fork.epoch.value()}});
    }
    return {{"name", network.name},
            {"genesis_validators_root", prefixed_hex(network.genesis_validators_root)},
            {"genesis_time", network.genesis_time},
            {"slots_per_epoch", network.slots_per_epoch},
            {"seconds_per_slot", network.seconds_per_slot},
            {"deposit_chain_id", network.deposit_chain_id},
            {"deposit_contract", prefixed_hex(network.deposit_contract.bytes)},
            {"deposit_multiplier", network.deposit_multiplier},
            {"forks", std::move(forks)}};
}

TEST(NetworkJson, AKnownNameWithoutForksIsRefusedAsAnyOther) {
    Json told = described(find_network("gnosis").value());
    told["forks"] = Json::array();
    const auto network = parse_network(dump(told));
    ASSERT_FALSE(network);
    EXPECT_EQ(network.error().message, "the network, forks: is empty: phase0 comes first");
}

TEST(NetworkJson, AKnownNameIsThatChainAndItsForksMayMove) {
    const Json gnosis = described(find_network("gnosis").value());
    EXPECT_EQ(parse_network(dump(gnosis)).value(), find_network("gnosis").value());
    Json later = gnosis;
    later["forks"].back()["epoch"] = 9'000'000;
    EXPECT_EQ(parse_network(dump(later))->forks.back().epoch, Epoch(9'000'000));
    for (const auto& [member, other] :
         std::map<std::string, Json>{{"genesis_time", 7},
                                     {"slots_per_epoch", 32},
                                     {"seconds_per_slot", 12},
                                     {"deposit_chain_id", 1},
                                     {"deposit_contract", "0x" + std::string(40, '4')},
                                     {"deposit_multiplier", 1}}) {
        Json wrong = gnosis;
        wrong[member] = other;
        EXPECT_FALSE(parse_network(dump(wrong))) << member << ", by which a chain is told";
    }
    Json wrong = gnosis;
    wrong["forks"][3]["version"] = "0x03000065";
    EXPECT_FALSE(parse_network(dump(wrong)));
}

}  // namespace
}  // namespace redoubt::ethereum
