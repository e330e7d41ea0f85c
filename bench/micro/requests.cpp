// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/aws/kms/kms.hpp>
#include <redoubt/aws/sigv4.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/lambda/event.hpp>

#include <fakes/aws_world.hpp>
#include <fakes/item.hpp>
#include <inputs/inputs.hpp>
#include "measure.hpp"

namespace redoubt::bench {
namespace {

void measure_payloads() {
    for (ConsensusKind kind :
         {ConsensusKind::Block, ConsensusKind::Preattestation, ConsensusKind::Attestation}) {
        measure("payload/" + std::string(tezos::name(kind)) + "/ours", [bytes = payload(kind)] {
            return tezos::parse_payload(bytes, SignatureScheme::Secp256k1).has_value();
        });
    }
}

void measure_event(const SecretKey& key) {
    const Bytes message = payload(ConsensusKind::Attestation);
    const auto text =
        authentication(authorized_key(SignatureScheme::Secp256k1), key.named().hash, message);
    measure("event/post/ours", [event = post_event(key.named().address, text, message)] {
        return std::get<lambda::HttpEvent>(lambda::parse_event(event)).request.has_value();
    });
}

/// The two bodies that are sent, the signature that each call carries, and what is read.
void measure_calls(const SecretKey& key) {
    const auto world = std::make_shared<test::AwsWorld>();
    const auto named = std::make_shared<tezos::KeyInfo>(key.named());
    world->credentials.session_token = Secret(session_token());
    const auto digest = crypto::blake2b_256(payload(ConsensusKind::Attestation));
    const tezos::SigningPosition at = slot(named->hash, ConsensusKind::Attestation);
    const auto commit = [=] {
        return aws::dynamodb::to_body(tezos_adapters::commit_update(
            std::string(table_name), tezos_adapters::row_key(at.watermark),
            {*named, at, {{}, digest}, std::nullopt}, tezos_adapters::Fence::Tight,
            world->clock.wall()));
    };
    measure("body/commit/ours", commit);
    measure("body/kms/ours", [world, arn = key_arn(key.scheme()), digest] {
        const auto operation = aws::kms::sign(world->kms, arn, SignatureScheme::Secp256k1, digest);
        return operation.stats().calls == 0;
    });
    measure("sigv4/commit/ours",
            [world, body = commit()] { return world->dynamodb.call("UpdateItem", body).headers; });
}

void measure_answers(const SecretKey& key) {
    const auto digest = crypto::blake2b_256(payload(ConsensusKind::Attestation));
    const aws::Reply reply{{}, parse_json(kms_answer(key, digest).body).value(), {}};
    measure("answer/kms/ours", [reply, arn = key_arn(key.scheme()), scheme = key.scheme()] {
        return aws::kms::read_signature(reply, arn, scheme).has_value();
    });
    const tezos::WatermarkId scope = slot(key.named().hash, ConsensusKind::Attestation).watermark;
    const Json item = test::to_item(scope, row_of(key, ConsensusKind::Attestation));
    measure("answer/dynamodb/ours", [item, key = tezos_adapters::row_key(scope)] {
        return tezos_adapters::is_row_of(item, key) && tezos_adapters::parse_row(item);
    });
}

}  // namespace

void measure_requests() {
    const SecretKey key = consensus_key(SignatureScheme::Secp256k1);
    measure_payloads();
    measure_event(key);
    measure_calls(key);
    measure_answers(key);
}

}  // namespace redoubt::bench
