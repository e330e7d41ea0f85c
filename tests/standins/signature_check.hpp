// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/base/clock.hpp>

#include "message.hpp"

namespace redoubt::standins {

/// The credentials that the local world knows. Not secret: they open nothing.
struct LocalCredentials {
    std::string access_key_id;
    std::string secret_access_key;
    std::string session_token;
};

/// Judges Signature Version 4 as AWS does: the signature itself with the body's hash in it, its
/// scope, what has to be signed, its age (five minutes both ways) and the session token.
class SignatureCheck {
public:
    /// `region`: the one that a signature has to be for; empty: any.
    SignatureCheck(LocalCredentials credentials, std::string region, std::string service);

    /// The Region that the signature is for. Throws AwsException.
    std::string check(const HttpRequest& request, WallTime now) const;

private:
    LocalCredentials credentials_;
    std::string region_;
    std::string service_;
};

}  // namespace redoubt::standins
