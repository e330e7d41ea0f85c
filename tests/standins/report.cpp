// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <utility>

#include <redoubt/base/encoding.hpp>

namespace redoubt::standins {

namespace {

/// Milliseconds with three decimals.
double rounded(double ms) { return std::round(ms * 1000) / 1000; }

std::string shortened(const std::string& text, std::size_t front, std::size_t back) {
    if (text.size() <= front + back + 1) return text;
    return text.substr(0, front) + "…" + text.substr(text.size() - back);
}

/// What holds a key.
std::string where(const Setup& setup, std::size_t at) {
    const std::string& arn = setup.secrets[at].arn;
    if (!arn.empty()) return shortened(arn, 60, 0);
    return "sealed in the table under " + std::to_string(setup.wrapping.size()) + " key(s) of KMS";
}

/// For people: a table that grows.
class HumanReport final : public Report {
public:
    void ready(const Setup& setup) override {
        std::ostringstream out;
        out << "\n"
            << (setup.armed ? "Redoubt is up behind " : "Redoubt signs NOTHING yet behind ")
            << setup.url << "  (" << setup.environments
            << " Lambda environments, frozen between requests;\nKMS and DynamoDB are stand-ins on "
               "this machine, over TLS, and check every signature of ours)\n\n";
        for (std::size_t at = 0; at < setup.keys.size(); ++at) {
            const tezos::KeyInfo& key = setup.keys[at];
            out << "  " << key.address << "  " << std::left << std::setw(9) << name(key.hash.scheme)
                << "  " << where(setup, at) << "\n";
            if (const auto& companion = setup.companions[at]) {
                out << "  " << companion->address << "  its companion\n";
            }
        }
        out << (setup.armed ? "\nArmed on " : "\nNot armed on ") << to_text(setup.chain)
            << " at level " << setup.start_level << " by the operator function.\n\n";
        print(out.str());
    }

    void signature(const BakerSignature& made) override {
        if (!level_) level_.emplace(Level{.slot = made.slot});
        Count& count = level_->kinds[made.kind];
        ++count.asked;
        level_->slowest = std::max(level_->slowest, made.reply.ms);
        if (made.kind == "block") level_->proposer = made.key.address;
        if (made.reply.status == 200 && made.verified) {
            ++count.good;
        } else {
            ++level_->failures[outcome(made)];
        }
    }

    void level_end() override {
        if (!level_) return;
        std::ostringstream out;
        if (!std::exchange(has_header_, true)) {
            out << "   level  round  block by       signed: block  preattestations  attestations"
                   "  slowest, ms\n";
        }
        const auto count = [this](const char* kind) {
            const Count& made = level_->kinds[kind];
            return std::to_string(made.good) + " of " + std::to_string(made.asked);
        };
        out << std::setw(8) << level_->slot.level << std::setw(7) << level_->slot.round << "  "
            << shortened(level_->proposer, 7, 4) << std::setw(16) << count("block") << std::setw(17)
            << count("preattestation") << std::setw(14) << count("attestation") << std::setw(13)
            << std::fixed << std::setprecision(2) << level_->slowest << "\n";
        for (const auto& [what, times] : level_->failures) {
            out << "         FAILED, " << times << " of them: " << what << "\n";
        }
        level_.reset();
        print(out.str());
    }

    void shown(const Shown& one) override {
        std::ostringstream out;
        if (!std::exchange(has_shown_, true)) {
            out << "\nThen, with the key, level and round of the last " << one.made.kind
                << ", and as well authenticated; and its block:\n\n";
        }
        out << "   " << std::left << std::setw(27) << one.what << std::right
            << one.made.reply.status << "  " << outcome(one.made) << "\n";
        if (!one.as_expected())
            out << "         FAILED: " << one.due.status << " " << one.due.code << " was due"
                << (one.due.signature.empty() ? "" : ", with the signature of before") << "\n";
        print(out.str());
    }

    void note(const std::string& text) override { print("         — " + text + "\n"); }

    void summary(const Summary& summary) override {
        level_end();  // if it was cut short
        std::ostringstream out;
        out << "\n" << summary.all.count() << " signatures, each verified by the baker";
        if (summary.failures > 0) out << "; " << summary.failures << " requests FAILED";
        if (summary.unexpected > 0) {
            out << "; " << summary.unexpected << " of the three requests after them FAILED";
        }
        out << "\n\n";
        if (summary.all.count() > 0) {
            out << "   ms                count      p50      p90      p99      max\n";
            for (const auto& [kind, times] : summary.kinds) row(out, kind, times);
            row(out, "all", summary.all);
            out << "\n";
        }
        print(out.str());
    }

    void invite(const std::string& lines) override { print(lines); }

private:
    struct Count {
        std::size_t good = 0;
        std::size_t asked = 0;
    };
    struct Level {
        Slot slot;
        std::string proposer{};
        double slowest = 0;
        std::map<std::string, Count> kinds{};
        std::map<std::string, std::size_t> failures{};
    };

    static std::string outcome(const BakerSignature& made) {
        const SignReply& reply = made.reply;
        const std::string again =
            reply.attempts > 1 ? "  (after " + std::to_string(reply.attempts) + " attempts)" : "";
        if (reply.status != 200) {
            // The message begins with the code.
            return (reply.message.empty() ? reply.code : reply.message) + again;
        }
        if (!made.verified) return "DOES NOT VERIFY " + shortened(reply.signature, 20, 0);
        return shortened(reply.signature, 20, 0) + again;
    }

    static void row(std::ostringstream& out, const std::string& kind, const Times& times) {
        out << "   " << std::left << std::setw(16) << kind << std::right << std::setw(7)
            << times.count() << std::fixed << std::setprecision(2);
        for (const double percent : {50.0, 90.0, 99.0, 100.0}) {
            out << std::setw(9) << times.percentile(percent);
        }
        out << "\n";
    }

    void print(const std::string& text) {
        const std::scoped_lock lock(mutex_);
        std::cout << text << std::flush;
    }

    std::mutex mutex_;
    bool has_header_ = false;
    bool has_shown_ = false;
    std::optional<Level> level_;  ///< that is being signed
};

/// For machines: one JSON object a line. Notes go to standard error.
class JsonReport final : public Report {
public:
    void ready(const Setup& setup) override {
        Json line = to_json(setup);
        line["event"] = "ready";
        line["control"] = setup.control.empty() ? Json() : Json(setup.control);
        print(line);
    }

    void signature(const BakerSignature& made) override {
        Json line = request(made);
        line["event"] = "signature";
        print(line);
    }

    void level_end() override {}

    void shown(const Shown& one) override {
        Json line = request(one.made);
        line["event"] = "shown";
        line["what"] = one.what;
        line["expected"] = one.due.status;
        print(line);
    }

    void note(const std::string& text) override {
        const std::scoped_lock lock(mutex_);
        std::cerr << text << '\n' << std::flush;
    }

    void summary(const Summary& summary) override {
        Json line = times(summary.all);
        line["event"] = "summary";
        line["signatures"] = summary.all.count();
        line["failures"] = summary.failures;
        line["unexpected"] = summary.unexpected;
        line["verified"] = summary.verified;
        for (const auto& [kind, all] : summary.kinds) {
            line["kinds"][kind] = times(all);
            line["kinds"][kind]["signatures"] = all.count();
        }
        print(line);
    }

    void invite(const std::string& lines) override { note(lines); }

private:
    static Json request(const BakerSignature& made) {
        return {{"level", made.slot.level},
                {"round", made.slot.round},
                {"kind", made.kind},
                {"pkh", made.key.address},
                {"public_key", made.key.public_key_text},
                {"payload", to_hex(made.payload)},
                {"signature", made.reply.signature},
                {"verified", made.verified},
                {"status", made.reply.status},
                {"code", made.reply.code},
                {"message", made.reply.message},
                {"attempts", made.reply.attempts},
                {"ms", rounded(made.reply.ms)},
                {"get_ms", rounded(made.reply.get_ms)}};
    }

    static Json times(const Times& all) {
        return {{"p50_ms", rounded(all.percentile(50))},
                {"p90_ms", rounded(all.percentile(90))},
                {"p99_ms", rounded(all.percentile(99))},
                {"max_ms", rounded(all.percentile(100))}};
    }

    void print(const Json& line) {
        const std::scoped_lock lock(mutex_);
        std::cout << dump(line) << '\n' << std::flush;
    }

    std::mutex mutex_;
};

}  // namespace

std::unique_ptr<Report> make_human_report() { return std::make_unique<HumanReport>(); }

std::unique_ptr<Report> make_json_report() { return std::make_unique<JsonReport>(); }

}  // namespace redoubt::standins
