# SPDX-License-Identifier: Apache-2.0
"""Bugs in what builds and tests, and in what the local host plays and prints."""

from mutation.bug import Mutant, pytest, system

BUILDING = pytest("scripts/test_building.py", targets=("redoubt-local",))
RUN = pytest("scripts/test_run.py")
LOCAL = system("system/test_local.py")
STANDINS = "tests/standins"

MUTANTS = (
    Mutant(
        "old_host_after_a_failed_build",
        "deploy/local",
        "counted 'compiling build/release/redoubt-local' >>\"$log\" || failed",
        "counted 'compiling build/release/redoubt-local' >>\"$log\" || :",
        BUILDING,
    ),
    Mutant(
        "old_host_after_a_failed_release",
        "deploy/local",
        '"$root/deploy/build" </dev/null >"$log" || failed',
        '"$root/deploy/build" </dev/null >"$log" || :',
        BUILDING,
    ),
    Mutant(
        "log_that_cannot_be_written",
        "deploy/local",
        '(: >"$log") 2>/dev/null || refuse "cannot write $log"',
        ":",
        BUILDING,
    ),
    Mutant(
        "options_not_looked_at",
        "deploy/local",
        'given=("$@")\nwhile (($#)); do',
        'given=("$@")\nwhile ((0)); do',
        BUILDING,
    ),
    Mutant(
        "half_a_value_taken",
        "deploy/local",
        "[[ $2 =~ ^(${looks[$1]-${looks[$kind]}})$ ]]",
        "[[ $2 =~ ${looks[$1]-${looks[$kind]}} ]]",
        BUILDING,
    ),
    Mutant(
        "anothers_build_folder",
        "deploy/tools/common",
        "[[ -e $path && ! -w $path ]] || continue",
        "[[ -e $path && ! -r $path ]] || continue",
        BUILDING,
    ),
    Mutant(
        "odd_path_taken",
        "deploy/tools/common",
        "[[ ! $root =~ $odd ]] ||",
        "[[ ! $root =~ ^$odd ]] ||",
        BUILDING,
    ),
    Mutant(
        "full_disk_while_counting",
        "deploy/tools/common",
        "printf '%s\\n' \"$line\" || return 1",
        "printf '%s\\n' \"$line\" || :",
        BUILDING,
    ),
    Mutant(
        "a_line_for_each_count",
        "deploy/tools/common",
        "    elif ((EPOCHSECONDS >= next_progress)); then",
        "    else",
        BUILDING,
    ),
    Mutant(
        "moved_build_kept",
        "deploy/tools/configure",
        '!= "$root" ]]; then',
        '!= "$root" && ! -e CMakeLists.txt ]]; then',
        BUILDING,
    ),
    Mutant(
        "moved_environment_kept", "deploy/tools/venv", '! is_moved "$folder" &&', ":  &&", BUILDING
    ),
    Mutant(
        "locked_apt_not_waited_for",
        "deploy/tools/install",
        "[[ $lock ]] || return 1",
        "return 1",
        BUILDING,
    ),
    Mutant(
        "locked_apt_waited_for_for_ever",
        "deploy/tools/install",
        "((waited += 5))",
        "((waited += 0, 1))",
        BUILDING,
    ),
    Mutant(
        "any_version_of_debian",
        "deploy/tools/install",
        ' || $system != *VERSION_ID=\\"12\\"* ]]',
        " ]]",
        BUILDING,
    ),
    Mutant(
        "unreached_mirror_not_noticed",
        "deploy/tools/apt",
        'compgen -G "$folder/lists/*_Packages*" >/dev/null || {',
        'compgen -G "$folder/lists*" >/dev/null || {',
        BUILDING,
    ),
    Mutant(
        "unreached_host_not_named",
        "deploy/tools/common",
        "s|^[EW]: Failed to fetch",
        "s|^[E]: Failed to fetch",
        BUILDING,
    ),
    Mutant(
        "children_of_a_step_left", "tests/run", "    end $running $job\n", "    end $job\n", RUN
    ),
    Mutant(
        "children_beside_left", "tests/run", "    end $running $job\n", "    end $running\n", RUN
    ),
    Mutant(
        "other_lane_left_running",
        "tests/run",
        """        wait "$job" || { cat""",
        """        begun=$job job=\n        wait "$begun" || { cat""",
        RUN,
    ),
    Mutant(
        "signal_waits_for_the_step",
        "tests/run",
        '"$1" </dev/null &\n    running=$!\n    wait "$running"',
        '"$1" </dev/null',
        RUN,
    ),
    Mutant(
        "moved_environment_used",
        "tests/run",
        """[[ ! " ${wanted[*]} " =~ ' '(install|fetch)""",
        """[[ " ${wanted[*]} " =~ ' '(install|fetch)""",
        RUN,
    ),
    Mutant(
        "what_is_shown_never_fails",
        f"{STANDINS}/main.cpp",
        "return summary.failures + summary.unexpected == 0",
        "return summary.failures == 0",
        LOCAL,
    ),
    Mutant(
        "no_other_vote_shown",
        f"{STANDINS}/baker.cpp",
        "attestation_payload(vote_->slot, vote_->key.hash.scheme, 0),",
        "vote_->payload,",
        LOCAL,
    ),
    Mutant(
        "no_environment_killed",
        f"{STANDINS}/baker.cpp",
        "        kill_environments();\n",
        "",
        LOCAL,
    ),
    Mutant(
        "printed_vote_not_above_the_arming",
        f"{STANDINS}/invitation.cpp",
        ".level = std::max(last.level, setup.start_level + 1),",
        ".level = last.level,",
        LOCAL,
    ),
    Mutant(
        "up_though_nothing_is_armed",
        f"{STANDINS}/report.cpp",
        '(setup.armed ? "Redoubt is up',
        '(true ? "Redoubt is up',
        LOCAL,
    ),
)
