// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/crypto/bls.hpp>
#include <redoubt/ethereum/signing_request.hpp>

#include "../vectors/ethereum_vectors.hpp"

namespace redoubt::ethereum {
namespace {

/// Holesky has ended and is no longer known; here it is described.
Network network_of_row(const std::string& name) {
    for (const Json& row : test::ethereum_vectors("networks").at("networks")) {
        if (row.at("name") == name) return parse_network(row.dump()).value();
    }
    throw std::runtime_error("no network " + name);
}

/// What the published examples were made on: the specification's `minimal` preset, of one fork.
Network minimal_network() {
    Network network = network_of_row("mainnet");
    network.name = "minimal";
    network.slots_per_epoch = 8;
    network.seconds_per_slot = 6;
    network.genesis_validators_root =
        parse_prefixed_hex<32>("0x04700007fabc8282644aed6d1c7c9e21d38a03a0c4ba193f3afe428824b3a673")
            .value();
    network.forks = {{ForkName::Phase0, {0, 0, 0, 1}, Epoch(0)}};
    return network;
}

PublicKey own_key() {
    return PublicKey::parse(test::ethereum_vectors("signing").at("public_key").get<std::string>())
        .value();
}

/// Of messages that name the key that signs them, it has to be this one.
PublicKey key_of(const Json& request) {
    for (const auto* const member : {"validator_registration", "deposit"}) {
        if (request.contains(member)) {
            return PublicKey::parse(request.at(member).at("pubkey").get<std::string>()).value();
        }
    }
    return own_key();
}

std::string root_of(const Json& request, const Network& network, bool gloas_draft = false) {
    const PublicKey key = key_of(request);
    const auto parsed = parse_signing_request(request.dump(), {network, key, gloas_draft});
    if (!parsed) return parsed.error().message;
    if (!parsed->request) return parsed->request.error().message;
    return prefixed_hex(parsed->request->signing_root);
}

/// Without the root that the client computed: ours has to come out by itself, and be taken as well.
void expect_root(const Json& row, const Network& network, bool gloas_draft = false) {
    Json request = row.at("request");
    EXPECT_EQ(row.at("signing_root"), root_of(request, network, gloas_draft));
    EXPECT_EQ(request.erase("signingRoot"), 1U);
    EXPECT_EQ(row.at("signing_root"), root_of(request, network, gloas_draft));
    request["signing_root"] = row.at("signing_root");
    EXPECT_EQ(row.at("signing_root"), root_of(request, network, gloas_draft));
    request["signing_root"] = row.at("object_root");
    EXPECT_TRUE(root_of(request, network, gloas_draft).contains("not the one that was sent"));
}

TEST(SigningVectors, HaveOurRoots) {
    for (const Json& row : test::ethereum_vectors("signing").at("cases")) {
        SCOPED_TRACE(row.at("name").get<std::string>());
        expect_root(row, network_of_row(row.at("network")));
    }
}

TEST(SigningVectors, HaveOurSignatures) {
    const Json& vectors = test::ethereum_vectors("signing");
    const auto secret = parse_prefixed_hex<32>(vectors.at("secret_key").get<std::string>()).value();
    const auto key = crypto::bls::SecretKey::parse(secret).value();
    EXPECT_EQ(prefixed_hex(key.public_key().encoded()), own_key().text());
    for (const Json& row : vectors.at("cases")) {
        SCOPED_TRACE(row.at("name").get<std::string>());
        const auto root = parse_prefixed_hex<32>(row.at("signing_root").get<std::string>()).value();
        const auto signature = key.sign(root, crypto::bls::Domain::Message);
        EXPECT_EQ(row.at("signature"), prefixed_hex(ByteView(signature)));
    }
}

TEST(SigningVectors, OfOthersHaveOurRoots) {
    for (Json row : test::ethereum_vectors("signing").at("published_examples")) {
        SCOPED_TRACE(row.at("name").get<std::string>());
        Json& request = row.at("request");
        if (request.contains("contribution_and_proof")) {
            // A committee of 32: of 8 bits, whose leaf is that of 128 with zeros behind.
            Json& bits = request["contribution_and_proof"]["contribution"]["aggregation_bits"];
            bits = bits.get<std::string>() + std::string(30, '0');
        }
        if (request.contains("aggregation_slot")) {
            // The page spells two members as no client does.
            EXPECT_EQ(root_of(request, minimal_network()),
                      "the request, fork_info, fork: has no `previous_version`");
            request["fork_info"]["fork"] = {{"previous_version", "0x00000001"},
                                            {"current_version", "0x00000001"},
                                            {"epoch", "1"}};
        }
        expect_root(row, minimal_network());
    }
}

TEST(SigningVectors, OfDraftsHaveOurRootsWhenTheyAreAskedFor) {
    const Network mainnet = find_network("mainnet").value();
    for (const Json& row : test::ethereum_vectors("gloas-draft").at("cases")) {
        SCOPED_TRACE(row.at("name").get<std::string>());
        expect_root(row, mainnet, true);
        EXPECT_EQ(root_of(row.at("request"), mainnet),
                  row.at("request").at("type").get<std::string>() +
                      " is a draft of gloas, and signed with GLOAS=draft only");
    }
}

TEST(SigningVectors, OfTheApiAreReadOrRefused) {
    const Network mainnet = find_network("mainnet").value();
    for (const Json& row : test::ethereum_vectors("http").at("cases")) {
        const std::string path = row.at("path");
        if (!path.starts_with("/api/v1/eth2/sign/")) continue;
        SCOPED_TRACE(row.at("name").get<std::string>());
        const std::string body = row.contains("raw_body") ? row.at("raw_body").get<std::string>()
                                                          : row.at("body").dump();
        const PublicKey key = own_key();
        const auto parsed = parse_signing_request(body, {mainnet, key, false});
        const int status = row.at("recommended");
        EXPECT_EQ(parsed.has_value(), status != 400);
        if (!parsed.has_value()) continue;
        // What a table decides is not decided here.
        const bool is_foreign = status == 412 && !row.contains("given");
        EXPECT_EQ(parsed->request.has_value(), !is_foreign);
        if (is_foreign) {
            EXPECT_EQ(parsed->request.error().code, Code::WrongNetwork);
        }
    }
}

}  // namespace
}  // namespace redoubt::ethereum
