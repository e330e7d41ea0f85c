// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/commit.hpp>

namespace redoubt::signing {

template class Committed<ethereum::Chain>;
template class Signature<ethereum::Chain>;
template class UnreleasedSignature<ethereum::Chain>;
template Result<ethereum::Signature> release(ethereum::Committed, ethereum::UnreleasedSignature);

}  // namespace redoubt::signing

namespace redoubt::ethereum {

Committed commit_nothing(const NotSlashable& message) { return Chain::judge(message); }

Result<Committed> Chain::judge(const Proposal& proposal, const Applied& applied) {
    if (!holds(applied.row, proposal)) {
        return fail(Code::TableRefused,
                    "the table confirmed a write, but the row that it answers is not what was "
                    "written: look at the table and its endpoint before signing on");
    }
    // What the row holds already, it allows, unless something besides the watermarks is against it.
    if (compare(proposal, applied.row) != RowComparison::Allowed) {
        return fail(Code::TableRefused,
                    "the table confirmed a write that its own row forbids (`on`, `until` or "
                    "`tags`): look at the table and its endpoint before signing on");
    }
    return Committed(proposal.root);
}

Result<Committed> Chain::judge(const Proposal& proposal, const Refused& refused) {
    if (!refused.row) return std::unexpected(no_such_key(proposal.tags));
    return std::unexpected(refusal(compare(proposal, *refused.row), proposal, *refused.row));
}

Committed Chain::judge(const NotSlashable& message) { return Committed(message.signing_root()); }

Result<Committed> PendingCommit::outcome() {
    const auto judged = verdict();
    if (!judged) return std::unexpected(judged.error());
    return std::visit([this](const auto& verdict) { return Chain::judge(proposal_, verdict); },
                      *judged);
}

}  // namespace redoubt::ethereum
