// SPDX-License-Identifier: Apache-2.0
#include "handlers/setup.hpp"

#include "log/line.hpp"

namespace redoubt::bootstrap {

InitError misconfigured(const Mistakes& mistakes) {
    const std::string count = std::to_string(mistakes.size());
    return {"Runtime.InvalidConfiguration",
            list_mistakes("The configuration has " + count + " mistake(s):", mistakes)};
}

void log_configured(const Environment& environment, const Clock& clock,
                    const std::string& fingerprint) {
    log(clock, Severity::Info, "configured",
        {{"version", REDOUBT_VERSION},
         {"handler", environment.get("_HANDLER")},
         {"configuration", fingerprint}});
}

}  // namespace redoubt::bootstrap
