// SPDX-License-Identifier: Apache-2.0
#include "fixtures.hpp"

#include <fakes/authentication.hpp>
#include <fakes/messages.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>

namespace redoubt::simulation::tezos {
namespace {

using redoubt::tezos::SignatureScheme;
using test::SecretKey;

constexpr std::array<Byte, 2> tz4_seeds = {0x31, 0x32};

constexpr std::array<ByteArray<4>, Fixtures::chains> chain_ids = {
    test::mainnet, ByteArray<4>{0x01, 0x02, 0x03, 0x04}};

ByteArray<32> filled(Byte value) {
    ByteArray<32> out{};
    out.fill(value);
    return out;
}

SecretKey tz4_key(Byte seed) {
    ByteArray<32> secret{};
    std::ranges::copy(test::bls_secret(seed).big_endian(), secret.begin());
    return SecretKey(SignatureScheme::Bls12381, secret);
}

Bytes bytes_to_sign(const Choice& choice, bool is_tz4) {
    const auto filler = static_cast<Byte>(0x0a + choice.content);
    const auto& chain = chain_ids.at(choice.chain);
    if (choice.kind == Kind::Block) {
        return to_bytes(test::Block{
            .level = choice.level, .round = choice.round, .chain = chain, .filler = filler});
    }
    test::Vote vote{.level = choice.level, .round = choice.round, .chain = chain, .filler = filler};
    if (choice.kind == Kind::Preattestation) {
        vote.magic = test::preattestation_magic;
        vote.tag = test::preattestation_tag;
    }
    // A tz4 key has one tag for all attestations, without the data of DAL.
    if (choice.kind == Kind::AttestationWithDal && !is_tz4) {
        vote.tag = test::attestation_with_dal_tag;
        vote.dal = {0x01};
    }
    return to_bytes(is_tz4 ? test::of_tz4(vote) : vote);
}

std::string_view row_kind(Kind kind) {
    switch (kind) {
        case Kind::Block: return "block";
        case Kind::Preattestation: return "preattestation";
        case Kind::Attestation:
        case Kind::AttestationWithDal: return "attestation";
    }
    return {};
}

std::string digest_text(ByteView payload) { return to_base64(crypto::blake2b_256(payload)); }

http::Request to_sign(const SecretKey& key, const std::string& authentication, ByteView payload) {
    return {"POST", "/keys/" + key.named().address, http::Pairs{{"authentication", authentication}},
            "\"" + to_hex(payload) + "\""};
}

}  // namespace

Fixtures::Fixtures()
    : secrets_{SecretKey(SignatureScheme::Secp256k1, filled(0x11)),
               SecretKey(SignatureScheme::Secp256k1, filled(0x12)),
               SecretKey(SignatureScheme::P256, filled(0x13)),
               SecretKey(SignatureScheme::Ed25519, filled(0x14)),
               tz4_key(tz4_seeds[0]),
               tz4_key(tz4_seeds[1])},
      baker_(SignatureScheme::Secp256k1, filled(0x21)) {
    for (std::size_t i = 0; i < secrets_.size(); ++i) {
        const std::string text = "arn:aws:kms:eu-west-1:000000000000:key/" + std::to_string(i);
        settings_.consensus_keys.push_back(secrets_[i].named());
        if (secrets_[i].scheme() == SignatureScheme::Bls12381) continue;
        arns_.emplace(secrets_[i].named().hash, *aws::parse_key_arn(text));
        arn_texts_.push_back(text);
    }
    settings_.authorized_keys = {baker_.named()};
    make_illegitimate();
    const std::vector<Byte> seeds(tz4_seeds.begin(), tz4_seeds.end());
    alone_.add_keys(seeds, 1);
    shared_.add_keys(seeds, 2);
}

Bytes Fixtures::payload_of(const Choice& choice) const {
    return bytes_to_sign(choice, choice.key >= sealed_key());
}

const Prepared& Fixtures::prepare(const Choice& choice) {
    const auto found = prepared_.find(choice);
    if (found != prepared_.end()) return found->second;
    const Bytes payload = payload_of(choice);
    const SecretKey& key = secrets_[choice.key];
    const std::string authentication = test::authentication(baker_, key.named().hash, payload);
    auto authenticated = redoubt::tezos::authenticate(
        {settings_.consensus_keys[choice.key], payload, authentication}, settings_.authorized_keys);
    Prepared prepared{.request = to_sign(key, authentication, payload),
                      .authenticated = std::move(authenticated).value(),
                      .question = {.scope = scope_name(choice.key, choice.chain, choice.kind),
                                   .at = {choice.level, choice.round},
                                   .digest = digest_text(payload),
                                   .is_block = choice.kind == Kind::Block}};
    return prepared_.emplace(choice, std::move(prepared)).first->second;
}

const Prepared& Fixtures::illegitimate(std::size_t number) {
    return illegitimate_[number % illegitimate_.size()];
}

void Fixtures::make_illegitimate() {
    const SecretKey& key = secrets_.front();
    const SecretKey stranger(SignatureScheme::Secp256k1, filled(0x66));
    const Bytes vote = payload_of({.kind = Kind::Attestation, .level = 1'000});
    Bytes operation = vote;
    operation[0] = 0x03;
    Bytes cut = vote;
    cut.pop_back();
    const auto asked = [&key](const SecretKey& baker, ByteView payload) {
        return to_sign(key, test::authentication(baker, key.named().hash, payload), payload);
    };
    http::Request unsigned_vote = asked(baker_, vote);
    unsigned_vote.query = http::Pairs{};
    for (http::Request& request :
         std::vector<http::Request>{asked(stranger, vote), asked(baker_, operation),
                                    asked(baker_, cut), std::move(unsigned_vote)}) {
        illegitimate_.push_back(
            {std::move(request),
             std::nullopt,
             {.scope = "none", .at = {}, .digest = "none", .is_legitimate = false}});
    }
}

std::string Fixtures::scope_name(std::size_t key, std::size_t chain, Kind kind) const {
    return secrets_[key].named().address + " " + chain_text(chain) + "/" +
           std::string(row_kind(kind));
}

std::string Fixtures::chain_text(std::size_t chain) {
    return redoubt::tezos::to_text(redoubt::tezos::ChainId(chain_ids.at(chain)));
}

const Bytes& Fixtures::sign(std::size_t key, const redoubt::tezos::Digest& digest,
                            unsigned variant) {
    Bytes& made = signed_[{key, digest}].as_kms.at(variant);
    if (made.empty()) made = secrets_[key].sign_as_kms(digest);
    return made;
}

bool Fixtures::verifies(const Choice& choice, const std::string& signature) {
    const Bytes payload = payload_of(choice);
    const auto digest = crypto::blake2b_256(payload);
    const auto known = verified_.find({choice.key, signature});
    if (known != verified_.end()) return known->second == digest;
    const auto parsed = redoubt::tezos::parse_signature(signature);
    const auto& key = secrets_[choice.key].named().public_key;
    const bool fine = parsed && key.verify({payload, digest}, parsed->raw, crypto::HighS::Refused);
    if (fine) verified_[{choice.key, signature}] = digest;
    return fine;
}

}  // namespace redoubt::simulation::tezos
