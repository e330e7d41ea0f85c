// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>

/// What an operator may ask, of whatever chain: `{"redoubt":{"command":"...", ...}}`.
namespace redoubt::operators {

/// What a command came to: members of the answer, and the error if it failed (some of its rows may
/// have been written all the same, and are among the members).
struct CommandResult {
    Json members = Json::object();
    std::optional<Error> error = {};
};

[[nodiscard]] inline CommandResult failed(Error error) {
    return {Json::object(), std::move(error)};
}

/// One command.
struct Command {
    std::string name;
    std::vector<std::string_view> fields;  // all that it takes
    /// `fields` is the whole object, with no other members than these.
    std::function<CommandResult(const Json& fields, SteadyTime deadline)> run;
};

/// One that `run` carries out. `context` outlives it.
template <class Context>
[[nodiscard]] Command bound(std::string name, std::vector<std::string_view> fields,
                            const Context& context,
                            CommandResult (*run)(const Context& context, const Json& fields,
                                                 SteadyTime deadline)) {
    return {std::move(name), std::move(fields),
            [&context, run](const Json& given, SteadyTime deadline) {
                return run(context, given, deadline);
            }};
}

/// The commands of one function.
class CommandTable {
public:
    explicit CommandTable(std::vector<Command> commands) : commands_(std::move(commands)) {}

    /// Errors: bad_request for an unknown command or field, and the command's own.
    [[nodiscard]] CommandResult run(std::string_view name, const Json& fields,
                                    SteadyTime deadline) const;

private:
    std::vector<Command> commands_;
};

/// `{"redoubt":{"ok":true, ...}}`, or `{"redoubt":{"ok":false,"error":{"id","msg"}, ...}}`.
[[nodiscard]] Json to_answer(CommandResult result);

}  // namespace redoubt::operators
