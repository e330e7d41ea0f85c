// SPDX-License-Identifier: Apache-2.0
// A tz4 key beside the others: its versions, its key that has to be opened, its proofs.
#include <redoubt/crypto/bls.hpp>

#include "remote_signer_api_fixture.hpp"

namespace redoubt::test {
namespace {

class Tz4 : public ::testing::Test {
protected:
    Tz4() {
        for (const Bytes& payload : {block, preattestation, attestation}) {
            world.arm_for(key, payload, tezos::Level(99));
            world.arm_for(tz2, payload, tezos::Level(99));
        }
        world.settings.prove_possession = true;
    }

    tezos::ApiResponse ask_in_version(const SecretKey& of, const Bytes& payload,
                                      const std::string& version) {
        auto request = world.to_sign(of, payload);
        request.query->emplace_back("version", version);
        return world.ask(request);
    }
    static http::Request get_proof(const std::string& address, http::Pairs query = {}) {
        return {"GET", "/bls_prove_possession/" + address, std::move(query), {}};
    }
    tezos::ApiResponse prove(const SecretKey& of, http::Pairs query = {}) {
        return world.ask(get_proof(of.named().address, std::move(query)));
    }

    World world;
    const SecretKey& key = world.key(SignatureScheme::Bls12381);
    const SecretKey& tz2 = world.key(SignatureScheme::Secp256k1);
    const SecretKey companion{SignatureScheme::Bls12381, {0x35}};
    const Bytes block = to_bytes(Block{});
    const Bytes preattestation = to_bytes(of_tz4({.magic = preattestation_magic}));
    const Bytes attestation = to_bytes(of_tz4({}));
    const Bytes attestation_of_tz2 = to_bytes(Vote{});
    const Error not_open{Code::WrapUnavailable, "not open yet", {}};
};

TEST_F(Tz4, SignsTheBytesOfEachKind) {
    for (const Bytes& payload : {block, preattestation, attestation}) {
        const std::string text = signature_in(world.ask_to_sign(key, payload));
        EXPECT_TRUE(text.starts_with("BLsig"));
        EXPECT_TRUE(is_signature(key, payload, text));
    }
    EXPECT_EQ(world.ask_to_sign(key, to_bytes(of_tz4({.filler = 0x01}))).response.status, 409);
}

TEST_F(Tz4, SignsForVersionsTwoAndThreeAlone) {
    for (const std::string version : {"2", "3", "03", "002"}) {
        EXPECT_EQ(ask_in_version(key, attestation, version).response.status, 200) << version;
    }
    world.signer.times_prepared = 0;
    const int before = world.calls();
    for (const std::string version : {"0", "1", "00", "001", "4", "10", "999"}) {
        for (const Bytes& payload : {block, preattestation, attestation}) {
            const auto answered = ask_in_version(key, payload, version);
            expect_refusal(answered, 400, "bad_request");
            const std::string why = answered.error.value_or(Error{}).message;
            EXPECT_TRUE(why.contains("not in " + std::to_string(std::stoi(version)))) << why;
        }
    }
    EXPECT_EQ(world.calls(), before);
    EXPECT_EQ(world.signer.times_prepared, 0);
    for (const std::string version : {"0", "1", "4", "999"}) {
        EXPECT_EQ(ask_in_version(tz2, attestation_of_tz2, version).response.status, 200) << version;
    }
}

TEST_F(Tz4, NothingIsCommittedBeforeTheKeyIsOpen) {
    world.signer.not_ready = not_open;
    for (const Bytes& payload : {block, preattestation, attestation}) {
        expect_refusal(world.ask_to_sign(key, payload), 502, "wrap_unavailable");
    }
    EXPECT_EQ(world.calls(), 0);
    EXPECT_EQ(world.signer.times_prepared, 3);
    EXPECT_TRUE(world.trace.signing.message.has_value()) << "the log knows what was refused";
    EXPECT_FALSE(world.trace.signing.digest.has_value()) << "no signer got it";
    world.signer.not_ready.reset();
    for (const Bytes& payload : {block, preattestation, attestation}) {
        EXPECT_EQ(world.ask_to_sign(key, payload).response.status, 200);
    }
}

TEST_F(Tz4, NoKeyIsOpenedForWhatIsRefusedAnyhow) {
    auto request = world.to_sign(key, attestation);
    request.query = http::Pairs{};
    expect_refusal(world.ask(request), 401, "authentication_missing");
    expect_refusal(world.ask_to_sign(key, attestation_of_tz2), 403, "kind_not_allowed");
    expect_refusal(world.ask_to_sign(key, ByteView(attestation).first(77)), 400, "bad_payload");
    world.store.seen_to_be_below = Error{Code::BelowWatermark, "seen", {}};
    expect_refusal(world.ask_to_sign(key, attestation), 409, "below_watermark");
    EXPECT_EQ(world.ask({"GET", "/keys/" + key.named().address, {}, {}}).response.status, 200);
    EXPECT_EQ(world.signer.times_prepared, 0);
}

TEST_F(Tz4, ProvesPossessionOfItselfAndOfAnother) {
    for (const auto& [query, of] :
         {std::pair(http::Pairs{}, &key),
          std::pair(http::Pairs{{"bls_pk", key.named().public_key_text}}, &key),
          std::pair(http::Pairs{{"bls_pk", companion.named().public_key_text}}, &companion)}) {
        const auto answered = prove(key, query);
        ASSERT_EQ(answered.response.status, 200) << answered.response.body;
        const Json body = parse_json(answered.response.body).value();
        ASSERT_EQ(body.size(), 1U);
        const auto proof =
            tezos::parse_signature(body.at("bls_prove_possession").get<std::string>());
        ASSERT_TRUE(proof.has_value());
        EXPECT_EQ(proof->scheme, SignatureScheme::Bls12381);
        EXPECT_TRUE(crypto::bls::verify_possession(key.named().public_key, of->named().public_key,
                                                   proof->raw));
        EXPECT_EQ(answered.trace.route, "GET /bls_prove_possession");
        EXPECT_EQ(answered.trace.address, key.named().address);
    }
    EXPECT_EQ(world.calls(), 0);
}

TEST_F(Tz4, ProvesNothingUnlessAllowedTo) {
    world.settings.prove_possession = false;
    for (const std::string method : {"GET", "POST", "PUT"}) {
        auto request = get_proof(key.named().address);
        request.method = method;
        expect_refusal(world.ask(request), 404, "unknown_route");
    }
    expect_refusal(prove(key, {{"bls_pk", "x"}}), 404, "unknown_route");
    world.settings.prove_possession = true;
    EXPECT_EQ(prove(key).response.status, 200);
}

TEST_F(Tz4, ProofsAreAskedForStrictly) {
    auto posted = get_proof(key.named().address);
    posted.method = "POST";
    expect_refusal(world.ask(posted), 405, "method_not_allowed");
    expect_refusal(prove(companion), 404, "unknown_key");
    expect_refusal(world.ask(get_proof("")), 404, "unknown_route");
    expect_refusal(world.ask(get_proof(key.named().address + "/x")), 404, "unknown_route");
    expect_refusal(prove(tz2), 400, "bad_request");
    const std::string own = key.named().public_key_text;
    for (const std::string& wrong :
         {std::string(), std::string("x"), key.named().address, tz2.named().public_key_text,
          own.substr(0, own.size() - 1), own + "1", std::string(10'000, '1')}) {
        expect_refusal(prove(key, {{"bls_pk", wrong}}), 400, "bad_request");
    }
    expect_refusal(prove(key, {{"bls_pk", own}, {"bls_pk", own}}), 400, "bad_request");
}

TEST_F(Tz4, AKeyThatIsNotOpenProvesNothing) {
    world.signer.not_ready = not_open;
    expect_refusal(prove(key), 502, "wrap_unavailable");
    EXPECT_EQ(world.signer.times_prepared, 0) << "a GET opens nothing";
    world.signer.not_ready.reset();
    world.signer.proof_of = companion.named().public_key;
    expect_refusal(prove(key), 500, "bad_signature");
}

/// As one is whose keys are in KMS.
class Unable final : public tezos::Signer {
    [[nodiscard]] std::unique_ptr<tezos::PendingSignature> begin(
        const tezos::KeyInfo& /*key*/, ByteView /*payload*/,
        const tezos::Digest& /*digest*/) override {
        return nullptr;
    }
};

TEST_F(Tz4, OtherSignersHaveNothingToPrepareOrToProve) {
    Unable signer;
    EXPECT_FALSE(signer.prepare(key.named(), world.deadline).has_value());
    const auto proof = signer.prove_possession(key.named(), key.named().public_key);
    ASSERT_FALSE(proof.has_value());
    EXPECT_EQ(proof.error().code, Code::UnknownRoute);
}

}  // namespace
}  // namespace redoubt::test
