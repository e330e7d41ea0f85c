// SPDX-License-Identifier: Apache-2.0
#include "chain.hpp"

#include <algorithm>
#include <array>

#include <redoubt/base/encoding.hpp>

namespace redoubt::signing {

template class Committed<toy::Chain>;
template class Signature<toy::Chain>;
template class UnreleasedSignature<toy::Chain>;
template Result<toy::Signature> release(toy::Committed, toy::UnreleasedSignature);

}  // namespace redoubt::signing

namespace redoubt::toy {
namespace {

namespace dynamodb = aws::dynamodb;

std::optional<Row> parse_row(const Json& item) {
    const auto number = dynamodb::read_number(item, "number");
    if (!number) return std::nullopt;
    Row row{.number = *number};
    if (item.contains("digest")) {
        const auto digest = dynamodb::read_binary(item, "digest");
        if (!digest || digest->size() != crypto::Digest().size()) return std::nullopt;
        std::ranges::copy(*digest, row.digest.emplace().begin());
    }
    return row;
}

Result<dynamodb::WriteReply<Row>> judge_write(const Result<aws::Reply>& reply, const Key& key) {
    if (!reply) return std::unexpected(reply.error());
    return dynamodb::judge_write(
        *reply,
        [&key](const Json& item) {
            const std::string* id = dynamodb::read_text(item, "id");
            return id != nullptr && *id == key.arn.text;
        },
        parse_row);
}

aws::Operation write(aws::Service& service, dynamodb::Update update) {
    return {service, "UpdateItem", [body = to_body(update)] { return body; },
            std::string(dynamodb::condition_failed)};
}

dynamodb::Update update_of(const Key& key) {
    return {"toys", ObjectText().add("id", dynamodb::text(key.arn.text)), {}, {}, {}, {}};
}

aws::Operation commit(const Key& key, const Message& message, aws::Service& service) {
    auto update = update_of(key);
    update.condition = "#number < :n";
    update.update = "SET #number = :n, #digest = :d";
    update.names.add("#number", "number").add("#digest", "digest");
    update.values.add(":n", dynamodb::number(message.number))
        .add(":d", dynamodb::binary(message.digest));
    return write(service, std::move(update));
}

Result<UnreleasedSignature> verified(const aws::Operation& asked, const Key& key,
                                     const crypto::Digest& digest) {
    const auto& reply = asked.outcome();
    if (!reply) return std::unexpected(reply.error());
    const auto raw = aws::kms::read_signature(*reply, key.arn, key.public_key.scheme());
    if (!raw) return std::unexpected(raw.error());
    return UnreleasedSignature::verified(key.public_key, {{}, digest}, *raw);
}

}  // namespace

std::string Chain::to_text(crypto::SignatureScheme /*scheme*/, const crypto::RawSignature& raw) {
    return to_hex(raw);
}

/// The rule.
Result<Committed> Chain::judge(const Message& message, const dynamodb::WriteReply<Row>& reply) {
    if (!reply.row) return fail(Code::NotArmed, "no row for this key");
    const Row& row = *reply.row;
    if (row.number == message.number && row.digest == message.digest) {
        return Committed(message.digest);
    }
    if (reply.is_applied) return fail(Code::TableRefused, "another row than what was written");
    if (row.number == message.number) return fail(Code::AlreadySigned, "with other bytes");
    return fail(Code::BelowWatermark, "something higher was signed");
}

Result<Signature> sign(const Key& key, const Message& message, const Services& services,
                       SteadyTime deadline) {
    auto signing = aws::kms::sign(services.kms, key.arn, key.public_key.scheme(), message.digest);
    auto committing = commit(key, message, services.dynamodb);
    const std::array<io::Exchange*, 2> exchanges = {&signing, &committing};
    services.runner.run(exchanges, deadline);
    const auto written = judge_write(committing.outcome(), key);
    if (!written) return std::unexpected(written.error());
    auto committed = Chain::judge(message, *written);
    if (!committed) return std::unexpected(committed.error());
    auto fresh = verified(signing, key, message.digest);
    if (!fresh) return std::unexpected(fresh.error());
    return release(std::move(*committed), std::move(*fresh));
}

operators::Command arm(const Key& key, const Services& services) {
    return {"arm", {"number"}, [&](const Json& fields, SteadyTime deadline) {
                const Json* number = member(fields, "number");
                if (number == nullptr || !number->is_number_unsigned()) {
                    return operators::failed({Code::BadRequest, "`number` is a whole number", {}});
                }
                auto update = update_of(key);
                update.condition = "attribute_not_exists(#id)";
                update.update = "SET #number = :n";
                update.names.add("#id", "id").add("#number", "number");
                update.values.add(":n", dynamodb::number(number->get<std::int64_t>()));
                auto writing = write(services.dynamodb, std::move(update));
                io::Exchange* const exchange = &writing;
                services.runner.run({&exchange, 1}, deadline);
                const auto written = judge_write(writing.outcome(), key);
                if (!written) return operators::failed(written.error());
                if (!written->is_applied) {
                    return operators::failed({Code::AlreadySigned, "there is a row", {}});
                }
                return operators::CommandResult{{{"number", written->row->number}}};
            }};
}

}  // namespace redoubt::toy
