// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/signing_request.hpp>

#include <gtest/gtest.h>

#include <functional>

#include "../vectors/ethereum_vectors.hpp"

namespace redoubt::ethereum {
namespace {

const Network& the_network() {
    static const Network network = find_network("mainnet").value();
    return network;
}

const PublicKey& the_key() {
    static const PublicKey key =
        PublicKey::parse(test::ethereum_vectors("signing").at("public_key").get<std::string>())
            .value();
    return key;
}

Result<ParsedRequest> parse(const Json& request) {
    return parse_signing_request(request.dump(), {the_network(), the_key(), true});
}

/// A request of the vectors on mainnet whose type is that, without the client's root.
Json request_of(const std::string& type) {
    for (const auto* const file : {"signing", "gloas-draft"}) {
        for (const Json& row : test::ethereum_vectors(file).at("cases")) {
            Json request = row.at("request");
            if (request.at("type") != type || row.value("network", "mainnet") != "mainnet")
                continue;
            request.erase("signingRoot");
            return request;
        }
    }
    if (type == "VALIDATOR_REGISTRATION") {
        return {{"type", type},
                {"validator_registration",
                 {{"fee_recipient", "0x" + std::string(40, 'a')},
                  {"gas_limit", "1"},
                  {"timestamp", "2"},
                  {"pubkey", the_key().text()}}}};
    }
    throw std::runtime_error("no request of type " + type);
}

TEST(SigningRequest, SaysWhatSlashingIsAbout) {
    const auto block = parse(request_of("BLOCK_V2")).value();
    EXPECT_EQ(block.type, MessageType::Block);
    EXPECT_EQ(std::get<BlockDuty>(block.request->duty).slot, Slot(14080029));
    const auto attestation = parse(request_of("ATTESTATION")).value();
    EXPECT_EQ(attestation.type, MessageType::Attestation);
    const auto duty = std::get<AttestationDuty>(attestation.request->duty);
    EXPECT_EQ(duty.target, Epoch(411391));
    EXPECT_EQ(duty.source, Epoch(411390));
    EXPECT_EQ(duty.slot, Slot(411391ULL * 32 + 31));
}

TEST(SigningRequest, SaysWhenOtherDutiesAre) {
    struct Row {
        std::string type;
        MessageType parsed;
        std::optional<Slot> slot;
        std::optional<Epoch> epoch;
    };
    const std::vector<Row> rows = {
        {"AGGREGATION_SLOT", MessageType::AggregationSlot, Slot(14080029), {}},
        {"AGGREGATE_AND_PROOF_V2", MessageType::AggregateAndProof, Slot(14080029), {}},
        {"RANDAO_REVEAL", MessageType::RandaoReveal, {}, Epoch(440000)},
        {"VOLUNTARY_EXIT", MessageType::VoluntaryExit, {}, Epoch(440000)},
        {"SYNC_COMMITTEE_MESSAGE", MessageType::SyncCommitteeMessage, Slot(14080029), {}},
        {"SYNC_COMMITTEE_SELECTION_PROOF",
         MessageType::SyncCommitteeSelectionProof,
         Slot(14080029),
         {}},
        {"SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF",
         MessageType::SyncCommitteeContributionAndProof,
         Slot(14080029),
         {}},
        {"VALIDATOR_REGISTRATION", MessageType::ValidatorRegistration, {}, {}},
        {"DEPOSIT", MessageType::Deposit, {}, {}},
        {"PAYLOAD_ATTESTATION_MESSAGE", MessageType::PayloadAttestation, Slot(16000323), {}},
        {"PROPOSER_PREFERENCES", MessageType::ProposerPreferences, Slot(16000323), {}},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.type);
        const auto parsed = parse(request_of(row.type));
        ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
        EXPECT_EQ(parsed->type, row.parsed);
        EXPECT_EQ(name(parsed->type), row.type);
        const auto duty = std::get<OtherDuty>(parsed->request->duty);
        EXPECT_EQ(duty.slot, row.slot);
        EXPECT_EQ(duty.epoch, row.epoch);
        const bool pays =
            row.type == "VALIDATOR_REGISTRATION" || row.type == "PROPOSER_PREFERENCES";
        EXPECT_EQ(duty.fee_recipient.has_value(), pays);
    }
}

TEST(SigningRequest, OfLighthouseMayBeAPayloadAttestationWithoutAWrapping) {
    const Json wrapped = request_of("PAYLOAD_ATTESTATION_MESSAGE");
    Json bare = wrapped;
    bare["type"] = "PAYLOAD_ATTESTATION";
    bare["payload_attestation_data"] = wrapped.at("payload_attestation_message").at("data");
    bare.erase("payload_attestation_message");
    EXPECT_EQ(parse(bare).value().request->signing_root,
              parse(wrapped).value().request->signing_root);
}

TEST(SigningRequest, TakesAggregatesInBothFormsUnderBothNames) {
    Json request = request_of("AGGREGATE_AND_PROOF_V2");
    const Root root = parse(request).value().request->signing_root;
    request["type"] = "aggregate_and_proof";
    EXPECT_EQ(parse(request).value().request->signing_root, root);
    request["aggregate_and_proof"] = Json(request.at("aggregate_and_proof").at("data"));
    EXPECT_EQ(parse(request).value().request->signing_root, root);
    request["type"] = "AGGREGATE_AND_PROOF_V2";
    EXPECT_EQ(parse(request).value().request->signing_root, root);
}

struct Refusal {
    std::string type;
    std::function<void(Json&)> spoil;
    Code code = Code::BadRequest;
    std::string message;
};

void expect_refusals(const std::vector<Refusal>& rows) {
    for (const Refusal& row : rows) {
        SCOPED_TRACE(row.type + ", " + row.message);
        Json request = request_of(row.type);
        row.spoil(request);
        const auto parsed = parse(request);
        ASSERT_FALSE(parsed.has_value());
        EXPECT_EQ(parsed.error().code, row.code);
        EXPECT_EQ(parsed.error().message, row.message);
    }
}

constexpr auto bad = Code::BadRequest;

TEST(SigningRequest, IsRefusedWithTheMemberThatIsWrong) {
    const std::string number = "is not a whole number from 0 to 18446744073709551615";
    expect_refusals({
        {"RANDAO_REVEAL", [](Json& r) { r.erase("type"); }, bad, "the request: has no `type`"},
        {"RANDAO_REVEAL", [](Json& r) { r["type"] = 1; }, bad, "the request, type: is not a text"},
        {"RANDAO_REVEAL", [](Json& r) { r.erase("randao_reveal"); }, bad,
         "the request: has no `randao_reveal`"},
        {"RANDAO_REVEAL", [](Json& r) { r["randao_reveal"] = "1"; }, bad,
         "the request, randao_reveal: is not a JSON object"},
        {"RANDAO_REVEAL", [](Json& r) { r["randao_reveal"]["epoch"] = 1.5; }, bad,
         "the request, randao_reveal, epoch: " + number},
        {"RANDAO_REVEAL", [](Json& r) { r["randao_reveal"]["epoch"] = -1; }, bad,
         "the request, randao_reveal, epoch: " + number},
        {"RANDAO_REVEAL", [](Json& r) { r["randao_reveal"]["epoch"] = "1e3"; }, bad,
         "the request, randao_reveal, epoch: " + number},
        {"RANDAO_REVEAL", [](Json& r) { r["randao_reveal"]["epoch"] = "18446744073709551616"; },
         bad, "the request, randao_reveal, epoch: " + number},
        {"RANDAO_REVEAL", [](Json& r) { r.erase("fork_info"); }, bad,
         "the request: has no `fork_info`"},
        {"RANDAO_REVEAL", [](Json& r) { r["fork_info"]["fork"].erase("epoch"); }, bad,
         "the request, fork_info, fork: has no `epoch`"},
        {"RANDAO_REVEAL", [](Json& r) { r["fork_info"]["fork"]["current_version"] = "0x06"; }, bad,
         "the request, fork_info, fork, current_version: is not `0x` and 4 bytes in hex"},
        {"RANDAO_REVEAL", [](Json& r) { r["fork_info"]["genesis_validators_root"] = nullptr; }, bad,
         "the request, fork_info, genesis_validators_root: is not a text"},
        {"RANDAO_REVEAL", [](Json& r) { r["signingRoot"] = "0x00"; }, bad,
         "the request, signingRoot: is not `0x` and 32 bytes in hex"},
        {"RANDAO_REVEAL", [](Json& r) { r["signing_root"] = ""; }, bad,
         "the request, signing_root: is not `0x` and 32 bytes in hex"},
        {"VOLUNTARY_EXIT", [](Json& r) { r.erase("fork_info"); }, bad,
         "the request: has no `fork_info`"},
        {"BLOCK_V2", [](Json& r) { r["beacon_block"].erase("block_header"); }, bad,
         "the request, beacon_block: has no `block_header`"},
        {"ATTESTATION", [](Json& r) { r["attestation"]["target"].erase("root"); }, bad,
         "the request, attestation, target: has no `root`"},
        {"VALIDATOR_REGISTRATION",
         [](Json& r) { r["validator_registration"]["pubkey"] = "0x" + std::string(96, 'a'); }, bad,
         "the request, validator_registration, pubkey: is not the key that is to sign it"},
        {"DEPOSIT", [](Json& r) { r["deposit"]["pubkey"] = "0x" + std::string(96, 'a'); }, bad,
         "the request, deposit, pubkey: is not the key that is to sign it"},
        {"PAYLOAD_ATTESTATION_MESSAGE",
         [](Json& r) { r["payload_attestation_message"]["data"]["payload_present"] = "true"; }, bad,
         "the request, payload_attestation_message, data, payload_present: is not true or false"},
    });
}

void set_aggregate(Json& request, const std::string& member, const Json& value) {
    request["aggregate_and_proof"]["data"]["aggregate"][member] = value;
}

TEST(SigningRequest, OfAnAggregateHasTheLayoutOfItsFork) {
    const std::string aggregate = "the request, aggregate_and_proof, data, aggregate";
    const std::string bits = aggregate + ", aggregation_bits: ";
    expect_refusals({
        {"AGGREGATE_AND_PROOF_V2",
         [](Json& r) { r["aggregate_and_proof"]["data"]["aggregate"].erase("committee_bits"); },
         bad, aggregate + ": has no `committee_bits`"},
        {"AGGREGATE_AND_PROOF_V2", [](Json& r) { set_aggregate(r, "aggregation_bits", "0x"); }, bad,
         bits + "is not a list of up to 131072 bits and its end"},
        {"AGGREGATE_AND_PROOF_V2", [](Json& r) { set_aggregate(r, "aggregation_bits", "0xff00"); },
         bad, bits + "is not a list of up to 131072 bits and its end"},
        {"AGGREGATE_AND_PROOF_V2",
         [](Json& r) {
             set_aggregate(r, "aggregation_bits", "0x" + std::string(32768, 'f') + "02");
         },
         bad, bits + "is not a list of up to 131072 bits and its end"},
        {"AGGREGATE_AND_PROOF_V2",
         [](Json& r) { set_aggregate(r, "aggregation_bits", "0x" + std::string(32772, '1')); }, bad,
         bits + "is not `0x` and up to 16385 bytes in hex"},
        {"AGGREGATE_AND_PROOF_V2", [](Json& r) { set_aggregate(r, "aggregation_bits", "0x0"); },
         bad, bits + "is not `0x` and up to 16385 bytes in hex"},
        {"AGGREGATE_AND_PROOF",
         [](Json& r) {
             r["aggregate_and_proof"]["aggregate"]["committee_bits"] = "0x0000000000000001";
         },
         bad,
         "the request, aggregate_and_proof, aggregate, committee_bits: is there, before the fork "
         "that brought it"},
        {"AGGREGATE_AND_PROOF",
         [](Json& r) {
             r["aggregate_and_proof"]["aggregate"]["aggregation_bits"] =
                 "0x" + std::string(512, 'f') + "02";
         },
         bad,
         "the request, aggregate_and_proof, aggregate, aggregation_bits: is not a list of up to "
         "2048 bits and its end"},
    });
}

TEST(SigningRequest, OfAnAggregateOfAnUnknownForkIsRefused) {
    const std::string message =
        "the request, fork_info: has another version for epoch 440000 than this signer knows, "
        "fulu's: a newer release may know it";
    expect_refusals({
        {"AGGREGATE_AND_PROOF_V2",
         [](Json& r) { r["fork_info"]["fork"]["current_version"] = "0x07000000"; }, bad, message},
        {"AGGREGATE_AND_PROOF_V2",
         [](Json& r) { r["fork_info"]["fork"]["current_version"] = "0x05000000"; }, bad, message},
        {"AGGREGATE_AND_PROOF_V2", [](Json& r) { r["fork_info"]["fork"]["epoch"] = "440001"; }, bad,
         message},
    });
    // The others are laid out alike on any fork, and a client is taken at its word.
    Json request = request_of("ATTESTATION");
    request["fork_info"]["fork"]["current_version"] = "0x07000000";
    request["fork_info"]["fork"]["epoch"] = "1";
    EXPECT_TRUE(parse(request).value().request.has_value());
}

TEST(SigningRequest, IsReadIfThereIsARightToItsType) {
    const access::Rights routes({"read"});
    for (const std::string_view name : access::Rights::names()) {
        const auto right = access::find_right(name);
        if (!right) continue;
        const auto parsed = parse({{"type", name}});
        EXPECT_EQ(parsed.error().code, routes.has(*right) ? Code::UnknownType : Code::BadRequest)
            << name;
    }
}

TEST(SigningRequest, OfAnUnknownTypeIsRefused) {
    const auto retype = [](const char* type) { return [type](Json& r) { r["type"] = type; }; };
    expect_refusals({
        {"BLOCK_V2", retype("BLOCK"), Code::UnknownType,
         "the type `BLOCK` is not signed here: send BLOCK_V2 with the block's header"},
        {"BLOCK_V2", retype("EXECUTION_PAYLOAD_BID"), Code::UnknownType,
         "the type `EXECUTION_PAYLOAD_BID` is not signed here"},
        {"BLOCK_V2", retype(""), Code::UnknownType, "the type `` is not signed here"},
        {"BLOCK_V2", retype("BLOCK_V2\n"), Code::UnknownType,
         "the type `BLOCK_V2?` is not signed here"},
    });
}

TEST(SigningRequest, WithAnotherRootIsRefused) {
    const std::string root =
        prefixed_hex(parse(request_of("BLOCK_V2")).value().request->signing_root);
    const std::string message =
        "the message's signing root is " + root + ", not the one that was sent with it";
    const std::string other = "0x" + std::string(64, '0');
    expect_refusals({
        {"BLOCK_V2", [&](Json& r) { r["signingRoot"] = other; }, Code::RootMismatch, message},
        {"BLOCK_V2", [&](Json& r) { r["signing_root"] = other; }, Code::RootMismatch, message},
        {"BLOCK_V2",
         [&](Json& r) {
             r["signingRoot"] = root;
             r["signing_root"] = other;
         },
         Code::RootMismatch, message},
        {"BLOCK_V2",
         [&](Json& r) {
             r["signingRoot"] = root;
             r["beacon_block"]["block_header"]["slot"] = 14080029;
             r["beacon_block"]["block_header"]["body_root"] = other;
         },
         Code::RootMismatch,
         [&] {
             Json request = request_of("BLOCK_V2");
             request["beacon_block"]["block_header"]["body_root"] = other;
             return "the message's signing root is " +
                    prefixed_hex(parse(request).value().request->signing_root) +
                    ", not the one that was sent with it";
         }()},
    });
}

TEST(SigningRequest, OfAnotherNetworkHasATypeAndNoRoot) {
    for (const auto* const type :
         {"BLOCK_V2", "ATTESTATION", "AGGREGATION_SLOT", "AGGREGATE_AND_PROOF_V2", "RANDAO_REVEAL",
          "VOLUNTARY_EXIT", "SYNC_COMMITTEE_MESSAGE", "SYNC_COMMITTEE_SELECTION_PROOF",
          "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF", "PAYLOAD_ATTESTATION_MESSAGE",
          "PROPOSER_PREFERENCES", "DEPOSIT"}) {
        SCOPED_TRACE(type);
        Json request = request_of(type);
        request["fork_info"]["genesis_validators_root"] = "0x" + std::string(64, '1');
        if (request.contains("deposit")) request["deposit"]["genesis_fork_version"] = "0x00000064";
        const auto parsed = parse(request);
        ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
        EXPECT_EQ(name(parsed->type), type);
        ASSERT_FALSE(parsed->request.has_value());
        EXPECT_EQ(parsed->request.error().code, Code::WrongNetwork);
        EXPECT_EQ(parsed->request.error().message,
                  "the message is of another network than mainnet");
    }
}

/// Whose forks came at other epochs, so that its layout is not ours.
TEST(SigningRequest, OfAnotherNetworkMayHaveALayoutOfItsOwn) {
    Json request = request_of("AGGREGATE_AND_PROOF_V2");
    Json& aggregate = request["aggregate_and_proof"]["data"]["aggregate"];
    aggregate["data"]["slot"] = "1";
    EXPECT_EQ(parse(request).error().code, Code::BadRequest) << "all committees, in phase 0";
    request["fork_info"]["genesis_validators_root"] = "0x" + std::string(64, '1');
    EXPECT_EQ(parse(request).value().request.error().code, Code::WrongNetwork);
    request["fork_info"]["fork"].erase("epoch");
    EXPECT_EQ(parse(request).error().code, Code::BadRequest);
}

TEST(SigningRequest, IsNotReadWhenItIsNoJsonOrTooLong) {
    const auto parse_text = [](const std::string& text) {
        return parse_signing_request(text, {the_network(), the_key(), false});
    };
    std::string text = request_of("RANDAO_REVEAL").dump();
    for (const std::string& body : {std::string(), std::string("{\"type\":"), text + "x",
                                    "{\"type\":\"RANDAO_REVEAL\"," + text.substr(1)}) {
        EXPECT_EQ(parse_text(body).error().message,
                  "the request: is not JSON, or names a member twice");
    }
    EXPECT_EQ(parse_text("[]").error().message, "the request: is not a JSON object");
    text.append(65536 - text.size(), ' ');
    EXPECT_TRUE(parse_text(text).has_value());
    EXPECT_EQ(parse_text(text + " ").error().code, Code::TooLarge);
}

}  // namespace
}  // namespace redoubt::ethereum
