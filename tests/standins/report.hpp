// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "baker.hpp"
#include "setup.hpp"

namespace redoubt::standins {

/// Tells what happens, to people or to machines. From any thread.
class Report {
public:
    Report() = default;
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;
    virtual ~Report() = default;

    virtual void ready(const Setup& setup) = 0;
    virtual void signature(const BakerSignature& made) = 0;
    /// All that a level's slot asks for was asked.
    virtual void level_end() = 0;
    /// A request after the last level.
    virtual void shown(const Shown& one) = 0;
    /// Something worth a line, e.g. that an environment was started anew.
    virtual void note(const std::string& text) = 0;
    virtual void summary(const Summary& summary) = 0;
    /// What the user can try now: lines to paste.
    virtual void invite(const std::string& lines) = 0;
};

[[nodiscard]] std::unique_ptr<Report> make_human_report();
[[nodiscard]] std::unique_ptr<Report> make_json_report();

}  // namespace redoubt::standins
