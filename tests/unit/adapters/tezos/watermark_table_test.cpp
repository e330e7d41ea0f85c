// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/watermark_table.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <regex>
#include <set>

#include <fakes/secret_key.hpp>
#include <fakes/table.hpp>

namespace redoubt::test {
namespace {

using tezos::ConsensusKind;
using tezos::Level;
using tezos::Pace;
using tezos::Round;
using tezos_adapters::Fence;

const SecretKey key(tezos::SignatureScheme::Secp256k1, {0x31});
constexpr tezos::Digest digest = {0x0d};
const tezos::ChainId mainnet({0x7a, 0x06, 0xa7, 0x70});

tezos::WatermarkId scope_of(ConsensusKind kind) { return {key.named().hash, mainnet, kind}; }

tezos::Proposal proposal(ConsensusKind kind, std::uint32_t level, std::uint32_t round) {
    const bool is_block = kind == ConsensusKind::Block;
    return {key.named(),
            {scope_of(kind), {Level(level), Round(round)}},
            of_digest(digest),
            is_block ? std::optional<std::string>("the signature") : std::nullopt};
}

aws::dynamodb::Update commit(const tezos::Proposal& proposal, Fence fence, WallTime now) {
    return tezos_adapters::commit_update("t", tezos_adapters::row_key(proposal.position.watermark),
                                         proposal, fence, now);
}

TEST(ScopeText, IsChainAndKind) {
    EXPECT_EQ(tezos_adapters::scope_text(scope_of(ConsensusKind::Block)), "NetXdQprcVkpaWU/block");
    EXPECT_EQ(tezos_adapters::scope_text(scope_of(ConsensusKind::Preattestation)),
              "NetXdQprcVkpaWU/preattestation");
    EXPECT_EQ(tezos_adapters::scope_text(scope_of(ConsensusKind::Attestation)),
              "NetXdQprcVkpaWU/attestation");
}

TEST(ScopeText, IsReadBackAndNothingElseIs) {
    for (const ConsensusKind kind :
         {ConsensusKind::Block, ConsensusKind::Preattestation, ConsensusKind::Attestation}) {
        EXPECT_EQ(tezos_adapters::parse_scope(key.named().hash,
                                              tezos_adapters::scope_text(scope_of(kind))),
                  scope_of(kind));
    }
    for (const std::string text :
         {"", "/", "NetXdQprcVkpaWU", "NetXdQprcVkpaWU/", "NetXdQprcVkpaWU/Block",
          "NetXdQprcVkpaWU/blocks", "NetXdQprcVkpaWU/block/", "NetXdQprcVkpaWV/block", "/block",
          "x/block", "block/NetXdQprcVkpaWU"}) {
        EXPECT_EQ(tezos_adapters::parse_scope(key.named().hash, text), std::nullopt) << text;
    }
}

Json sound_item() {
    return to_item(scope_of(ConsensusKind::Block),
                   {{Level(5), Round(2)}, digest, "spsig1", 1'795'255'200'000, Pace(-17)});
}

TEST(Row, IsReadFromItsAttributes) {
    const auto row = tezos_adapters::parse_row(sound_item());
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->at, (tezos::Position{Level(5), Round(2)}));
    EXPECT_EQ(row->digest, digest);
    EXPECT_EQ(row->signature, "spsig1");
    EXPECT_EQ(row->written_ms, 1'795'255'200'000);
    EXPECT_EQ(row->pace, Pace(-17));
    EXPECT_EQ(row->until, std::nullopt);
}

TEST(Row, MayHaveALastLevel) {
    for (const std::uint32_t level : {0U, 7U, tezos::max_int31}) {
        Json item = sound_item();
        item["until"] = aws::dynamodb::number(level);
        const auto row = tezos_adapters::parse_row(item);
        ASSERT_TRUE(row.has_value());
        EXPECT_EQ(row->until, Level(level));
    }
}

TEST(Row, MayLackDigestAndSignatureAsArmAndRaiseLeaveIt) {
    Json item = sound_item();
    item.erase("digest");
    item.erase("sig");
    item["more"] = {{"S", "what others keep there"}};
    const auto row = tezos_adapters::parse_row(item);
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->digest, std::nullopt);
    EXPECT_EQ(row->signature, std::nullopt);
}

TEST(Row, IsDamagedByAnythingMissingOrOfAnotherType) {
    std::vector<std::pair<std::string, Json>> changes;
    for (const std::string name : {"lvl", "rnd", "at", "pace"}) {
        changes.emplace_back(name, Json());
        for (const Json& wrong : {Json{{"S", "5"}}, Json{{"N", "5.5"}}, Json{{"N", ""}},
                                  Json{{"N", "x"}}, Json{{"NULL", true}}, Json{{"N", 5}}, Json("5"),
                                  Json{{"N", "99999999999999999999"}}}) {
            changes.emplace_back(name, wrong);
        }
    }
    for (const std::string name : {"lvl", "rnd"}) {
        for (const std::string value : {"-1", "2147483648", "4294967301"}) {
            changes.emplace_back(name, Json{{"N", value}});
        }
    }
    for (const Json& wrong :
         {Json{{"S", "abc"}}, Json{{"B", ""}}, Json{{"B", "AAAA"}}, Json{{"B", "?"}},
          Json{{"NULL", true}}, Json("x"), Json(aws::dynamodb::binary(Bytes(31))),
          Json(aws::dynamodb::binary(Bytes(33)))}) {
        changes.emplace_back("digest", wrong);
    }
    for (const Json& wrong :
         {Json{{"N", "1"}}, Json{{"B", "AAAA"}}, Json{{"NULL", true}}, Json()}) {
        changes.emplace_back("sig", wrong);
    }
    for (const Json& wrong : {Json{{"S", "5"}}, Json{{"N", "5.5"}}, Json{{"N", ""}},
                              Json{{"N", "-1"}}, Json{{"N", "2147483648"}}, Json{{"N", 5}},
                              Json{{"NULL", true}}, Json{{"B", "AAAA"}}, Json(5), Json()}) {
        changes.emplace_back("until", wrong);
    }
    for (const auto& [name, value] : changes) {
        Json item = sound_item();
        if (value.is_null() && name != "sig" && name != "until") {
            item.erase(name);
        } else {
            item[name] = value;
        }
        EXPECT_FALSE(tezos_adapters::parse_row(item).has_value()) << name << " " << value;
    }
    for (const Json& other : {Json(), Json::array(), Json("row"), Json::object()}) {
        EXPECT_FALSE(tezos_adapters::parse_row(other).has_value());
    }
}

TEST(Row, IsOfTheScopeThatItsKeyNames) {
    const Json item = sound_item();
    EXPECT_TRUE(
        tezos_adapters::is_row_of(item, tezos_adapters::row_key(scope_of(ConsensusKind::Block))));
    EXPECT_FALSE(tezos_adapters::is_row_of(
        item, tezos_adapters::row_key(scope_of(ConsensusKind::Attestation))));
    tezos::WatermarkId other = scope_of(ConsensusKind::Block);
    other.key.hash[0] ^= 1;
    EXPECT_FALSE(tezos_adapters::is_row_of(item, tezos_adapters::row_key(other)));
    for (const std::string name : {"pkh", "scope"}) {
        Json without = item;
        without.erase(name);
        EXPECT_FALSE(tezos_adapters::is_row_of(
            without, tezos_adapters::row_key(scope_of(ConsensusKind::Block))));
    }
    EXPECT_FALSE(
        tezos_adapters::is_row_of(Json(), tezos_adapters::row_key(scope_of(ConsensusKind::Block))));
}

/// Every alias and value of an expression is defined, and every one defined is used: DynamoDB
/// refuses both. Every name is an alias.
void expect_complete(const aws::dynamodb::Update& update) {
    const std::string text = update.condition + " " + update.update;
    std::set<std::string> names, values;
    const std::regex token("[#:][A-Za-z_]+");
    for (std::sregex_iterator it(text.begin(), text.end(), token), end; it != end; ++it) {
        (it->str().front() == '#' ? names : values).insert(it->str());
    }
    std::set<std::string> defined_names, defined_values;
    const Json aliases = update.names;
    for (const auto& [name, attribute] : aliases.items()) {
        defined_names.insert(name);
        EXPECT_EQ("#" + attribute.get<std::string>(), name);
    }
    const Json given = update.values;
    for (const auto& [name, value] : given.items()) defined_values.insert(name);
    EXPECT_EQ(names, defined_names) << text;
    EXPECT_EQ(values, defined_values) << text;
    for (const std::string word :
         {"lvl", "rnd", "digest", "sig", "at", "pace", "until", "pkh", "scope"}) {
        EXPECT_FALSE(std::regex_search(text, std::regex("(^|[^#a-z_])" + word + "([^a-z_]|$)")))
            << word << " is not an alias in: " << text;
    }
}

TEST(Commit, DefinesAllThatItNames) {
    for (const ConsensusKind kind :
         {ConsensusKind::Block, ConsensusKind::Preattestation, ConsensusKind::Attestation}) {
        for (const Fence fence : {Fence::Tight, Fence::Loose}) {
            for (const std::uint32_t round : {0U, 1U}) {
                const auto update = commit(proposal(kind, 7, round), fence, some_morning);
                expect_complete(update);
                EXPECT_EQ(update.table, "t");
                EXPECT_EQ(Json(update.key),
                          (Json{{"pkh", aws::dynamodb::text(key.named().address)},
                                {"scope", aws::dynamodb::text(
                                              tezos_adapters::scope_text(scope_of(kind)))}}));
            }
        }
    }
}

TEST(Commit, WritesWhatWasProposed) {
    const auto update = commit(proposal(ConsensusKind::Block, 7, 3), Fence::Tight, some_morning);
    EXPECT_EQ(Json(update.values)[":l"], (Json{{"N", "7"}}));
    EXPECT_EQ(Json(update.values)[":r"], (Json{{"N", "3"}}));
    EXPECT_EQ(Json(update.values)[":now"], (Json{{"N", "1795255200000"}}));
    EXPECT_EQ(Json(update.values)[":d"], aws::dynamodb::binary(digest));
    EXPECT_EQ(Json(update.values)[":s"], (Json{{"S", "the signature"}}));
    for (const std::string part :
         {"#lvl = :l", "#rnd = :r", "#digest = :d", "#at = :now", "#sig = :s"}) {
        EXPECT_NE(update.update.find(part), std::string::npos) << part;
    }
    const auto vote =
        commit(proposal(ConsensusKind::Attestation, 7, 3), Fence::Tight, some_morning);
    EXPECT_EQ(vote.update.find("#sig"), std::string::npos) << "votes keep no signature";
}

TEST(Commit, DemandsPaceAndAHigherSlot) {
    for (const ConsensusKind kind :
         {ConsensusKind::Block, ConsensusKind::Preattestation, ConsensusKind::Attestation}) {
        const std::string condition =
            commit(proposal(kind, 7, 3), Fence::Tight, some_morning).condition;
        EXPECT_TRUE(
            condition.starts_with("#pace >= :p AND (#lvl < :l OR (#lvl = :l AND #rnd < :r)"))
            << condition;
    }
}

TEST(Commit, DemandsThatTheRowsLastLevelIsNotBelow) {
    for (const Fence fence : {Fence::Tight, Fence::Loose}) {
        const auto update = commit(proposal(ConsensusKind::Block, 7, 3), fence, some_morning);
        EXPECT_TRUE(
            update.condition.ends_with(" AND (attribute_not_exists(#until) OR #until >= :l)"))
            << update.condition;
        EXPECT_EQ(update.update.find("until"), std::string::npos);
    }
}

TEST(Commit, ABlockNeverOverwritesItsOwnSlot) {
    const std::string condition =
        commit(proposal(ConsensusKind::Block, 7, 3), Fence::Tight, some_morning).condition;
    EXPECT_EQ(condition.find("#rnd = :r"), std::string::npos);
    EXPECT_EQ(condition.find("<="), std::string::npos);
}

TEST(Commit, TheTightFormSetsThePaceInRoundZeroAlone) {
    const std::int64_t pace = 7'000 - 1'795'255'200'000;
    struct Row {
        Fence fence;
        std::uint32_t round;
        std::int64_t demanded;
        bool sets_pace;
    };
    for (const Row& row : {Row{Fence::Tight, 0, pace, true}, Row{Fence::Tight, 1, pace, false},
                           Row{Fence::Loose, 0, pace - 300'000, false},
                           Row{Fence::Loose, 1, pace - 300'000, false}}) {
        const auto update =
            commit(proposal(ConsensusKind::Attestation, 7, row.round), row.fence, some_morning);
        EXPECT_EQ(Json(update.values)[":p"], aws::dynamodb::number(row.demanded));
        EXPECT_EQ(update.update.find("#pace = :p") != std::string::npos, row.sets_pace);
    }
}

TEST(Arm, CreatesAndTouchesNothingThatExists) {
    const auto update = tezos_adapters::arm_update("t", scope_of(ConsensusKind::Attestation),
                                                   Level(7), some_morning);
    expect_complete(update);
    EXPECT_EQ(update.condition, "attribute_not_exists(#pkh)");
    EXPECT_EQ(Json(update.values)[":l"], (Json{{"N", "7"}}));
    EXPECT_EQ(Json(update.values)[":r"], (Json{{"N", "2147483647"}}));
    EXPECT_EQ(Json(update.values)[":p"], aws::dynamodb::number(7'000 - 1'795'255'200'000));
    EXPECT_EQ(update.update.find("digest"), std::string::npos);
    EXPECT_EQ(update.update.find("sig"), std::string::npos);
}

TEST(Raise, LiftsOnlyAndWithinTheFenceUnlessForced) {
    const tezos::SigningPosition position{scope_of(ConsensusKind::Block), {Level(7), Round(3)}};
    const std::int64_t pace = 7'000 - 1'795'255'200'000;
    const auto bound = tezos_adapters::raise_update("t", position, false, some_morning);
    const auto forced = tezos_adapters::raise_update("t", position, true, some_morning);
    for (const auto& update : {bound, forced}) {
        expect_complete(update);
        EXPECT_NE(update.condition.find("#lvl < :l OR (#lvl = :l AND #rnd < :r)"),
                  std::string::npos);
        EXPECT_EQ(Json(update.values)[":p"], aws::dynamodb::number(pace));
        EXPECT_TRUE(update.update.ends_with("#pace = :p REMOVE #digest, #sig")) << update.update;
        EXPECT_TRUE(update.condition.ends_with(
            " AND (attribute_not_exists(#until) OR attribute_type(#until, :N))"))
            << update.condition;
    }
    EXPECT_EQ(Json(bound.values)[":fence"], aws::dynamodb::number(pace - 300'000));
    EXPECT_NE(bound.condition.find("#pace >= :fence"), std::string::npos);
    EXPECT_EQ(forced.condition.find("pace"), std::string::npos);
}

TEST(Handover, UntilTouchesNothingElse) {
    const auto update =
        tezos_adapters::until_update("t", scope_of(ConsensusKind::Block), Level(7), some_morning);
    expect_complete(update);
    EXPECT_EQ(update.update, "SET #until = :u, #at = :now");
    EXPECT_EQ(Json(update.values)[":u"], (Json{{"N", "7"}}));
    EXPECT_TRUE(update.condition.starts_with("#lvl <= :u AND ")) << update.condition;
    EXPECT_TRUE(update.condition.ends_with(" AND (attribute_not_exists(#until) OR #until > :u)"))
        << update.condition;
}

TEST(Handover, FromIsARaiseToTheLevelBeforeThatOpensTheRow) {
    EXPECT_EQ(tezos_adapters::before(Level(7)),
              (tezos::Position{Level(6), tezos_adapters::highest_round}));
    const auto update = tezos_adapters::from_update("t", scope_of(ConsensusKind::Block), Level(7),
                                                    123, some_morning);
    expect_complete(update);
    const std::int64_t pace = 6'000 - 1'795'255'200'000;
    EXPECT_EQ(Json(update.values)[":l"], (Json{{"N", "6"}}));
    EXPECT_EQ(Json(update.values)[":r"], (Json{{"N", "2147483647"}}));
    EXPECT_EQ(Json(update.values)[":f"], (Json{{"N", "7"}}));
    EXPECT_EQ(Json(update.values)[":p"], aws::dynamodb::number(pace));
    EXPECT_EQ(Json(update.values)[":fence"], aws::dynamodb::number(pace - 300'000));
    EXPECT_TRUE(update.condition.starts_with("#pace >= :fence AND (#lvl < :l OR "));
    EXPECT_EQ(Json(update.values)[":seen"], aws::dynamodb::number(123));
    EXPECT_TRUE(update.condition.ends_with(
        " AND (attribute_not_exists(#until) OR (#until < :f AND #at = :seen))"))
        << update.condition;
    EXPECT_TRUE(update.update.ends_with("#pace = :p REMOVE #digest, #sig, #until"));
}

}  // namespace
}  // namespace redoubt::test
