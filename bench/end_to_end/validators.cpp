// SPDX-License-Identifier: Apache-2.0
#include "validators.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/sealed/envelope.hpp>
#include <redoubt/sealed/shares.hpp>
#include <standins/random.hpp>

namespace redoubt::bench {

namespace {

namespace adapters = ethereum_adapters;
using crypto::bls::SecretKey;

SecretKey secret_of(std::size_t number) {
    Bytes seed(SecretKey::size, 0);
    for (std::size_t at = 0; at < sizeof number; ++at) {
        seed.at(at) = static_cast<Byte>(number >> (8 * at));
    }
    return SecretKey::generate(seed);
}

ethereum::PublicKey name_of(const SecretKey& secret) {
    ethereum::PublicKey name;
    std::ranges::copy(secret.public_key().encoded(), name.bytes.begin());
    return name;
}

Json as_json(const sealed::Context& context) {
    Json json;
    for (const auto& [name, value] : context) json[name] = value;
    return json;
}

/// The key's one share, as KMS encrypts it.
sealed::EncryptedShare encrypted(standins::World& world, const sealed::WrapId& id,
                                 const sealed::WrapKey& key) {
    const auto shares = sealed::split(key, 1, 1);
    const std::string& arn = world.setup().wrapping.front();
    const Json answer = world.kms_keys().operate(
        "Encrypt",
        {{"KeyId", arn},
         {"Plaintext", to_base64(shares.value().front().bytes.view())},
         {"EncryptionContext",
          as_json(sealed::share_context(id, 1, 1, adapters::ethereum_purpose))}},
        {});
    return {arn, 1, from_base64(answer.at("CiphertextBlob").get<std::string>()).value()};
}

}  // namespace

void Validators::add(std::size_t count, std::size_t batch, Wraps wraps) {
    for (std::size_t i = 0; i < count; ++i) {
        if (i % batch == 0) make_wrap(wraps);
        keys_.push_back({name_of(secret_of(keys_.size())), wraps_.size() - 1});
        put_key(keys_.size() - 1);
    }
    name_wraps();
}

void Validators::seal_under_one_wrap() {
    wraps_.clear();
    make_wrap(Wraps::Named);
    for (std::size_t number = 0; number < keys_.size(); ++number) {
        keys_[number].wrap = 0;
        put_key(number);
    }
    name_wraps();
}

const ethereum::PublicKey& Validators::key_open_at_start() const {
    // A set of texts is kept in their order.
    const auto first = std::ranges::min_element(wraps_, {}, [](const Wrap& wrap) {
        return std::pair(wrap.named == Wraps::Unnamed, wrap.id.text());
    });
    const auto wrap = static_cast<std::size_t>(first - wraps_.begin());
    return std::ranges::find(keys_, wrap, &Key::wrap)->name;
}

void Validators::make_wrap(Wraps named) {
    const auto id = sealed::WrapId::make();
    auto key = sealed::WrapKey::make(standins::random_bytes(sealed::WrapKey::size));
    put(adapters::to_item(sealed::Wrap{.id = id,
                                       .threshold = 1,
                                       .shares = {encrypted(world_, id, key)},
                                       .check = key.check(id),
                                       .purpose = adapters::ethereum_purpose,
                                       .made_ms = unix_ms(world_.clock().now())}));
    wraps_.push_back({id, std::move(key), named});
}

void Validators::put_key(std::size_t number) {
    const auto& [name, wrap_number] = keys_[number];
    const Wrap& wrap = wraps_[wrap_number];
    const std::int64_t now = unix_ms(world_.clock().now());
    put(to_item(adapters::Validator{
        .key = name,
        .is_on = true,
        .source = ethereum::Epoch(0),
        .target = ethereum::Epoch(0),
        .slot = ethereum::Slot(0),
        .sealed = adapters::SealedSecret{sealed::seal(wrap.key, wrap.id, adapters::ethereum_purpose,
                                                      name.bytes, secret_of(number).big_endian()),
                                         wrap.id},
        .made_ms = now,
        .written_ms = now}));
}

void Validators::name_wraps() {
    const auto item =
        world_.validators().get({{"id", {.type = standins::Type::S, .text = "network"}}});
    if (!item) throw std::runtime_error("the table does not say what it is for");
    auto network = adapters::parse_network_item(standins::to_json(*item));
    if (!network) throw std::runtime_error("the item `network` cannot be read");
    network->wraps.clear();
    for (const Wrap& wrap : wraps_) {
        if (wrap.named == Wraps::Named) network->wraps.push_back(wrap.id);
    }
    put(to_item(*network));
}

void Validators::put(const ObjectText& item) {
    const auto parsed = standins::parse_item(Json::parse(item.text()));
    standins::Table& table = world_.validators();
    table.change(table.key_of(parsed), [&](const auto& /*before*/) { return parsed; });
}

}  // namespace redoubt::bench
