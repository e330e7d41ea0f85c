// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/watermark_table.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace redoubt::tezos_adapters {
namespace {

namespace dynamodb = aws::dynamodb;
using tezos::ConsensusKind;

ObjectText to_item(const RowKey& key) {
    return ObjectText().add("pkh", dynamodb::text(key.pkh)).add("scope", dynamodb::text(key.scope));
}

/// Aliases for all names: many plain words are reserved.
ObjectText aliases(std::initializer_list<std::string_view> attributes) {
    ObjectText names;
    for (std::string_view attribute : attributes) {
        names.add("#" + std::string(attribute), attribute);
    }
    return names;
}

/// `:l`, `:r` and `:now`, which every write has.
ObjectText values_at(const tezos::Position& at, WallTime now) {
    return ObjectText()
        .add(":l", dynamodb::number(at.level.value()))
        .add(":r", dynamodb::number(at.round.value()))
        .add(":now", dynamodb::number(unix_ms(now)));
}

// Without parentheses around the whole: DynamoDB refuses redundant ones.
constexpr std::string_view position_is_lower = "#lvl < :l OR (#lvl = :l AND #rnd < :r)";

// That `lvl`, `pace` and `until` are numbers is in their comparisons: with anything else these are
// false.
constexpr std::string_view row_is_sound =
    "attribute_type(#rnd, :N) AND attribute_type(#at, :N) AND "
    "(attribute_not_exists(#digest) OR attribute_type(#digest, :B)) AND "
    "(attribute_not_exists(#sig) OR attribute_type(#sig, :S))";

/// What `row_is_sound` compares with.
ObjectText& add_types(ObjectText& values) {
    return values.add(":N", dynamodb::text("N"))
        .add(":B", dynamodb::text("B"))
        .add(":S", dynamodb::text("S"));
}

/// Below that of any row.
constexpr std::int64_t no_pace = std::numeric_limits<std::int64_t>::min() / 2;

std::optional<std::uint32_t> read_int31(const Json& item, std::string_view name) {
    const auto value = dynamodb::read_number(item, name);
    if (!value || *value < 0 || *value > tezos::max_int31) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
}

/// Lifts a row to a position; its pace becomes that of `head`. The fence is for the position.
dynamodb::Update lift(const std::string& table, const tezos::SigningPosition& position,
                      tezos::Level head, bool force, WallTime now) {
    const tezos::WatermarkId& id = position.watermark;
    dynamodb::Update update{table, to_item(row_key(id)), {}, {}, {}, {}};
    update.names = aliases({"lvl", "rnd", "digest", "sig", "at", "pace", "until"});
    update.values = values_at(position.at, now)
                        .add(":p", dynamodb::number(tezos::pace_of(head, now).value()))
                        .add(":N", dynamodb::text("N"));
    update.condition = position_is_lower;
    if (!force) {
        const std::int64_t pace = tezos::pace_of(position.at.level, now).value();
        update.values.add(":fence", dynamodb::number(pace - tezos::pace_slack.count()));
        update.condition = "#pace >= :fence AND (" + update.condition + ")";
    }
    // It stays, so it has to be sound.
    update.condition = "(" + update.condition +
                       ") AND (attribute_not_exists(#until) OR attribute_type(#until, :N))";
    update.update = "SET #lvl = :l, #rnd = :r, #at = :now, #pace = :p REMOVE #digest, #sig";
    return update;
}

}  // namespace

std::string scope_text(const tezos::WatermarkId& id) {
    return tezos::to_text(id.chain) + "/" + std::string(tezos::name(id.kind));
}

std::optional<tezos::WatermarkId> parse_scope(const tezos::KeyHash& key, std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto chain = tezos::parse_chain_id(text.substr(0, slash));
    for (ConsensusKind kind :
         {ConsensusKind::Block, ConsensusKind::Preattestation, ConsensusKind::Attestation}) {
        if (chain && tezos::name(kind) == text.substr(slash + 1)) {
            return tezos::WatermarkId{key, *chain, kind};
        }
    }
    return std::nullopt;
}

RowKey row_key(const tezos::WatermarkId& id) { return {tezos::to_text(id.key), scope_text(id)}; }

bool is_row_of(const Json& item, const RowKey& key) {
    const std::string* pkh = dynamodb::read_text(item, "pkh");
    const std::string* scope = dynamodb::read_text(item, "scope");
    return pkh != nullptr && scope != nullptr && *pkh == key.pkh && *scope == key.scope;
}

std::optional<tezos::Row> parse_row(const Json& item) {
    const auto level = read_int31(item, "lvl");
    const auto round = read_int31(item, "rnd");
    const auto written = dynamodb::read_number(item, "at");
    const auto pace = dynamodb::read_number(item, "pace");
    if (!level || !round || !written || !pace) return std::nullopt;
    tezos::Row row{
        {tezos::Level(*level), tezos::Round(*round)}, {}, {}, *written, tezos::Pace(*pace)};
    if (item.contains("digest")) {
        const auto digest = dynamodb::read_binary(item, "digest");
        if (!digest || digest->size() != tezos::Digest().size()) return std::nullopt;
        std::ranges::copy(*digest, row.digest.emplace().begin());
    }
    if (item.contains("sig")) {
        const std::string* signature = dynamodb::read_text(item, "sig");
        if (signature == nullptr) return std::nullopt;
        row.signature = *signature;
    }
    if (item.contains("until")) {
        const auto until = read_int31(item, "until");
        if (!until) return std::nullopt;
        row.until = tezos::Level(*until);
    }
    return row;
}

std::optional<tezos::Row> parse_damaged_row(const Json& item) {
    const auto level = read_int31(item, "lvl");
    const auto until = read_int31(item, "until");
    if (!level || (item.contains("until") && !until)) return std::nullopt;
    const auto round = read_int31(item, "rnd");
    const auto pace = dynamodb::read_number(item, "pace");
    tezos::Row row{{tezos::Level(*level), round ? tezos::Round(*round) : highest_round},
                   {},
                   {},
                   dynamodb::read_number(item, "at").value_or(0),
                   tezos::Pace(pace.value_or(no_pace))};
    if (until) row.until = tezos::Level(*until);
    return row;
}

Result<dynamodb::WriteReply<tezos::Row>> judge_write(const aws::Reply& reply, const RowKey& key) {
    return dynamodb::judge_write(
        reply, [&key](const Json& item) { return is_row_of(item, key); }, parse_row);
}

dynamodb::Update commit_update(const std::string& table, const RowKey& key,
                               const tezos::Proposal& proposal, Fence fence, WallTime now) {
    const tezos::Position& at = proposal.position.at;
    const bool sets_pace = fence == Fence::Tight && at.round == tezos::Round(0);
    const std::int64_t pace = tezos::pace_of(at.level, now).value() -
                              (fence == Fence::Loose ? tezos::pace_slack.count() : 0);

    dynamodb::Update update{table, to_item(key), {}, {}, {}, values_at(at, now)};
    update.names = aliases({"lvl", "rnd", "digest", "sig", "at", "pace", "until"});
    add_types(update.values)
        .add(":d", dynamodb::binary(proposal.message.digest))
        .add(":p", dynamodb::number(pace));
    update.condition = "#pace >= :p AND (" + std::string(position_is_lower) + ") AND " +
                       std::string(row_is_sound) +
                       " AND (attribute_not_exists(#until) OR #until >= :l)";
    update.update = "SET #lvl = :l, #rnd = :r, #digest = :d, #at = :now";
    if (sets_pace) update.update += ", #pace = :p";
    if (proposal.signature) {
        update.values.add(":s", dynamodb::text(*proposal.signature));
        update.update += ", #sig = :s";
    }
    return update;
}

dynamodb::Update arm_update(const std::string& table, const tezos::WatermarkId& id,
                            tezos::Level level, WallTime now) {
    dynamodb::Update update{table, to_item(row_key(id)), {}, {}, {}, {}};
    update.names = aliases({"pkh", "lvl", "rnd", "at", "pace"});
    update.values = values_at({level, highest_round}, now)
                        .add(":p", dynamodb::number(tezos::pace_of(level, now).value()));
    update.condition = "attribute_not_exists(#pkh)";
    update.update = "SET #lvl = :l, #rnd = :r, #at = :now, #pace = :p";
    return update;
}

dynamodb::Update raise_update(const std::string& table, const tezos::SigningPosition& position,
                              bool force, WallTime now) {
    return lift(table, position, position.at.level, force, now);
}

dynamodb::Update import_update(const std::string& table, const tezos::SigningPosition& position,
                               tezos::Level head, bool force, WallTime now) {
    dynamodb::Update update = lift(table, position, head, force, now);
    update.names.add("#pkh", "pkh");
    update.condition = "attribute_not_exists(#pkh) OR (" + update.condition + ")";
    return update;
}

dynamodb::Update until_update(const std::string& table, const tezos::WatermarkId& id,
                              tezos::Level until, WallTime now) {
    dynamodb::Update update{table, to_item(row_key(id)), {}, {}, {}, {}};
    update.names = aliases({"lvl", "rnd", "digest", "sig", "at", "pace", "until"});
    update.values.add(":u", dynamodb::number(until.value()))
        .add(":now", dynamodb::number(unix_ms(now)));
    add_types(update.values);
    update.condition = "#lvl <= :u AND attribute_type(#pace, :N) AND " + std::string(row_is_sound) +
                       " AND (attribute_not_exists(#until) OR #until > :u)";
    update.update = "SET #until = :u, #at = :now";
    return update;
}

tezos::Position before(tezos::Level from) {
    return {tezos::Level(from.value() - 1), highest_round};
}

dynamodb::Update from_update(const std::string& table, const tezos::WatermarkId& id,
                             tezos::Level from, std::int64_t seen_ms, WallTime now) {
    const tezos::Position at = before(from);
    const std::int64_t pace = tezos::pace_of(at.level, now).value();
    dynamodb::Update update{table, to_item(row_key(id)), {}, {}, {}, {}};
    update.names = aliases({"lvl", "rnd", "digest", "sig", "at", "pace", "until"});
    update.values = values_at(at, now)
                        .add(":p", dynamodb::number(pace))
                        .add(":fence", dynamodb::number(pace - tezos::pace_slack.count()))
                        .add(":f", dynamodb::number(from.value()))
                        .add(":seen", dynamodb::number(seen_ms));
    // Also a row that stands just there, for its `until` to be taken away.
    update.condition =
        "#pace >= :fence AND "
        "(#lvl < :l OR (#lvl = :l AND (#rnd < :r OR attribute_exists(#until)))) AND "
        "(attribute_not_exists(#until) OR (#until < :f AND #at = :seen))";
    update.update = "SET #lvl = :l, #rnd = :r, #at = :now, #pace = :p REMOVE #digest, #sig, #until";
    return update;
}

}  // namespace redoubt::tezos_adapters
