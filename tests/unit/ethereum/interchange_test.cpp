// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/interchange.hpp>

#include <gtest/gtest.h>

#include <functional>

#include "../vectors/ethereum_vectors.hpp"

namespace redoubt::ethereum {
namespace {

Network hoodi() { return find_network("hoodi").value(); }

PublicKey key_of(char digit) { return PublicKey::parse(std::string(96, digit)).value(); }

Json one_key() {
    return {{"metadata",
             {{"interchange_format_version", "5"},
              {"genesis_validators_root", prefixed_hex(hoodi().genesis_validators_root)}}},
            {"data",
             {{{"pubkey", key_of('a').text()},
               {"signed_blocks", {{{"slot", "7"}}}},
               {"signed_attestations", {{{"source_epoch", "2"}, {"target_epoch", "3"}}}}}}}};
}

TEST(Interchange, GivesTheMaximaOfEachKeyEachByItself) {
    Json text = one_key();
    Json& data = text["data"];
    const std::string root = "0x" + std::string(64, '0');
    data[0]["signed_blocks"] = {{{"slot", "9"}, {"signing_root", root}}, {{"slot", "8"}}};
    data[0]["signed_attestations"] = {{{"source_epoch", "5"}, {"target_epoch", "6"}},
                                      {{"source_epoch", "2"}, {"target_epoch", "9"}},
                                      {{"source_epoch", 4}, {"target_epoch", 4}}};
    data.push_back(data[0]);
    data[1]["signed_blocks"] = {{{"slot", "18446744073709551615"}}};
    data[1]["signed_attestations"] = Json::array();
    data.push_back({{"pubkey", key_of('b').text()},
                    {"signed_blocks", Json::array()},
                    {"signed_attestations", Json::array()}});
    const auto keys = parse_interchange(text.dump(2), hoodi());
    ASSERT_TRUE(keys.has_value()) << keys.error().message;
    EXPECT_EQ(*keys,
              (Interchange{{key_of('a'), {Slot(~0ULL), Epoch(5), Epoch(9)}}, {key_of('b'), {}}}));
}

TEST(Interchange, IsRefusedWithThePlaceThatIsWrong) {
    struct Row {
        std::function<void(Json&)> spoil;
        std::string message;
    };
    const std::string number = "is not a whole number from 0 to 18446744073709551615";
    const std::vector<Row> rows = {
        {[](Json& t) { t = "5"; }, "the interchange: is not a JSON object"},
        {[](Json& t) { t.erase("data"); }, "the interchange: has no `data`"},
        {[](Json& t) { t["more"] = 1; },
         "the interchange: has a member `more` that is not known here"},
        {[](Json& t) { t["metadata"]["interchange_format_version"] = "4"; },
         "the interchange, metadata, interchange_format_version: is not 5: export in that version"},
        {[](Json& t) { t["metadata"]["interchange_format_version"] = 5; },
         "the interchange, metadata, interchange_format_version: is not a text"},
        {[](Json& t) { t["metadata"].erase("genesis_validators_root"); },
         "the interchange, metadata: has no `genesis_validators_root`"},
        {[](Json& t) { t["metadata"]["name"] = "hoodi"; },
         "the interchange, metadata: has a member `name` that is not known here"},
        {[](Json& t) { t["data"] = Json::object(); },
         "the interchange, data: is not a list of up to 6291456 entries"},
        {[](Json& t) { t["data"].push_back(1); }, "the interchange, data 2: is not a JSON object"},
        {[](Json& t) { t["data"][0]["pubkey"] = std::string(96, 'a'); },
         "the interchange, data 1, pubkey: is not `0x` and 48 bytes in hex"},
        {[](Json& t) { t["data"][0].erase("signed_blocks"); },
         "the interchange, data 1: has no `signed_blocks`"},
        {[](Json& t) { t["data"][0]["signed_attestations"] = nullptr; },
         "the interchange, data 1, signed_attestations: is not a list of up to 6291456 entries"},
        {[](Json& t) { t["data"][0]["signed_blocks"][0]["slot"] = "-7"; },
         "the interchange, data 1, signed_blocks 1, slot: " + number},
        {[](Json& t) { t["data"][0]["signed_blocks"][0]["root"] = "0x"; },
         "the interchange, data 1, signed_blocks 1: has a member `root` that is not known here"},
        {[](Json& t) { t["data"][0]["signed_blocks"][0]["signing_root"] = "0x00"; },
         "the interchange, data 1, signed_blocks 1, signing_root: is not `0x` and 32 bytes in hex"},
        {[](Json& t) { t["data"][0]["signed_attestations"][0].erase("target_epoch"); },
         "the interchange, data 1, signed_attestations 1: has no `target_epoch`"},
        {[](Json& t) { t["data"][0]["signed_attestations"][0]["source_epoch"] = 2.0; },
         "the interchange, data 1, signed_attestations 1, source_epoch: " + number},
    };
    for (const Row& row : rows) {
        Json text = one_key();
        row.spoil(text);
        const auto keys = parse_interchange(text.dump(), hoodi());
        ASSERT_FALSE(keys.has_value()) << row.message;
        EXPECT_EQ(keys.error().code, Code::BadRequest);
        EXPECT_EQ(keys.error().message, row.message);
    }
}

TEST(Interchange, OfAnotherNetworkIsRefused) {
    const auto keys = parse_interchange(one_key().dump(), find_network("mainnet").value());
    ASSERT_FALSE(keys.has_value());
    EXPECT_EQ(keys.error().code, Code::WrongNetwork);
    EXPECT_EQ(keys.error().message,
              "the interchange: is of another network than mainnet, of genesis_validators_root " +
                  prefixed_hex(hoodi().genesis_validators_root));
}

TEST(Interchange, IsNotReadWhenItIsCutShortOrTooLong) {
    const std::string text = one_key().dump();
    for (std::size_t size = 0; size < text.size(); size += 7) {
        const auto keys = parse_interchange(text.substr(0, size), hoodi());
        ASSERT_FALSE(keys.has_value());
        EXPECT_TRUE(keys.error().message.contains("cut short"));
    }
    const std::string longest = text + std::string(6291456 - text.size(), ' ');
    EXPECT_TRUE(parse_interchange(longest, hoodi()).has_value());
    EXPECT_EQ(parse_interchange(longest + " ", hoodi()).error().code, Code::TooLarge);
}

TEST(Interchange, IsWrittenAsTheFormatSays) {
    const std::vector<LastSigned> keys = {
        {key_of('a'), Slot(7), Epoch(2), Epoch(3), Root{1}, Root{2}},
        {key_of('b'), Slot(0), Epoch(0), Epoch(0), {}, {}}};
    const std::string written = write_interchange(keys, hoodi());
    Json expected = one_key();
    expected["data"][0]["signed_blocks"][0]["signing_root"] = prefixed_hex(Root{1});
    expected["data"][0]["signed_attestations"][0]["signing_root"] = prefixed_hex(Root{2});
    expected["data"].push_back(
        {{"pubkey", key_of('b').text()},
         {"signed_blocks", {{{"slot", "0"}}}},
         {"signed_attestations", {{{"source_epoch", "0"}, {"target_epoch", "0"}}}}});
    EXPECT_EQ(parse_json(written), expected);
    EXPECT_EQ(parse_interchange(written, hoodi()).value(),
              (Interchange{{key_of('a'), {Slot(7), Epoch(2), Epoch(3)}},
                           {key_of('b'), {Slot(0), Epoch(0), Epoch(0)}}}));
    EXPECT_EQ(parse_interchange(write_interchange({}, hoodi()), hoodi()).value(), Interchange());
}

/// What a signer keeps that imports maxima and raises them as it signs: the minimal strategy of
/// EIP-3076, written down once more here.
class MinimalSigner {
public:
    void import(const Interchange& keys) {
        for (const auto& [key, maxima] : keys) {
            SignedMaxima& known = known_[key];
            known.slot = std::max(known.slot, maxima.slot);
            known.source = std::max(known.source, maxima.source);
            known.target = std::max(known.target, maxima.target);
            // Whatever was imported may be what was signed last, with another root.
            last_block_.erase(key);
            last_attestation_.erase(key);
        }
    }
    bool signs_block(const PublicKey& key, const Json& block) {
        const Slot slot(parse_number(block.at("slot").get<std::string>()).value());
        const auto repeat = last_block_.find(key);
        if (repeat != last_block_.end() && repeat->second == block) return true;
        auto& highest = known_[key].slot;
        if (highest && slot <= *highest) return false;
        highest = slot;
        last_block_[key] = block;
        return true;
    }
    bool signs_attestation(const PublicKey& key, const Json& attestation) {
        const auto epoch = [&attestation](const char* name) {
            return Epoch(parse_number(attestation.at(name).get<std::string>()).value());
        };
        const Epoch source = epoch("source_epoch");
        const Epoch target = epoch("target_epoch");
        const auto repeat = last_attestation_.find(key);
        if (repeat != last_attestation_.end() && repeat->second == attestation) return true;
        auto& [slot, highest_source, highest_target] = known_[key];
        if (source > target || (highest_source && source < *highest_source) ||
            (highest_target && target <= *highest_target)) {
            return false;
        }
        highest_source = source;
        highest_target = target;
        last_attestation_[key] = attestation;
        return true;
    }

private:
    Interchange known_;
    std::map<PublicKey, Json> last_block_;
    std::map<PublicKey, Json> last_attestation_;
};

/// How often it asked for a signature.
std::size_t run_step(MinimalSigner& signer, const Json& step, const Network& network) {
    const auto keys = parse_interchange(step.at("interchange").dump(), network);
    EXPECT_EQ(keys.has_value(), step.at("should_succeed").get<bool>());
    if (!keys) {
        EXPECT_EQ(keys.error().code, Code::WrongNetwork);
        return 0;
    }
    signer.import(*keys);
    const auto expect_as_told = [&](const Json& attempt, bool is_signed) {
        EXPECT_EQ(is_signed, attempt.at("should_succeed").get<bool>()) << attempt.dump();
    };
    const auto own_part = [](Json attempt) {
        for (const auto* const name : {"pubkey", "should_succeed", "should_succeed_complete"}) {
            attempt.erase(name);
        }
        return attempt;
    };
    for (const Json& block : step.at("blocks")) {
        const auto key = PublicKey::parse(block.at("pubkey").get<std::string>()).value();
        expect_as_told(block, signer.signs_block(key, own_part(block)));
    }
    for (const Json& attestation : step.at("attestations")) {
        const auto key = PublicKey::parse(attestation.at("pubkey").get<std::string>()).value();
        expect_as_told(attestation, signer.signs_attestation(key, own_part(attestation)));
    }
    return step.at("blocks").size() + step.at("attestations").size();
}

TEST(InterchangeVectors, DecideAsTheSuiteSays) {
    std::size_t attempts = 0;
    for (const Json& row : test::ethereum_vectors("interchange").at("tests")) {
        SCOPED_TRACE(row.at("name").get<std::string>());
        Network network = hoodi();
        network.genesis_validators_root =
            parse_prefixed_hex<32>(row.at("genesis_validators_root").get<std::string>()).value();
        MinimalSigner signer;
        for (const Json& step : row.at("steps")) attempts += run_step(signer, step, network);
    }
    EXPECT_EQ(attempts, 150U);
}

}  // namespace
}  // namespace redoubt::ethereum
