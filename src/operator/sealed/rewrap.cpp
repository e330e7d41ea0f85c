// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/sealed/rewrap.hpp>

#include <algorithm>

#include <redoubt/operator/fields.hpp>
#include <redoubt/operator/table_calls.hpp>

namespace redoubt::sealed_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using operators::bad_request;
using sealed_adapters::shares_attribute;

struct Rewrap {
    sealed::WrapId wrap;
    Division division;
    bool is_dry_run;
};

Result<Rewrap> read_rewrap(const Json& fields, const Sealing& sealing) {
    const std::string* text = string_member(fields, "wrap");
    const auto id = text == nullptr ? std::nullopt : sealed::WrapId::parse(*text);
    if (!id) {
        return bad_request(
            "`wrap` must be the id of a wrap, 32 hexadecimal digits: `list_keys` "
            "shows them");
    }
    auto division = read_division(fields, sealing);
    if (!division) return std::unexpected(division.error());
    const auto dry_run = operators::read_flag(fields, "dry_run");
    if (!dry_run) return std::unexpected(dry_run.error());
    return Rewrap{*id, std::move(*division), *dry_run};
}

bool is_divided_so(const sealed::Wrap& wrap, const Division& division) {
    return wrap.threshold == division.threshold &&
           std::ranges::equal(wrap.shares, division.kms_keys, {}, &sealed::EncryptedShare::key,
                              &aws::KeyArn::text);
}

/// Puts it in place of the wrap that was read.
std::optional<Error> replace_wrap(const Tools& tools, const sealed::Wrap& before,
                                  const sealed::Wrap& after, SteadyTime deadline) {
    const auto put = operators::put_items(
        tools.sources.dynamodb, tools.sources.runner,
        {dynamodb::put_if_unchanged(tools.sources.table, tools.layout.to_item(after), "shares",
                                    shares_attribute(before.shares))},
        deadline);
    if (!put) return put.error();
    const operators::PutOutcome& outcome = put->front();
    // Refused by what an earlier try of this very write has put is done.
    const auto found = tools.layout.parse(outcome.found);
    const auto has_ours = [&after](const sealed::Wrap& wrap) {
        return shares_attribute(wrap.shares).text() == shares_attribute(after.shares).text();
    };
    if (outcome.is_written || (found && has_ours(*found))) return std::nullopt;
    return Error{Code::BadRequest,
                 "this wrap was changed meanwhile, and was left as it is: look at it by "
                 "`list_keys`, and ask again",
                 {}};
}

Json kms_keys_to_json(const sealed::Wrap& wrap) {
    Json keys = Json::array();
    for (const sealed::EncryptedShare& share : wrap.shares) keys.push_back(share.key);
    return keys;
}

operators::CommandResult answer_rewrap(const sealed::Wrap& wrap, const std::string& outcome,
                                       std::vector<std::string> wrong_shares, bool is_dry_run) {
    operators::CommandResult result{
        .members = {{"wrap", wrap.id.text()},
                    {"threshold", wrap.threshold},
                    {"kms_keys", kms_keys_to_json(wrap)},
                    {"outcome", outcome},
                    {"wrong_shares", std::move(wrong_shares)},
                    {"note",
                     "this revokes nothing: a copy of the table as it was still opens by the KMS "
                     "keys that it had. Disable those that are not to open any more"}}};
    if (is_dry_run) result.members["dry_run"] = true;
    return result;
}

operators::CommandResult run_rewrap(const Tools& tools, const ReadWrap& read_wrap,
                                    const Json& fields, SteadyTime deadline) {
    const auto asked = read_rewrap(fields, tools.sealing);
    if (!asked) return operators::failed(asked.error());
    const auto before = read_wrap(asked->wrap, deadline);
    if (!before) return operators::failed(before.error());
    auto opened =
        sealed_adapters::open_wrap(tools.sources, *before, tools.layout.purpose, deadline);
    if (!opened) return operators::failed(opened.error());
    // A share that is wrong, or that KMS does not open, is made anew.
    const bool is_whole = opened->wrong.empty() && opened->missing.empty();
    if (is_whole && is_divided_so(*before, asked->division)) {
        return answer_rewrap(*before, "unchanged", {}, asked->is_dry_run);
    }
    const auto after = divide(tools, {std::move(opened->key), *before}, asked->division,
                              Trial::EachShare, deadline);
    if (!after) return operators::failed(after.error());
    if (!asked->is_dry_run) {
        if (auto error = replace_wrap(tools, *before, after->wrap, deadline)) {
            return operators::failed(std::move(*error));
        }
    }
    return answer_rewrap(after->wrap, "rewrapped", opened->wrong, asked->is_dry_run);
}

}  // namespace

operators::Command rewrap(const Tools& tools, ReadWrap read_wrap) {
    return {"rewrap",
            {"wrap", "threshold", "kms_keys", "dry_run"},
            [tools, read_wrap = std::move(read_wrap)](const Json& fields, SteadyTime deadline) {
                return run_rewrap(tools, read_wrap, fields, deadline);
            }};
}

}  // namespace redoubt::sealed_operator
