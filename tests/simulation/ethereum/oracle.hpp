// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules.hpp"

/// The promises, checked from outside. The oracle hears what everybody saw and shares no code with
/// the product: nothing of Redoubt is included here.
namespace redoubt::simulation::ethereum {

/// A validator as the table has it. Times are epochs and slots.
struct Validator {
    Row row;
    std::optional<int> until = {};
    std::set<std::string> tags = {};
    std::set<std::string> fee = {};
    bool has_secret = true;
    auto operator<=>(const Validator&) const = default;
};

/// What a client asks for.
struct Question {
    std::string key;
    bool is_slashable = true;
    Message message = {};      // what could be slashed; else only its root counts
    std::int64_t from_ms = 0;  // when it may be signed, and no earlier
    std::optional<std::set<std::string>> tags = {};  // of which the key has to bear one
    std::string recipient = {};                      // of payments; empty: it is about none
    bool is_for_ever = false;                        // an exit
    bool is_list = false;             // of all keys that are on, of these and those tags
    std::set<std::string> keys = {};  // empty: of all
    /// By which it has to be refused, or empty; whether the table may be asked before.
    std::string refusal = {};
    bool may_read = true;
};
[[nodiscard]] std::string text(const Question& question);

class Oracle {
public:
    using Id = std::uint64_t;

    /// By how much environments may be mistaken about the time, and of what network they are.
    Oracle(std::int64_t clock_error_ms, int slots_per_epoch)
        : clock_error_ms_(clock_error_ms), slots_per_epoch_(slots_per_epoch) {}

    // Requests. Times are true ones, in milliseconds since 1970.
    void asked(Id request, const Question& question, std::size_t environment, std::int64_t now_ms);
    /// It makes a call.
    void called(Id request, bool is_write);
    /// It met a fault. One that lasts, or that says so at once, excuses any answer of its kind.
    void met_fault(Id request, bool lasts, std::int64_t now_ms);
    /// It read that its write was applied, and the row as it is since.
    void read_row(Id request, const Validator& validator);
    void released(Id request, bool is_its_signature, std::int64_t now_ms);
    /// It was told of these keys.
    void listed(Id request, const std::set<std::string>& keys);
    void refused(Id request, int status, const std::string& code, std::int64_t now_ms);
    /// Its environment was killed.
    void killed(Id request);
    /// An environment's clock was set. It does not know until it hears an answer.
    void clock_was_set(std::size_t environment) { mistaken_.insert(environment); }
    /// An environment begins, with nothing in its memory.
    void started(std::size_t environment);

    // The table
    /// The function's write was applied, for that message.
    void committed(const std::string& key, const Message& message, const Validator& after,
                   std::int64_t now_ms);
    /// An operator's was, or the row was there at the beginning.
    void changed(const std::string& key, const Validator& after, std::int64_t now_ms);
    [[nodiscard]] const Validator& validator(const std::string& key) const {
        return keys_.at(key).now;
    }

    /// A row was damaged, or repaired, behind everybody's back.
    void damaged(const std::string& key, bool is_damaged, std::int64_t now_ms);

    // Wraps, by their names
    /// A request's environment has one open from now on.
    void opened(std::size_t environment, const std::string& wrap);
    /// It tried in vain to open it.
    void closed(Id request, const std::string& wrap, const std::string& code, std::int64_t now_ms);
    /// Whether the table and KMS have what opens it. At first they do.
    void can_open(const std::string& wrap, bool can, std::int64_t now_ms);

    // Operators
    /// It is switched off from now on, and stays off, whatever comes late, until the next switch.
    void stays_off(const std::string& key) { keys_.at(key).stays_off = true; }
    void may_be_switched(const std::string& key) { keys_[key].stays_off = false; }
    /// Somebody else has signed these, and the table was told.
    void imported(const std::string& key, const std::vector<Message>& messages);
    /// So many messages of a key were committed so far.
    [[nodiscard]] std::size_t count(const std::string& key) const {
        return keys_.at(key).committed.size();
    }
    /// These marks were said to be above the first `count` of them.
    void exported(const std::string& key, const Marks& marks, std::size_t count) const;

private:
    struct Request {
        Question question;
        std::size_t environment = 0;
        std::int64_t began_ms = 0;
        int faults = 0;
        bool has_called = false;
        bool is_excused = false;
        bool is_committed = false;  // it read that it is
        /// What the rules say to it, of each state of the key that it may have met.
        std::set<std::string> reasons = {};
        bool may_be_signed = false;
    };
    /// From when on a key was so.
    struct Version {
        std::int64_t since_ms = 0;
        Validator validator;
    };
    struct Key {
        Validator now;
        std::vector<Version> versions;   // but for watermarks
        std::set<Message> asked;         // what may be committed
        std::vector<Message> committed;  // each once
        std::vector<Message> released;   // likewise
        std::vector<Message> elsewhere;  // signed by others
        std::int64_t damaged_until_ms = 0;
        bool stays_off = false;
    };

    [[nodiscard]] int epoch_of(const Message& message) const;
    [[nodiscard]] std::string reason(const Validator& validator, const Question& question) const;
    void meet(Request& request, const Validator& validator) const;
    void change(const std::string& key, const Validator& after, std::int64_t now_ms);
    [[nodiscard]] bool met_shut(const Request& asked) const;
    void check_closed(const Request& asked, int status, const std::string& code,
                      std::int64_t now_ms) const;
    void check_released(const Request& asked, std::int64_t now_ms) const;
    void check_reason(const Request& asked, const std::string& code) const;
    void check_excuse(const Request& asked, int status, const std::string& code,
                      std::int64_t now_ms) const;

    std::int64_t clock_error_ms_;
    int slots_per_epoch_;
    std::map<Id, Request> requests_;
    std::map<std::string, Key> keys_;
    std::set<std::size_t> mistaken_;                       // environments, about the time
    std::map<std::size_t, std::int64_t> misled_until_ms_;  // environments
    std::map<std::size_t, std::int64_t> closed_until_ms_;  // those that could not open a wrap
    std::set<std::pair<std::size_t, std::string>> open_;   // wraps, by environment
    std::map<std::string, std::int64_t> shut_until_ms_;    // wraps that can't be opened
};

}  // namespace redoubt::simulation::ethereum
