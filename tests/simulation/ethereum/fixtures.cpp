// SPDX-License-Identifier: Apache-2.0
#include "fixtures.hpp"

#include <algorithm>

#include <fakes/sealed_world.hpp>
#include <redoubt/adapters/ethereum/access_table.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/operator/sealed/sealing.hpp>
#include <simulation/engine/time.hpp>

namespace redoubt::simulation::ethereum {
namespace {

namespace product = redoubt::ethereum;

constexpr std::array<Byte, Fixtures::keys> seeds = {0x41, 0x42, 0x43, 0x44};
/// A key that no table has.
constexpr Byte seed_of_nobody = 0x4f;
constexpr std::size_t keys_of_the_first_wrap = 3;
/// Within what a world sees.
constexpr int epoch_of_the_last_fork = Fixtures::first_epoch + 2;

product::Network network_of_worlds() {
    product::Network network = product::find_network("hoodi").value();
    network.slots_per_epoch = Fixtures::slots_per_epoch;
    network.seconds_per_slot = Fixtures::slot_ms / 1'000;
    const std::int64_t age_ms =
        Fixtures::slot_ms * Fixtures::slots_per_epoch * std::int64_t{Fixtures::first_epoch};
    network.genesis_time = static_cast<std::uint64_t>((unix_ms(beginning) - age_ms) / 1'000);
    for (product::Fork& fork : network.forks) fork.epoch = product::Epoch(0);
    network.forks.back().epoch = product::Epoch(epoch_of_the_last_fork);
    return network;
}

std::string text_of_key(Byte seed) {
    return product::prefixed_hex(test::bls_secret(seed).public_key().encoded());
}

Caller make_caller(const std::set<std::string>& ops, access::KeyScope keys, bool is_in_path) {
    const auto made = access::make_token();
    const access::Grant grant{.ops = ops, .keys = keys};
    const auto item =
        ethereum_adapters::to_item(access::Token{made.id, made.hash, is_in_path, grant});
    return {.token = std::string(made.text.expose()),
            .is_in_path = is_in_path,
            .keys = std::move(keys),
            .item = parse_json(item.text()).value()};
}

std::string with_token(const Caller& caller, Flaw flaw) {
    const std::string no_secret(43, 'A');
    if (flaw == Flaw::NoToken) return "";
    if (flaw == Flaw::HalfAToken) return caller.token.substr(0, 30);
    if (flaw == Flaw::UnknownToken) return "rdt_0123456789abcdef_" + no_secret;
    if (flaw == Flaw::AnotherSecret) return caller.token.substr(0, 21) + no_secret;
    return caller.token;
}

http::Request to_request(const std::string& method, const std::string& path, const Caller& caller,
                         Flaw flaw, std::string body) {
    const std::string token = with_token(caller, flaw);
    const bool is_in_path = caller.is_in_path && !token.empty();
    return {.method = method,
            .path = (is_in_path ? "/t/" + token : "") + "/api/v1/eth2/" + path,
            .query = http::Pairs(),
            .body = std::move(body),
            .accept = "application/json",
            .authorization = is_in_path || token.empty() ? "" : "Bearer " + token};
}

void put_in(Flaw flaw, Json& body) {
    if (flaw == Flaw::AnotherRoot) body["signingRoot"] = test::root_text(99);
    if (flaw == Flaw::UnknownType) body["type"] = "BLOCK_V9";
    if (flaw == Flaw::AnotherNetwork) {
        body["fork_info"]["genesis_validators_root"] = test::root_text(98);
    }
}

/// Those that come before anybody looks what the caller may have signed.
std::string refusal_of(Flaw flaw) {
    switch (flaw) {
        case Flaw::NoToken: return "token_missing";
        case Flaw::HalfAToken:
        case Flaw::UnknownToken:
        case Flaw::AnotherSecret: return "token_invalid";
        case Flaw::AnotherRoot: return "root_mismatch";
        case Flaw::UnknownType: return "unknown_type";
        case Flaw::NoJson: return "bad_request";
        case Flaw::None:
        case Flaw::AnotherNetwork:
        case Flaw::UnknownKey: break;
    }
    return "";
}

/// The first slot in which it may be signed.
int first_slot(const Choice& choice) {
    const int epoch_of_slot = choice.target / Fixtures::slots_per_epoch;
    switch (choice.kind) {
        case Kind::Vote:
            // It names its source's first slot, too.
            return std::max((choice.target - 1) * Fixtures::slots_per_epoch,
                            choice.source * Fixtures::slots_per_epoch - 1);
        case Kind::Randao: return (choice.target - 1) * Fixtures::slots_per_epoch;
        case Kind::Block:
        case Kind::Aggregate: return choice.target - 1;
        case Kind::SelectionProof:
        case Kind::SyncMessage: return (epoch_of_slot - 1) * Fixtures::slots_per_epoch;
        case Kind::Exit: return choice.target * Fixtures::slots_per_epoch;
        case Kind::Registration:
        case Kind::List: break;
    }
    return 0;
}

bool is_slashable(Kind kind) { return kind == Kind::Vote || kind == Kind::Block; }

}  // namespace

// --- Sealing -------------------------------------------------------------------------------------

Sealing::Sealing(unsigned kms_keys) {
    world.runner.follow([this](const http::ClientRequest& call) { return kms.answer(call); });
    sealed_operator::Sealing settings;
    for (unsigned i = 1; i <= kms_keys; ++i) {
        settings.wrapping_keys.push_back(
            aws::parse_key_arn("arn:aws:kms:eu-west-1:000000000000:key/wrapping-" +
                               std::to_string(i))
                .value());
    }
    wrapping_keys = settings.wrapping_keys;
    aws::kms::Regions regions(world.kms, "eu-west-1", {}, world.credentials, world.corrected);
    const std::string table = Fixtures::table_name;
    const sealed_operator::Tools tools{
        {world.dynamodb, table, regions, wrapping_keys, world.runner},
        ethereum_adapters::wrap_layout,
        world.kms,
        settings};
    const auto division =
        sealed_operator::divide_among_all(settings, kms_keys == 1 ? 1 : 2).value();
    std::vector<sealed_operator::NewWrap> made;
    for (const Byte number : {Byte{1}, Byte{2}}) {
        sealed::WrapId id;
        id.bytes.fill(number);
        made.push_back(sealed_operator::make_wrap(tools, id, division, ByteArray<32>{number},
                                                  sealed_operator::Trial::None, SteadyTime::max())
                           .value());
        ids.push_back(id);
        wraps.push_back(parse_json(ethereum_adapters::to_item(made.back().wrap).text()).value());
    }
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        const auto& wrap = made[i < keys_of_the_first_wrap ? 0 : 1];
        const auto secret = test::bls_secret(seeds.at(i));
        secrets.push_back(
            {sealed_operator::seal_secret(secret, secret.public_key().encoded(), wrap).value(),
             wrap.wrap.id});
    }
}

// --- Fixtures ------------------------------------------------------------------------------------

Fixtures::Fixtures() : network_(network_of_worlds()) {
    for (const Byte seed : seeds) {
        secrets_.push_back(test::bls_secret(seed));
        key_texts_.push_back(text_of_key(seed));
    }
    const std::set<std::string> validator = {"validator"};
    const access::TheseKeys the_first{{key_texts_[0], key_texts_[1], key_texts_[2]}};
    callers_ = {make_caller(validator, access::AllKeys{}, false),
                make_caller(validator, access::AllKeys{}, true),
                make_caller(validator, access::TaggedKeys{{"a", "b"}}, false),
                make_caller(validator, the_first, false)};
    leaver_ = make_caller({"exit"}, access::AllKeys{}, false);
}

Json Fixtures::body_of(const Choice& choice) const {
    const auto target = static_cast<std::uint64_t>(choice.target);
    const auto source = static_cast<std::uint64_t>(choice.source);
    const auto seed = static_cast<std::uint64_t>(choice.content + 1);
    switch (choice.kind) {
        case Kind::Vote: return requests_.attestation(source, target, seed);
        case Kind::Block: return requests_.block(target, seed);
        case Kind::Randao: return requests_.randao(target);
        case Kind::SelectionProof: return requests_.selection_proof(target);
        case Kind::SyncMessage: return requests_.sync_message(target);
        case Kind::Aggregate: return requests_.aggregate(target);
        case Kind::Exit: return requests_.exit(target);
        case Kind::Registration:
        case Kind::List: break;
    }
    const std::string elsewhere = "0x2222222222222222222222222222222222222222";
    return test::ValidatorRequests::registration(key_texts_[choice.key],
                                                 choice.content == 0 ? recipient : elsewhere);
}

Fixtures::Message& Fixtures::message(const Choice& choice) {
    const auto found = messages_.find(choice);
    if (found != messages_.end()) return found->second;
    Message made{.body = body_of(choice)};
    const auto key = product::PublicKey::parse(key_texts_[choice.key]).value();
    const auto parsed = product::parse_signing_request(dump(made.body), {network_, key, false});
    made.root = parsed.value().request.value().signing_root;
    return messages_.emplace(choice, std::move(made)).first->second;
}

int Fixtures::number_of_root(const std::string& base64) {
    return roots_.emplace(base64, static_cast<int>(roots_.size()) + 1).first->second;
}

Question Fixtures::question_of(const Choice& choice, const Caller& caller) {
    const std::string& key = key_texts_[choice.key];
    const bool is_block = choice.kind == Kind::Block;
    const std::int64_t age_ms = slot_ms * first_slot(choice);
    Question question{.key = key,
                      .is_slashable = is_slashable(choice.kind),
                      .message = {.is_block = is_block,
                                  .source = choice.kind == Kind::Vote ? choice.source : 0,
                                  .target = choice.target,
                                  .root = number_of_root(to_base64(message(choice).root))},
                      .from_ms = static_cast<std::int64_t>(network_.genesis_time) * 1'000 + age_ms,
                      .is_for_ever = choice.kind == Kind::Exit};
    if (choice.kind == Kind::Registration) {
        question.recipient = body_of(choice)["validator_registration"]["fee_recipient"];
    }
    if (const auto* tagged = std::get_if<access::TaggedKeys>(&caller.keys)) {
        question.tags = tagged->tags;
    }
    return question;
}

Prepared Fixtures::prepare(const Choice& choice, const Caller& caller, Flaw flaw) {
    Prepared prepared{.request = {}, .question = question_of(choice, caller), .choice = choice};
    Question& question = prepared.question;
    const auto* these = std::get_if<access::TheseKeys>(&caller.keys);
    const bool is_leaver = &caller == &leaver_;
    std::string key = key_texts_[choice.key];
    if (flaw == Flaw::UnknownKey) key = question.key = text_of_key(seed_of_nobody);
    question.refusal = refusal_of(flaw);
    question.may_read = flaw != Flaw::NoToken && flaw != Flaw::HalfAToken;
    if (question.refusal.empty()) {
        const bool is_in_scope = these == nullptr || these->keys.contains(key);
        if ((choice.kind == Kind::Exit) != is_leaver || !is_in_scope ||
            (flaw == Flaw::UnknownKey && question.tags)) {
            question.refusal = "not_permitted";
        } else if (flaw == Flaw::AnotherNetwork) {
            question.refusal = "wrong_network";
        } else if (flaw == Flaw::UnknownKey) {
            question.refusal = "unknown_key";
        } else if (choice.kind == Kind::Vote && choice.source >= choice.target) {
            question.refusal = "below_watermark";
        }
    }
    Json body = message(choice).body;
    put_in(flaw, body);
    const std::string text = flaw == Flaw::NoJson ? "{" : dump(body);
    prepared.request = to_request("POST", "sign/" + key, caller, flaw, text);
    return prepared;
}

Prepared Fixtures::prepare_list(const Caller& caller) const {
    Question question{.key = {}, .is_slashable = false, .is_list = true};
    if (const auto* these = std::get_if<access::TheseKeys>(&caller.keys)) {
        question.keys = these->keys;
    } else if (const auto* tagged = std::get_if<access::TaggedKeys>(&caller.keys)) {
        question.tags = tagged->tags;
    }
    return {.request = to_request("GET", "publicKeys", caller, Flaw::None, ""),
            .question = std::move(question),
            .choice = {.kind = Kind::List}};
}

bool Fixtures::is_signature(const Choice& choice, const std::string& text) {
    Message& asked = message(choice);
    if (asked.signature.empty()) {
        asked.signature = product::prefixed_hex(
            secrets_[choice.key].sign(asked.root, crypto::bls::Domain::Message));
    }
    return text == asked.signature;
}

}  // namespace redoubt::simulation::ethereum
