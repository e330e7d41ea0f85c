// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <redoubt/tezos/formats/marks.hpp>

/// The rows of the Lambda function of midl.dev, as `aws dynamodb scan`, `query` or `get-item`
/// prints them: `publicKeyHash` (S), `opType` (S: Block, Preattestation, Attestation),
/// `blockLevel`, `blockRound` (N). They name no chain: all chains share them.
///
/// Source: midl-dev/tezos-serverless-signer-apps
/// consensus-kms-signer/signer/{high-watermark,tezos-kms-client}.mjs. Read there; not seen written.
namespace redoubt::tezos::formats {

[[nodiscard]] Result<Marks> parse_midl_rows(std::string_view text, const ChainId& chain);

}  // namespace redoubt::tezos::formats
