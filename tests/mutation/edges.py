# SPDX-License-Identifier: Apache-2.0
"""Bugs in what configurations, events, handlers, commands and certificates are taken for."""

from mutation.bug import UNIT, Mutant, system

CONNECTIONS = "src/http/connections.cpp"
TABLE = "src/adapters/tezos/watermark_table.cpp"
STORE = "SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), connections.trust_.get());\n"

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
    # what a configuration is taken for
    Mutant("wrong_value_told", "bootstrap/config/variables.cpp",
           'odd + ": remove it"', 'odd + ": remove it from " + std::string(value)', UNIT),
    Mutant("place_of_an_oddity_off_by_one", "bootstrap/config/oddity.cpp",
           "odd - names.begin() + 1", "odd - names.begin()", UNIT),
    Mutant("no_break_space_is_nothing_odd", "bootstrap/config/oddity.cpp",
           'Odd{"\\u00a0", "a no-break space"}', 'Odd{"\\u00a0", ""}', UNIT),
    Mutant("fips_ignored", "bootstrap/config/aws.cpp",
           ".fips = variables.is_set_to(", ".fips = !variables.is_set_to(", UNIT),
    Mutant("fips_beside_a_name_allowed", "bootstrap/config/aws.cpp",
           'variables.get(flag) == "true" &&', 'variables.get(flag) == "on" &&', UNIT),
    Mutant("any_zone_of_a_vpc_endpoint", "src/aws/endpoint.cpp",
           "zone.size() == region.size() + 1 &&", "zone.size() > region.size() &&", UNIT),
    Mutant("proxies_not_told", "bootstrap/main.cpp",
           "if (list.empty()) return;", "if (list.size() < 999) return;",
           system("system/test_configuration.py")),
    Mutant("api_with_a_scheme_tried", "bootstrap/main.cpp",
           'api.contains("://")', 'api.contains("///")', system("system/test_runtime.py")),
    # what a request is taken for
    Mutant("event_without_an_id_answered", "src/lambda/runtime.cpp",
           "if (invocation.request_id.empty()) {",
           "if (invocation.request_id.empty() && answer.status != 200) {",
           system("system/test_runtime.py")),
    Mutant("version_of_any_length", "src/tezos/remote_signer_api.cpp",
           "text.size() <= 3 &&", "text.size() <= 30 &&", UNIT),
    Mutant("health_with_a_body", "src/tezos/remote_signer_api.cpp",
           'if (request.method == "HEAD") response', 'if (request.method == "head") response',
           UNIT),
    Mutant("stage_never_left_out", "src/tezos/remote_signer_api.cpp",
           "{whole.substr(request.prefix.size()), whole}", "{whole, whole}", UNIT),
    Mutant("stage_always_left_out", "src/tezos/remote_signer_api.cpp",
           "{whole.substr(request.prefix.size()), whole}",
           "{whole.substr(request.prefix.size()), whole.substr(request.prefix.size())}", UNIT),
    Mutant("path_in_the_log", "src/tezos/remote_signer_api.cpp",
           "    return {unknown_route()};\n}\n\nbool",
           '    if (!whole.empty()) return {fail(Code::UnknownRoute, request.path)};\n'
           "    return {unknown_route()};\n}\n\nbool", UNIT),
    # what operators may do
    Mutant("arm_at_any_level", "src/operator/tezos/fields.cpp",
           "if (*level > highest.value()) {", "if (*level > tezos::max_int31) {", UNIT),
    Mutant("ten_levels_a_second_possible", "src/operator/tezos/fields.cpp",
           "std::clamp<std::int64_t>(seconds, 0,", "std::clamp<std::int64_t>(seconds * 10, 0,",
           UNIT),
    Mutant("arm_never_doubts", "src/operator/tezos/arm.cpp",
           "if (force || level <= unlikely_level)", "if (force || level >= tezos::Level(0))", UNIT),
    Mutant("arm_takes_what_was_signed", "src/operator/tezos/arm.cpp",
           "highest_round} && !row.digest &&", "highest_round} &&", UNIT),
    Mutant("arm_takes_any_pace", "src/operator/tezos/arm.cpp",
           "row.pace == tezos::pace_of(level, WallTime(Milliseconds(row.written_ms)))",
           "row.pace != tezos::Pace(0)", UNIT),
    Mutant("raise_creates", TABLE, "    update.condition = position_is_lower;\n",
           '    update.condition = "attribute_not_exists(#lvl) OR " +'
           " std::string(position_is_lower);\n", UNIT),
    Mutant("force_lowers", TABLE, "    if (!force) {\n",
           '    if (force) update.condition = "attribute_exists(#lvl)";\n    if (!force) {\n',
           UNIT),
    # who is spoken to
    Mutant("any_root_believed", CONNECTIONS, "CURLOPT_SSL_VERIFYPEER, 1L",
           "CURLOPT_SSL_VERIFYPEER, 0L", UNIT),
    Mutant("any_name_believed", CONNECTIONS, "CURLOPT_SSL_VERIFYHOST, 2L",
           "CURLOPT_SSL_VERIFYHOST, 0L", UNIT),
    Mutant("tls_1_1_spoken", CONNECTIONS,
           "set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));",
           "set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_1));\n"
           '    set(easy, CURLOPT_SSL_CIPHER_LIST, "DEFAULT@SECLEVEL=0");', UNIT),
    Mutant("expired_believed", CONNECTIONS, STORE, STORE +
           "    X509_STORE_set_flags(connections.trust_.get(), X509_V_FLAG_NO_CHECK_TIME);\n",
           UNIT),
    Mutant("clients_certificate_believed", CONNECTIONS, STORE, STORE +
           "    SSL_CTX_set_purpose(static_cast<SSL_CTX*>(context), 7);  // any\n", UNIT),
    Mutant("machines_roots_trusted", "src/http/trust.cpp", "    int count = 0;\n",
           "    X509_STORE_set_default_paths(store.get());\n    int count = 0;\n", UNIT),
)  # fmt: skip
