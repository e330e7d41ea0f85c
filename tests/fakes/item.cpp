// SPDX-License-Identifier: Apache-2.0
#include "item.hpp"

#include <redoubt/adapters/tezos/watermark_table.hpp>

namespace redoubt::test {

namespace dynamodb = aws::dynamodb;

Json to_item(const tezos::WatermarkId& id, const tezos::Row& row) {
    Json item = {{"pkh", dynamodb::text(tezos::to_text(id.key))},
                 {"scope", dynamodb::text(tezos_adapters::scope_text(id))},
                 {"lvl", dynamodb::number(row.at.level.value())},
                 {"rnd", dynamodb::number(row.at.round.value())},
                 {"at", dynamodb::number(row.written_ms)},
                 {"pace", dynamodb::number(row.pace.value())}};
    if (row.digest) item["digest"] = dynamodb::binary(*row.digest);
    if (row.signature) item["sig"] = dynamodb::text(*row.signature);
    if (row.until) item["until"] = dynamodb::number(row.until->value());
    return item;
}

}  // namespace redoubt::test
