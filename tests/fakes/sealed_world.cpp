// SPDX-License-Identifier: Apache-2.0
#include "sealed_world.hpp"

#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/sealed/envelope.hpp>
#include <redoubt/sealed/shares.hpp>

#include "aws_answer.hpp"

namespace redoubt::test {
namespace {

std::string arn_text(unsigned number) {
    return "arn:aws:kms:eu-west-1:123456789012:key/wrapping-" + std::to_string(number);
}

std::vector<aws::KeyArn> arns(unsigned count) {
    std::vector<aws::KeyArn> out;
    for (unsigned i = 1; i <= count; ++i) out.push_back(aws::parse_key_arn(arn_text(i)).value());
    return out;
}

bool is_of(const Json& item, const Json& key) {
    return item.at("pkh") == key.at("pkh") && item.at("scope") == key.at("scope");
}

}  // namespace

crypto::bls::SecretKey bls_secret(Byte seed) {
    ByteArray<32> scalar{};
    scalar.back() = seed;
    return crypto::bls::SecretKey::parse(scalar).value();
}

SealedWorld::SealedWorld(unsigned wrapping)
    : wrapping_keys(arns(wrapping)),
      regions(world.kms, "eu-west-1", {}, world.credentials, world.corrected) {
    world.runner.follow([this](const http::ClientRequest& call) { return answer(call); });
}

const tezos::KeyInfo& SealedWorld::add_key(Byte seed, unsigned threshold) {
    add_keys({seed}, threshold);
    return keys.back();
}

void SealedWorld::add_keys(const std::vector<Byte>& seeds, unsigned threshold) {
    const auto n = static_cast<unsigned>(wrapping_keys.size());
    const auto key = sealed::WrapKey::make(ByteArray<32>{0x42});
    const auto id = names_wraps_by_keys
                        ? sealed::WrapId::made_for(bls_secret(seeds.front()).public_key().encoded())
                        : sealed::WrapId::make();
    sealed::Wrap wrap{id, threshold, {}, {}, tezos_adapters::tezos_purpose, 0};
    wrap.check = key.check(wrap.id);
    const auto shares = sealed::split(key, threshold, n).value();
    for (const sealed::Share& share : shares) {
        const aws::KeyArn& arn = wrapping_keys.at(share.x - 1);
        aws::Operation sealing = aws::kms::encrypt(
            world.kms, arn, share.bytes.view(),
            sealed::share_context(wrap.id, share.x, n, tezos_adapters::tezos_purpose));
        world.run(sealing);
        wrap.shares.push_back(
            {arn.text, share.x, aws::kms::read_ciphertext(*sealing.outcome(), arn).value()});
    }
    items.push_back(parse_json(tezos_adapters::to_item(wrap).text()).value());
    for (const Byte seed : seeds) {
        const auto secret = bls_secret(seed);
        const tezos::KeyInfo& info = keys.emplace_back(secret.public_key());
        items.push_back(
            parse_json(tezos_adapters::to_item(
                           tezos_adapters::SealedItem{
                               info.public_key,
                               sealed::seal(key, wrap.id, tezos_adapters::tezos_purpose,
                                            info.public_key.encoded(), secret.big_endian()),
                               wrap.id, 0, std::nullopt})
                           .text())
                .value());
    }
    kms.calls.clear();
}

tezos_adapters::SealedKeys SealedWorld::sealed_keys() {
    return {{world.dynamodb, table, regions, wrapping_keys, world.runner},
            keys,
            world.clock,
            [this](const tezos_adapters::Opening& opening) { openings.push_back(opening); }};
}

http::ResponseOrError SealedWorld::answer(const http::ClientRequest& call) {
    if (SealingKms::is_for(call)) return kms.answer(call);
    ++reads;
    if (!table_trouble.empty()) return aws_error(400, table_trouble, world.clock.wall());
    Json found = Json::array();
    const Json body = body_of(call);
    for (const Json& key : body.at("RequestItems").at(table).at("Keys")) {
        for (const Json& item : items) {
            if (is_of(item, key)) found.push_back(item);
        }
    }
    return aws_answer(
        200, {{"Responses", {{table, std::move(found)}}}, {"UnprocessedKeys", Json::object()}},
        world.clock.wall());
}

Json& SealedWorld::item_of(const tezos::KeyInfo& key) {
    return *std::ranges::find_if(
        items, [&key](const Json& item) { return tezos_adapters::is_item_of(item, key.hash); });
}

Json& SealedWorld::wrap_of(const tezos::KeyInfo& key) {
    const auto id =
        sealed::WrapId::parse(item_of(key).at("wrap").at("S").get<std::string>()).value();
    return *std::ranges::find_if(
        items, [&id](const Json& item) { return tezos_adapters::is_item_of(item, id); });
}

}  // namespace redoubt::test
