// SPDX-License-Identifier: Apache-2.0
// Answers of KMS, to Sign and to GetPublicKey, to Encrypt, Decrypt and GenerateRandom. The input: a
// line with `0` to `2` for the scheme of the key that signs, then answers.
#include <redoubt/adapters/tezos/kms_signer.hpp>
#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/base/encoding.hpp>

#include <fakes/secret_key.hpp>
#include "answers.hpp"

namespace redoubt::fuzz::kms {
namespace {

constexpr tezos::Digest digest = {0x0d};
constexpr std::size_t most_calls = 6;

const aws::KeyArn& arn() {
    static const auto arn = aws::parse_key_arn("arn:aws:kms:eu-west-1:123456789012:key/1a2b");
    return *arn;
}

const test::SecretKey& key_of(std::size_t which) {
    static const std::array keys = {
        test::SecretKey(tezos::SignatureScheme::Ed25519, {0x31}),
        test::SecretKey(tezos::SignatureScheme::Secp256k1, {0x31}),
        test::SecretKey(tezos::SignatureScheme::P256, {0x31}),
    };
    return keys.at(which % keys.size());
}

void check_error(const test::AwsWorld& world, const Error& error) {
    constexpr std::array codes = {Code::KmsUnavailable, Code::KmsRefused, Code::BadSignature,
                                  Code::CredentialsExpired};
    check(std::ranges::find(codes, error.code) != codes.end(), "KMS's errors");
    check_texts(world, error);
}

void sign(const test::SecretKey& key, std::string_view wire) {
    test::AwsWorld world;
    tezos_adapters::KmsSigner signer(world.kms, {{key.named().hash, arn()}});
    Answers answers(wire);
    world.runner.follow(answers.script());
    const auto pending = signer.begin(key.named(), {}, digest);
    world.run(pending->exchange());
    const auto stats = pending->exchange().stats();
    check(static_cast<std::size_t>(stats.calls) == world.runner.calls.size(), "calls are counted");
    check(world.runner.calls.size() <= most_calls, "KMS is not asked for ever");
    const auto outcome = pending->outcome();
    if (!outcome) return check_error(world, outcome.error());
    const auto text = tezos::parse_signature(test::unreleased_text(key.named(), *outcome));
    check(text && key.named().public_key.verify(test::of_digest(digest), text->raw,
                                                crypto::HighS::Refused),
          "a signature verifies, with a low s");
    check(!answers.bodies(200).empty() && answers.bodies(200).back().at("KeyId") == arn().text,
          "it is of the last answer, and of the key that was asked");
}

void get_public_key(std::string_view wire) {
    test::AwsWorld world;
    Answers answers(wire);
    world.runner.follow(answers.script());
    aws::Operation operation = aws::kms::get_public_key(world.kms, arn());
    world.run(operation);
    const auto& reply = operation.outcome();
    if (!reply) return check_error(world, reply.error());
    const auto key = aws::kms::read_public_key(*reply, arn());
    if (!key) return check_error(world, key.error());
    const Json body = answers.bodies(200).back();
    check(body.at("KeyId") == arn().text && body.at("KeyUsage") == "SIGN_VERIFY",
          "it is of the key that was asked, and is there to sign");
    const auto der = from_base64(body.at("PublicKey").get<std::string>());
    check(der && crypto::PublicKey::parse_spki(*der) == *key, "it is the one in the answer");
}

/// What KMS is said to have decrypted or drawn: exactly that, and nowhere else.
void check_secret(const test::AwsWorld& world, const aws::Operation& done, const Answers& answers,
                  const Result<GuardedBytes>& secret) {
    check(world.runner.calls.size() <= most_calls, "KMS is not asked for ever");
    if (!secret) return check_error(world, secret.error());
    check(secret->size() == 32, "a secret is as long as it has to be");
    const auto sent = answers.bodies(200).back().at("Plaintext").get<std::string>();
    const auto bytes = from_base64(sent);
    check(bytes && std::ranges::equal(*bytes, secret->view()), "it is the one in the answer");
    check(done.outcome()->body.at("Plaintext") == "", "the reply does not hold it");
}

void seal(std::string_view wire) {
    const aws::kms::EncryptionContext context = {{"redoubt:share", "1/1"}};
    const auto run = [&wire](const auto& begin, const auto& judge) {
        test::AwsWorld world;
        Answers answers(wire);
        world.runner.follow(answers.script());
        aws::Operation operation = begin(world);
        world.run(operation);
        judge(world, operation, answers);
    };
    run([&](auto& world) { return aws::kms::decrypt(world.kms, arn(), Bytes(9), context); },
        [](auto& world, auto& done, auto& answers) {
            const auto secret = aws::kms::read_plaintext(done, arn(), 32);
            check_secret(world, done, answers, secret);
            check(!secret || answers.bodies(200).back().at("KeyId") == arn().text,
                  "it is of the key that was asked");
        });
    run([](auto& world) { return aws::kms::generate_random(world.kms, 32); },
        [](auto& world, auto& done, auto& answers) {
            check_secret(world, done, answers, aws::kms::read_random(done, 32));
        });
    run([&](auto& world) { return aws::kms::encrypt(world.kms, arn(), Bytes(32), context); },
        [](auto& world, auto& done, auto& answers) {
            if (!done.outcome()) return check_error(world, done.outcome().error());
            const auto blob = aws::kms::read_ciphertext(*done.outcome(), arn());
            if (!blob) return check_error(world, blob.error());
            check(answers.bodies(200).back().at("KeyId") == arn().text && !blob->empty(),
                  "a ciphertext is of the key that was asked");
        });
}

}  // namespace

void one_input(ByteView input) {
    std::string_view wire = text_of(input);
    const std::string_view which = take_line(wire);
    sign(key_of(which.empty() ? 0 : static_cast<Byte>(which[0])), wire);
    get_public_key(wire);
    seal(wire);
}

}  // namespace redoubt::fuzz::kms
