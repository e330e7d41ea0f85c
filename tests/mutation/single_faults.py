# SPDX-License-Identifier: Apache-2.0
"""Bugs that let a single fault of KMS or of the table cost a signature."""

from mutation.bug import SIMULATION, UNIT, Mutant

CLIENT = "src/http/client.cpp"
OPERATION = "src/aws/operation.cpp"
SIGNER = "src/adapters/tezos/kms_signer.cpp"

MUTANTS = (
    Mutant("any_answer_settles_a_race", OPERATION,
           "response.status);\n    return false;", "response.status);\n    return true;",
           SIMULATION),
    Mutant("any_answer_ends_a_race", CLIENT,
           "(!answer || !lane.exchange->settles(*answer))", "!answer", UNIT),
    Mutant("a_loss_ends_a_race", CLIENT,
           "(!answer || !lane.exchange->settles(*answer))",
           "answer && !lane.exchange->settles(*answer)", UNIT),
    Mutant("refused_at_once", OPERATION,
           "if (!std::exchange(was_refused_, true))", "if (was_refused_)", SIMULATION),
    Mutant("lost_at_once", OPERATION,
           "    repeat(to_text(response.error()));",
           "    end(fail(service_.traits().unavailable, to_text(response.error())));", SIMULATION),
    Mutant("damaged_at_once", OPERATION,
           '    repeat("a damaged answer");',
           '    end(fail(service_.traits().unavailable, "a damaged answer"));', SIMULATION),
    Mutant("time_of_a_refusal_ignored", OPERATION,
           "if (date) service_.clock().on_date(*date);",
           "if (date && response.status == 200) service_.clock().on_date(*date);", SIMULATION),
    Mutant("bad_signature_at_once", SIGNER,
           "static constexpr std::size_t most_asked = 2;",
           "static constexpr std::size_t most_asked = 1;", SIMULATION),
    Mutant("other_key_at_once", SIGNER,
           "if (asked_.size() < most_asked) ask();",
           "if (asked_.size() < most_asked &&\n"
           "            signature_->error().code != Code::KmsRefused) ask();", SIMULATION),
    Mutant("bad_signature_again_and_again", SIGNER,
           "asked_.size() < most_asked", "asked_.size() < 2 * most_asked", UNIT),
    Mutant("past_deadline_believed", "src/lambda/deadlines.cpp",
           "if (deadline && *deadline > clock.wall()) {", "if (deadline) {", SIMULATION),
    Mutant("bad_der_at_once", SIGNER,
           "if (asked_.size() < most_asked) ask();",
           "if (asked_.size() < most_asked &&\n"
           '            !signature_->error().message.contains("strict")) ask();', SIMULATION),
    Mutant("throttled_at_once", OPERATION,
           "if (remedy == Remedy::Pause || remedy == Remedy::Repetition) return repeat(reason);",
           "if (remedy == Remedy::Repetition) return repeat(reason);\n"
           "    was_refused_ = was_refused_ || remedy == Remedy::Pause;", SIMULATION),
    Mutant("trouble_of_the_service_at_once", OPERATION,
           "if (remedy == Remedy::Pause || remedy == Remedy::Repetition) return repeat(reason);",
           "if (remedy == Remedy::Pause) return repeat(reason);\n"
           "    was_refused_ = was_refused_ || remedy == Remedy::Repetition;", SIMULATION),
)  # fmt: skip
