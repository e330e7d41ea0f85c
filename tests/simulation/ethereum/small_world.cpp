// SPDX-License-Identifier: Apache-2.0
#include "small_world.hpp"

#include <array>

#include <fakes/aws_answer.hpp>
#include <standins/aws_exception.hpp>

#include "interchange.hpp"

namespace redoubt::simulation::ethereum {
namespace {

namespace product = redoubt::ethereum;
using ethereum_adapters::Validator;

const product::PublicKey& the_key() {
    static const product::PublicKey key = [] {
        product::PublicKey filled;
        filled.bytes.fill(0x11);
        return filled;
    }();
    return key;
}

/// A root by its number, none by that of none.
std::optional<product::Root> root_of(int number) {
    if (number == no_root) return std::nullopt;
    product::Root root{};
    root.fill(static_cast<Byte>(number));
    return root;
}
int number_of(const std::optional<product::Root>& root) {
    return root ? int{root->front()} : no_root;
}

template <class Time>
Time time_of(int number) {
    return Time(static_cast<std::uint64_t>(number));
}
template <class Time>
int number_of(const Time& time) {
    return static_cast<int>(time.value());
}

product::SlashableDuty duty_of(const Message& message) {
    if (message.is_block) return product::BlockDuty{time_of<product::Slot>(message.target)};
    return product::AttestationDuty{
        {}, time_of<product::Epoch>(message.source), time_of<product::Epoch>(message.target)};
}

/// As the use case has it: the order of source and target is looked at first.
bool is_backwards(const product::SlashableDuty& duty) {
    const auto* vote = std::get_if<product::AttestationDuty>(&duty);
    return vote != nullptr && refuse_backwards(*vote);
}

Json to_interchange(const Marks& marks, const product::Network& network) {
    const Message vote{.source = marks.source, .target = marks.target};
    const Message block{.is_block = true, .target = marks.slot};
    return interchange_of(product::prefixed_hex(network.genesis_validators_root),
                          {{the_key().text(), {vote, block}}});
}

void put(standins::DynamoDb& dynamodb, const std::string& table, const ObjectText& item) {
    static_cast<void>(dynamodb.operate(
        "PutItem", {{"TableName", table}, {"Item", parse_json(item.text()).value()}}));
}

}  // namespace

SmallWorld::Environment::Environment(SmallWorld& world, aws::kms::Regions& regions)
    : wraps({world.aws_.dynamodb, world.table_, regions, world.wrapping_keys_, world.aws_.runner},
            [](const sealed_adapters::Opening&) {}),
      store({world.aws_.dynamodb, world.aws_.runner, world.table_, world.network_}, cache, wraps) {}

SmallWorld::SmallWorld(SecondTable* second)
    : second_(second),
      network_(product::find_network("hoodi").value()),
      regions_(aws_.kms, "eu-west-1", {}, aws_.credentials, aws_.corrected) {
    standins::create_validators(dynamodb_, table_);
    put(dynamodb_, table_,
        to_item(ethereum_adapters::TableNetwork{network_.genesis_validators_root, table_, {}}));
    aws_.runner.follow([this](const http::ClientRequest& call) { return answer(call); });
    for (auto& environment : environments_) {
        environment = std::make_unique<Environment>(*this, regions_);
    }
}

void SmallWorld::set(const Row& row) {
    Validator validator;
    validator.key = the_key();
    validator.is_on = row.is_on;
    validator.source = time_of<product::Epoch>(row.source);
    validator.target = time_of<product::Epoch>(row.target);
    validator.slot = time_of<product::Slot>(row.slot);
    validator.attestation_root = root_of(row.vote_root);
    validator.block_root = root_of(row.block_root);
    validator.sealed = {Bytes(61, 1), sealed::WrapId()};
    put(dynamodb_, table_, to_item(validator));
    aws_.runner.calls.clear();
}

Json SmallWorld::item() {
    return dynamodb_
        .operate("GetItem", {{"TableName", table_}, {"Key", {{"id", {{"S", the_key().text()}}}}}})
        .at("Item");
}

Row SmallWorld::row() {
    const Validator is = ethereum_adapters::parse_validator(item()).value();
    return {.is_on = is.is_on,
            .source = number_of(is.source),
            .target = number_of(is.target),
            .vote_root = number_of(is.attestation_root),
            .slot = number_of(is.slot),
            .block_root = number_of(is.block_root)};
}

bool SmallWorld::commit(unsigned environment, const Message& message) {
    const auto duty = duty_of(message);
    if (is_backwards(duty)) return false;
    const auto epoch = message.is_block ? epoch_of(network_, time_of<product::Slot>(message.target))
                                        : time_of<product::Epoch>(message.target);
    const auto pending = environments_[environment]->store.begin(
        {the_key(), duty, root_of(message.root).value(), epoch, {}});
    const std::array<io::Exchange*, 1> exchanges = {&pending->exchange()};
    aws_.runner.run(exchanges, SteadyTime::max());
    return pending->outcome().has_value();
}

SmallWorld::Imported SmallWorld::import(const Marks& marks, const std::optional<Message>& between) {
    between_ = between;
    was_approved_.reset();
    const bool is_done =
        ask({{"command", "import_interchange"}, {"data", to_interchange(marks, network_)}});
    between_.reset();
    return {is_done, was_approved_};
}

bool SmallWorld::switch_to(bool is_on) {
    return ask({{"command", "set_keys"}, {"keys", {the_key().text()}}, {"on", is_on}});
}

bool SmallWorld::ask(const Json& command) {
    const ethereum_operator::Context context{.version = "1",
                                             .table = table_,
                                             .network = network_,
                                             .kms = aws_.kms,
                                             .wrapping_kms = regions_,
                                             .dynamodb = aws_.dynamodb,
                                             .runner = aws_.runner};
    const Json fields = parse_json(dump(command)).value();
    const auto result =
        operators::CommandTable(ethereum_operator::commands(context))
            .run(fields.at("command").get<std::string>(), fields, SteadyTime::max());
    return !result.error;
}

http::ResponseOrError SmallWorld::answer(const http::ClientRequest& call) {
    const std::string target = test::header_of(call, "X-Amz-Target");
    const std::string operation = target.substr(target.find('.') + 1);
    if (operation == "UpdateItem" && between_) {
        const Message first = *std::exchange(between_, std::nullopt);
        was_approved_ = commit(1, first);
    }
    const Json body = test::body_of(call);
    const bool is_compared = second_ != nullptr && operation == "UpdateItem";
    const Json before = is_compared ? item() : Json();
    const Told told = tell(operation, body);
    if (is_compared) second_->compare({before, body, told.status, told.body, item()});
    if (told.status == 200) return test::aws_answer(200, told.body, aws_.clock.wall());
    return test::aws_error(told.status, "com.amazonaws.dynamodb.v20120810#" + told.type,
                           aws_.clock.wall(), told.body);
}

SmallWorld::Told SmallWorld::tell(const std::string& operation, const Json& call) {
    try {
        return {.body = dynamodb_.operate(operation, call)};
    } catch (const standins::AwsException& refusal) {
        return {refusal.status, refusal.type, refusal.more};
    }
}

}  // namespace redoubt::simulation::ethereum
