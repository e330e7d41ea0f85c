// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/ethereum/recovery.hpp>
#include <redoubt/operator/sealed/rewrap.hpp>

#include "fields.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

/// As the table has it now.
Result<sealed::Wrap> read_wrap(const Context& context, const sealed::WrapId& id,
                               SteadyTime deadline) {
    const auto items = read_items(context, {ethereum_adapters::wrap_key(id)}, deadline);
    if (!items) return std::unexpected(items.error());
    auto wrap = ethereum_adapters::parse_wrap_item(items->front());
    if (!wrap || wrap->purpose != ethereum_adapters::ethereum_purpose) {
        return bad_request(
            "the table has no wrap " + id.text() +
            " for keys of Ethereum that can be read: `status` shows those that there "
            "are");
    }
    return std::move(*wrap);
}

}  // namespace

operators::Command rewrap(const Context& context) {
    return sealed_operator::rewrap(tools_of(context),
                                   [&context](const sealed::WrapId& id, SteadyTime deadline) {
                                       return read_wrap(context, id, deadline);
                                   });
}

}  // namespace redoubt::ethereum_operator
