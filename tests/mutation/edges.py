# SPDX-License-Identifier: Apache-2.0
"""Bugs in what events, handlers and commands are taken for."""

from mutation.bug import UNIT, Mutant

MUTANTS = (
    # who answers what
    Mutant("request_with_a_command_is_a_command", "src/lambda/event.cpp",
           'marks = {"requestContext", "rawPath", "httpMethod"};',
           'marks = {"requestContext", "rawPath", "httpMethods"};', UNIT),
    Mutant("unknown_handler_is_the_signer", "bootstrap/handlers.cpp",
           "if (entry == handlers.end()) {",
           "if (entry == handlers.end()) return handlers.front().make(environment, clock);\n"
           "    if (entry == handlers.end()) {", UNIT),
    Mutant("misspelt_field_ignored", "src/operator/command.cpp",
           'if (field != "command" &&', 'if (field.empty() && field != "command" &&', UNIT),
)  # fmt: skip
