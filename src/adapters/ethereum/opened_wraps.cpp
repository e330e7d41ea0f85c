// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/ethereum/opened_wraps.hpp>

#include <memory>

#include <redoubt/aws/dynamodb/get.hpp>

namespace redoubt::ethereum_adapters {

namespace dynamodb = aws::dynamodb;
using sealed::WrapId;

/// Each by a call of its own: the signer may read items by their names, and no more.
std::vector<Result<Json>> OpenedWraps::read(const std::vector<WrapId>& ids, SteadyTime deadline) {
    std::vector<std::unique_ptr<aws::Operation>> operations;
    std::vector<io::Exchange*> exchanges;
    for (const WrapId& id : ids) {
        // A wrap is written before the first key under it, and rarely again.
        const dynamodb::Get get{sources_.table, wrap_key(id), dynamodb::Freshness::Consistent};
        operations.push_back(std::make_unique<aws::Operation>(
            sources_.dynamodb, "GetItem", [body = to_body(get)] { return body; }));
        exchanges.push_back(operations.back().get());
    }
    sources_.runner.run(exchanges, deadline);
    std::vector<Result<Json>> items;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto& reply = operations[i]->outcome();
        items.push_back(reply ? dynamodb::read_item(*reply, wrap_key(ids[i]))
                              : std::unexpected(reply.error()));
    }
    return items;
}

void OpenedWraps::open(const std::vector<WrapId>& ids, SteadyTime deadline) {
    const Moment started = sources_.dynamodb.clock().moment();
    std::vector<WrapId> closed;
    for (const WrapId& id : ids) {
        const auto known = entries_.find(id.text());
        const bool is_due = known == entries_.end() ||
                            (!known->second.opened &&
                             sealed_adapters::may_try_again(known->second.refused_at, started));
        if (is_due) closed.push_back(id);
    }
    if (closed.empty()) return;
    sealed_adapters::expect_kms(sources_);
    auto wraps = sealed_adapters::open_read_wraps(sources_, wrap_layout, closed,
                                                  read(closed, deadline), {}, deadline);
    sealed_adapters::Opening told;
    told.add_shares(wraps);
    for (auto& [id, opened] : wraps) {
        std::optional<Moment> refused_at;
        if (opened) {
            told.opened.push_back(id);
        } else {
            told.closed.emplace_back(id, opened.error());
            if (!sealed_adapters::is_passing(opened.error().code)) refused_at = started;
        }
        entries_.insert_or_assign(id, Entry{std::move(opened), refused_at});
    }
    told.spent = sources_.dynamodb.clock().steady() - started.steady;
    on_opening_(told);
}

Result<const sealed::WrapKey*> OpenedWraps::find(const WrapId& id, SteadyTime deadline) {
    open({id}, deadline);
    const auto& opened = entries_.at(id.text()).opened;
    if (!opened) return std::unexpected(opened.error());
    return &opened->key;
}

}  // namespace redoubt::ethereum_adapters
