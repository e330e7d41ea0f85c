// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/sealed/rewrap.hpp>
#include <redoubt/operator/tezos/recovery.hpp>
#include <redoubt/operator/tezos/sealed_contents.hpp>

#include "fields.hpp"
#include "new_keys.hpp"

namespace redoubt::tezos_operator {
namespace {

/// As the table has it now.
Result<sealed::Wrap> read_wrap(const Context& context, const sealed::WrapId& id,
                               SteadyTime deadline) {
    const auto contents = read_contents(context, deadline);
    if (!contents) return std::unexpected(contents.error());
    const sealed::Wrap* wrap = find_wrap(*contents, id);
    if (wrap == nullptr || wrap->purpose != tezos_adapters::tezos_purpose) {
        return bad_request(
            "the table has no wrap " + id.text() +
            " for keys of Tezos that can be read: `list_keys` shows those that there "
            "are");
    }
    return *wrap;
}

}  // namespace

operators::Command rewrap(const Context& context) {
    return sealed_operator::rewrap(tools_of(context),
                                   [&context](const sealed::WrapId& id, SteadyTime deadline) {
                                       return read_wrap(context, id, deadline);
                                   });
}

}  // namespace redoubt::tezos_operator
