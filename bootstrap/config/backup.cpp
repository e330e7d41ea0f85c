// SPDX-License-Identifier: Apache-2.0
#include "config/backup.hpp"

#include <algorithm>

namespace redoubt::bootstrap {

std::optional<std::vector<backup::Recipient>> read_backup(Variables& variables) {
    const std::string& list = variables.get("BACKUP_RECIPIENTS");
    const bool is_none = variables.is_set_to("BACKUP", "none");
    if (list.empty() && !is_none) return std::nullopt;
    std::vector<backup::Recipient> recipients;
    if (list.empty()) return recipients;
    if (is_none) {
        variables.mistake("BACKUP is none, and BACKUP_RECIPIENTS are set: remove one of the two");
    }
    std::size_t position = 0;
    for (const std::string& entry : split(list)) {
        const std::string which = entry_name("BACKUP_RECIPIENTS", ++position);
        const auto recipient = backup::Recipient::parse(entry);
        if (!recipient) {
            variables.wrong_value(which, entry,
                                  entry.empty() ? "is empty: remove a comma"
                                                : "is not an age recipient (age1..., as "
                                                  "`age-keygen -y` prints it)");
            continue;
        }
        if (std::ranges::find(recipients, *recipient) != recipients.end()) {
            variables.mistake(which + " is listed twice");
        }
        recipients.push_back(*recipient);
    }
    return recipients;
}

}  // namespace redoubt::bootstrap
