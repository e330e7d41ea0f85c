// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include <redoubt/backup/age.hpp>

#include "config/variables.hpp"

namespace redoubt::bootstrap {

/// Who may open the backups of keys: BACKUP_RECIPIENTS, or with BACKUP=none nobody. Nothing if
/// neither is set, so that nobody goes without backups for having forgotten to say.
[[nodiscard]] std::optional<std::vector<backup::Recipient>> read_backup(Variables& variables);

}  // namespace redoubt::bootstrap
