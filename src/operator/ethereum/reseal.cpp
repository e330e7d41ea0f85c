// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/operator/ethereum/recovery.hpp>

#include "fields.hpp"
#include "opened_keys.hpp"
#include "rows.hpp"
#include "table_reads.hpp"
#include "writes.hpp"

namespace redoubt::ethereum_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum_adapters::Validator;

/// The same secret under the new wrap, if what sealed it is still the same.
RowChange resealed(const Validator& before, const Bytes& sealed, const sealed::WrapId& wrap) {
    return {.update = ", #sealed = :sealed, #wrap = :wrap",
            .condition = "#sealed = :was",
            .names = {"sealed", "wrap"},
            .values = ObjectText()
                          .add(":sealed", dynamodb::binary(sealed))
                          .add(":wrap", dynamodb::text(wrap.text()))
                          .add(":was", dynamodb::binary(before.sealed->bytes)),
            .refused = {Code::TableRefused,
                        "this key's item was changed meanwhile, and was left as it is: ask again",
                        {}}};
}

/// The wrap, before any key that uses it.
std::optional<Error> write_wrap(const Context& context, const sealed::Wrap& wrap,
                                SteadyTime deadline) {
    dynamodb::Transaction transaction(make_token());
    add_new_wrap(context, wrap, transaction);
    const auto refused =
        dynamodb::transact(context.dynamodb, context.runner, transaction, deadline);
    if (!refused) return refused.error();
    if (!*refused) return std::nullopt;
    if (auto error = judge_network_update(context, **refused, 0)) return error;
    return Error{Code::TableUnavailable,
                 "other writes were under way; repeating the same request is safe",
                 {}};
}

/// All of them opened and sealed anew. Nothing is written.
Result<std::vector<Bytes>> seal_all(const OpenedKeys& opened,
                                    const sealed_operator::NewWrap& wrap) {
    std::vector<Bytes> out;
    for (const auto& secret : opened.secrets) {
        if (!secret) return std::unexpected(secret.error());
        auto sealed = sealed_operator::seal_secret(*secret, secret->public_key().encoded(), wrap);
        if (!sealed) return std::unexpected(sealed.error());
        out.push_back(std::move(*sealed));
    }
    return out;
}

/// `wrap`: null, if it is only a rehearsal.
operators::CommandResult answer(const std::vector<RowOutcome>& rows, Json wrap,
                                const OpenedKeys& opened) {
    operators::CommandResult result = to_result(rows);
    if (wrap.is_null()) result.members["dry_run"] = true;
    result.members["wrap"] = std::move(wrap);
    result.members["wrong_shares"] = opened.wrong_shares;
    result.members["note"] =
        "the wraps before stay in the table, and in its backups, with what they sealed: disable "
        "the KMS keys that are not to open it any more";
    return result;
}

/// Refused by what an earlier try of this very write has put is done.
void judge(RowOutcome& row, const sealed::WrapId& wrap) {
    const bool is_done = row.error && row.validator.sealed && row.validator.sealed->wrap == wrap;
    if (is_done) row.error.reset();
    if (!row.error) row.outcome = "resealed";
}

operators::CommandResult rehearsed(const std::vector<Validator>& validators,
                                   const OpenedKeys& opened) {
    std::vector<RowOutcome> rows;
    for (const Validator& validator : validators) {
        rows.push_back({.outcome = "resealed", .validator = validator, .error = {}});
    }
    return answer(rows, Json(), opened);
}

operators::CommandResult run_reseal(const Context& context, const Json& fields,
                                    SteadyTime deadline) {
    const auto division = sealed_operator::read_division(fields, context.sealing);
    if (!division) return operators::failed(division.error());
    const auto dry_run = operators::read_flag(fields, "dry_run");
    if (!dry_run) return operators::failed(dry_run.error());
    const auto keys = read_keys(fields);
    if (!keys) return operators::failed(keys.error());
    const auto before = read_validators(context, *keys, Tables::Ours, deadline);
    if (!before) return operators::failed(before.error());
    const OpenedKeys opened = open_keys(context, *before, deadline);
    const auto wrap = sealed_operator::make_tried_wrap(tools_of(context), *division, deadline);
    if (!wrap) return operators::failed(wrap.error());
    const auto sealed = seal_all(opened, *wrap);
    if (!sealed) return operators::failed(sealed.error());
    if (*dry_run) return rehearsed(*before, opened);
    if (auto error = write_wrap(context, wrap->wrap, deadline)) {
        return operators::failed(std::move(*error));
    }
    std::size_t next = 0;
    auto rows = change_rows(
        context, *before,
        [&](const Validator& validator) {
            return std::optional(resealed(validator, (*sealed)[next++], wrap->wrap.id));
        },
        deadline);
    for (RowOutcome& row : rows) judge(row, wrap->wrap.id);
    return answer(rows, wrap->wrap.id.text(), opened);
}

}  // namespace

operators::Command reseal(const Context& context) {
    return operators::bound("reseal", {"keys", "threshold", "kms_keys", "dry_run"}, context,
                            run_reseal);
}

}  // namespace redoubt::ethereum_operator
