// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

/// The promises, checked from outside. The oracle hears what everybody saw and shares no code with
/// the product: nothing of Redoubt is included here.
namespace redoubt::simulation::tezos {

/// Level, then round.
struct Place {
    std::int64_t level = 0;
    std::int64_t round = 0;
    auto operator<=>(const Place&) const = default;
};

/// One watermark as somebody saw it. Absent texts are empty.
struct Row {
    Place at;
    std::string digest;
    std::string signature;
    std::int64_t pace = 0;
    std::optional<std::int64_t> until = {};
    bool operator==(const Row&) const = default;
};

/// A row's place: the number of its table, and key, chain and kind.
struct RowName {
    std::size_t table = 0;
    std::string scope;
    auto operator<=>(const RowName&) const = default;
};

/// What a client asks for.
struct Question {
    std::string scope;  // key, chain and kind
    Place at;
    std::string digest;
    bool is_block = false;
    bool is_legitimate = true;  // authenticated, and a consensus message
};

/// `<scope> <level>/<round> <digest>`
[[nodiscard]] std::string text(const Question& question);

/// The signer that is asked: the environment, and the table of its own.
struct Asked {
    std::size_t environment = 0;
    std::size_t table = 0;
};

enum class Writer { Function, Operator };

class Oracle {
public:
    using Id = std::uint64_t;

    /// A request begins. Times are true ones, in milliseconds since 1970.
    void asked(Id request, const Question& question, const Asked& who, std::int64_t now_ms);
    /// It makes a call to KMS or to the table.
    void called(Id request);
    /// It met a fault. One that lasts, or that says so at once, excuses any answer of its kind.
    void met_fault(Id request, bool lasts);
    /// A row that the table answered reached it.
    void read_row(Id request, const Row& row);
    void released(Id request, const std::string& signature, bool verifies);
    void refused(Id request, int status, const std::string& code, std::int64_t now_ms);
    /// Its environment was killed.
    void killed(Id request);

    /// A write was applied to a row.
    void wrote(const RowName& name, const Row& row, Writer writer, std::int64_t now_ms);
    /// A row was damaged, or repaired, behind everybody's back.
    void damaged(const RowName& name, bool is_damaged);

    // Of sealed keys, which are named by their address.
    /// An environment begins, with nothing in its memory.
    void started(std::size_t environment);
    /// A request's environment has a key open from now on.
    void opened(std::size_t environment, const std::string& key);
    /// It tried in vain to open it.
    void closed(Id request, const std::string& key, const std::string& code, std::int64_t now_ms);
    /// The request sends a write.
    void commits(Id request);
    /// Whether the table and KMS have what opens a key. At first they do.
    void can_open(std::size_t table, const std::string& key, bool can);

private:
    struct Request {
        Question question;
        RowName row;  // that its commit is for
        std::size_t environment = 0;
        std::int64_t began_ms = 0;
        std::uint64_t began = 0;  // in the order of all events
        int calls = 0;
        int faults = 0;
        bool excused = false;
        bool committed = false;               // it read a row with its slot and digest
        bool was_damaged = false;             // its row, ever since it began
        bool met_damage = false;              // its row, at some time since
        std::set<std::string> met_shut = {};  // sealed keys that could not be opened, the same
        bool was_armed = false;
        std::int64_t lowest_pace = 0;              // of the row, since it began
        std::optional<std::int64_t> lowest_until;  // the same
    };
    /// What one table holds.
    struct Held {
        std::optional<Row> row;
        bool is_damaged = false;
        std::int64_t fence = 0;               // the pace at the last arm or raise
        std::map<Place, std::string> digest;  // of each place that the row was at; empty: none
        std::map<Place, std::uint64_t> first_release;  // in the order of all events
    };
    /// What goes for all tables together.
    struct Scope {
        std::map<Place, std::string> released;
        std::map<Place, std::size_t> committed;         // by which table
        std::map<std::string, std::string> signatures;  // of blocks, by digest
    };

    /// Of a sealed key, in an environment.
    struct Memory {
        bool is_open = false;
        std::string refusal = {};  // by which it could not be opened
        std::int64_t refused_until_ms = 0;
    };

    void check_row(const RowName& name, const Held& held, const Row& row, Writer writer) const;
    void check_fence(const RowName& name, Held& held, const Row& row, Writer writer,
                     std::int64_t now_ms) const;
    void check_conflict(const Request& request, const std::string& code) const;
    void check_excuse(const Request& request, int status, const std::string& code,
                      std::int64_t now_ms) const;
    [[nodiscard]] static bool is_of_sealed_key(const std::string& code);
    [[nodiscard]] Request with_shut_key(Request asked) const;
    void check_closed(const Request& asked, int status, const std::string& code,
                      std::int64_t now_ms);
    [[nodiscard]] std::set<std::string> shut_keys(std::size_t table) const;

    std::uint64_t events_ = 0;
    std::map<Id, Request> requests_;
    std::map<RowName, Held> rows_;
    std::map<std::string, Scope> scopes_;
    std::map<std::pair<std::size_t, std::string>, Memory> memories_;  // by environment and key
    std::set<RowName> shut_;  // sealed keys, by table and address
};

}  // namespace redoubt::simulation::tezos
