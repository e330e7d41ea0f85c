// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/aws/dynamodb/write_reply.hpp>
#include <redoubt/ethereum/slashing.hpp>

/// The two conditional writes that approve signatures.
namespace redoubt::ethereum_adapters {

/// The commit of an attestation or a block: the one write that approves a signature. Applied if the
/// row is on and nothing of it forbids the proposal; also if it holds just that already, which
/// changes nothing but `at`. So it may be carried out twice, at any time and in any order.
[[nodiscard]] aws::dynamodb::Update commit_update(const std::string& table,
                                                  const ethereum::Proposal& proposal, WallTime now);

/// Of a reply to it. Errors: table_refused, damaged_row.
[[nodiscard]] Result<aws::dynamodb::WriteReply<Validator>> judge_commit(
    const aws::Reply& reply, const ethereum::PublicKey& key);

/// What the rule looks at.
[[nodiscard]] ethereum::ValidatorRow to_row(const Validator& validator);

}  // namespace redoubt::ethereum_adapters
