// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/tezos/authentication.hpp>

#include <fakes/aws_answer.hpp>
#include <fakes/item.hpp>
#include <fakes/messages.hpp>

namespace redoubt::bench {
namespace {

constexpr std::uint32_t level = 12'345'678;
constexpr WallTime now = test::some_morning;

SecretKey key_named(std::string_view name, SignatureScheme scheme) {
    return {scheme, crypto::blake2b_256(bytes_of(name))};
}

Json headers() {
    return {{"accept", "*/*"},
            {"content-type", "application/json"},
            {"host", "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws"},
            {"x-amzn-tls-cipher-suite", "TLS_AES_128_GCM_SHA256"},
            {"x-amzn-tls-version", "TLSv1.3"},
            {"x-amzn-trace-id", "Root=1-6b015d60-0123456789abcdef01234567"},
            {"x-forwarded-for", "203.0.113.7"},
            {"x-forwarded-port", "443"},
            {"x-forwarded-proto", "https"}};
}

Json event(const std::string& method, const std::string& path) {
    return {{"version", "2.0"},
            {"routeKey", "$default"},
            {"rawPath", path},
            {"rawQueryString", ""},
            {"headers", headers()},
            {"requestContext",
             {{"accountId", "anonymous"},
              {"apiId", "abcdefghijklmnopqrstuvwxyz012345"},
              {"domainName", "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws"},
              {"domainPrefix", "abcdefghijklmnopqrstuvwxyz012345"},
              {"http",
               {{"method", method},
                {"path", path},
                {"protocol", "HTTP/1.1"},
                {"sourceIp", "203.0.113.7"},
                {"userAgent", ""}}},
              {"requestId", "01234567-89ab-cdef-0123-456789abcdef"},
              {"routeKey", "$default"},
              {"stage", "$default"},
              {"time", "21/Nov/2026:10:00:00 +0000"},
              {"timeEpoch", unix_ms(now)}}},
            {"isBase64Encoded", false}};
}

}  // namespace

SecretKey consensus_key(SignatureScheme scheme) {
    if (scheme != SignatureScheme::Bls12381) return key_named("consensus", scheme);
    ByteArray<32> scalar{};
    scalar.back() = bls_seed;
    return {scheme, scalar};
}
SecretKey authorized_key(SignatureScheme scheme) { return key_named("authorized", scheme); }

aws::KeyArn key_arn(SignatureScheme scheme) {
    const std::string id = "01234567-89ab-cdef-0123-00000000000" +
                           std::to_string(static_cast<unsigned>(tezos::tag_of(scheme)));
    return aws::parse_key_arn("arn:aws:kms:eu-west-1:123456789012:key/" + id).value();
}

std::string session_token() {
    Bytes bytes;
    while (bytes.size() < 704) append(bytes, crypto::blake2b_256(bytes));
    return to_base64(bytes);
}

Bytes payload(ConsensusKind kind, SignatureScheme scheme) {
    if (kind == ConsensusKind::Block) return to_bytes(test::Block{.level = level});
    test::Vote vote{.level = level};
    if (kind == ConsensusKind::Preattestation) {
        vote.magic = test::preattestation_magic;
        vote.tag = test::preattestation_tag;
    }
    return to_bytes(scheme == SignatureScheme::Bls12381 ? test::of_tz4(vote) : vote);
}

tezos::SigningPosition slot(const tezos::KeyHash& key, ConsensusKind kind) {
    return {{key, tezos::ChainId(test::mainnet), kind}, {tezos::Level(level), tezos::Round(0)}};
}

std::string authentication(const SecretKey& baker, const tezos::KeyHash& key, ByteView payload) {
    const auto digest = crypto::blake2b_256(tezos::authentication_message(key, payload));
    return tezos::to_text(baker.scheme(), baker.sign_reproducibly(digest));
}

std::string post_event(const std::string& address, const std::string& authentication,
                       ByteView payload) {
    Json out = event("POST", "/keys/" + address);
    out["rawQueryString"] = "authentication=" + authentication;
    out["queryStringParameters"] = {{"authentication", authentication}};
    out["body"] = "\"" + to_hex(payload) + "\"";
    return dump(out);
}

std::string get_event(const std::string& path) { return dump(event("GET", path)); }

Bytes signature_of_kms(const SecretKey& key, const tezos::Digest& digest) {
    const auto raw = key.sign_reproducibly(digest);
    if (key.scheme() == SignatureScheme::Ed25519) return {raw.begin(), raw.end()};
    return test::to_der(test::twin_of(key.scheme(), raw));
}

http::Response kms_answer(const SecretKey& key, const tezos::Digest& digest) {
    const SignatureScheme scheme = key.scheme();
    const char* algorithm =
        scheme == SignatureScheme::Ed25519 ? "ED25519_SHA_512" : "ECDSA_SHA_256";
    return test::aws_answer(200,
                            {{"KeyId", key_arn(scheme).text},
                             {"Signature", to_base64(signature_of_kms(key, digest))},
                             {"SigningAlgorithm", algorithm}},
                            now);
}

tezos::Row row_of(const SecretKey& key, ConsensusKind kind) {
    const Bytes bytes = payload(kind, key.scheme());
    const auto message = crypto::message_of(bytes);
    const auto at = slot(key.named().hash, kind).at;
    tezos::Row row{at, message.digest, std::nullopt, unix_ms(now), tezos::pace_of(at.level, now)};
    if (kind == ConsensusKind::Block) {
        // KMS's signature, once its s is low.
        const bool is_by_kms = key.scheme() != SignatureScheme::Bls12381;
        row.signature = tezos::to_text(
            key.scheme(), is_by_kms ? key.sign_reproducibly(message.digest) : key.sign(message));
    }
    return row;
}

http::Response committed_answer(const SecretKey& key, ConsensusKind kind) {
    const Json item = test::to_item(slot(key.named().hash, kind).watermark, row_of(key, kind));
    return test::aws_answer(200, {{"Attributes", item}}, now);
}

http::Response refused_answer(const SecretKey& key, ConsensusKind kind) {
    tezos::Row row = row_of(key, kind);
    row.digest = crypto::blake2b_256(bytes_of("other bytes"));
    const Json item = test::to_item(slot(key.named().hash, kind).watermark, row);
    return test::aws_error(400, "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
                           now, {{"Item", item}});
}

}  // namespace redoubt::bench
