// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/command.hpp>

#include <algorithm>

namespace redoubt::operators {
namespace {

/// Of what is quoted: longer than any field that there is.
constexpr std::size_t longest_name = 64;

/// `status`, `arm` and `raise`
std::string list_names(const std::vector<Command>& commands) {
    std::string list;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (i > 0) list += i + 1 == commands.size() ? " and " : ", ";
        list += "`" + commands[i].name + "`";
    }
    return list;
}

}  // namespace

CommandResult CommandTable::run(std::string_view name, const Json& fields,
                                SteadyTime deadline) const {
    const auto command = std::ranges::find(commands_, name, &Command::name);
    if (command == commands_.end()) {
        return failed({Code::BadRequest, "the commands are " + list_names(commands_), {}});
    }
    for (const auto& [field, value] : fields.items()) {
        // A misspelt one is a mistake, not a default.
        if (field != "command" &&
            std::ranges::find(command->fields, field) == command->fields.end()) {
            return failed({Code::BadRequest,
                           "this command has no field `" + field.substr(0, longest_name) + "`",
                           {}});
        }
    }
    return command->run(fields, deadline);
}

Json to_answer(CommandResult result) {
    result.members["ok"] = !result.error;
    if (result.error) {
        result.members["error"] = {{"id", name(result.error->code)},
                                   {"msg", result.error->message}};
    }
    return {{"redoubt", std::move(result.members)}};
}

}  // namespace redoubt::operators
