// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/base/secret.hpp>

namespace redoubt::aws {

/// The function role's temporary credentials, as Lambda puts them into the environment.
struct Credentials {
    std::string access_key_id;
    Secret secret_access_key;
    Secret session_token;  // empty for long-lived credentials
};

}  // namespace redoubt::aws
