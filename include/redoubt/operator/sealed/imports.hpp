// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/operator/sealed/sealing.hpp>

/// What KMS encrypted on an operator's machine, for one public key and for the table of the
/// function that is to open it: of any chain.
namespace redoubt::sealed_operator {

/// `kms_key`, under which it was encrypted, one of the wrapping keys. Error: bad_request.
[[nodiscard]] Result<aws::KeyArn> read_import_key(const Json& fields, const Sealing& sealing);

/// `ciphertext`. Error: bad_request, which begins with `where`.
[[nodiscard]] Result<Bytes> read_ciphertext(const Json& fields, std::string_view where = {});

/// What it was bound to when it was made.
[[nodiscard]] aws::kms::EncryptionContext import_context(std::string public_key,
                                                         sealed::Purpose purpose,
                                                         std::string table);

/// KMS says why it refuses, but not what that means here.
[[nodiscard]] Error explain_import(Error error);

}  // namespace redoubt::sealed_operator
