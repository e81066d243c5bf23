// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// The little of SQLite that the files of a worker need: a connection, statements, transactions, steps from schema to schema.
namespace lsw::sqlite {

/// What went wrong, before the owner of the file has put it into words.
struct Failure {
    /// NoSpace, Corrupt, Io; StorageUnavailable for what cannot be opened or written, and for what another process holds; else Internal.
    ErrorCode code = ErrorCode::Internal;
    bool isHeld = false;   ///< by another process
    std::string told;      ///< the system's words, else SQLite's
};

/// One open file.
///
/// thread  one at a time; everything may wait for the disk
class Connection {
public:
    /// What the owner says of a failure; `doing` is "opening it", "reading a row".
    using Tell = std::function<Error(const Failure& failure, const std::string& doing)>;

    explicit Connection(Tell tell) : m_tell(std::move(tell)) {}
    ~Connection() { close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Opens a file that is there.
    Expected<void> open(const std::filesystem::path& file, bool toWrite);
    void close();
    Expected<void> execute(const std::string& sql) const;
    /// The first value of the first row.
    Expected<std::int64_t> number(const char* sql) const;
    /// Runs `body` between BEGIN and COMMIT; whatever fails, nothing of it stays.
    Expected<void> transaction(const std::function<Expected<void>()>& body) const;
    /// What `PRAGMA quick_check` finds, in one line; empty when all is well.
    Expected<std::string> damage() const;
    /// Takes the schema from `version` to the last of the steps, each a transaction that notes application id and version with it.
    Expected<void> migrate(std::int64_t version, std::span<const char* const> steps, std::int64_t applicationId) const;
    /// The owner's error for a result of SQLite.
    Error failure(int result, const std::string& doing) const;
    sqlite3* handle() const { return m_database; }

private:
    Tell m_tell;
    sqlite3* m_database = nullptr;
};

/// One prepared statement; parameters are bound and columns read in their order.
class Statement {
public:
    Statement(const Connection& connection, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& operator<<(std::int64_t value);
    Statement& operator<<(std::uint64_t value) { return *this << static_cast<std::int64_t>(value); }
    Statement& operator<<(int value) { return *this << std::int64_t{value}; }
    /// The text must stay as it is until the statement ends.
    Statement& operator<<(std::string_view text);
    /// SQLITE_ROW, SQLITE_DONE or what went wrong, preparing and binding included.
    int step();
    Statement& operator>>(std::int64_t& value);
    Statement& operator>>(std::uint64_t& value);
    Statement& operator>>(int& value);
    Statement& operator>>(std::string& text);

private:
    void keep(int result);

    sqlite3_stmt* m_statement = nullptr;
    int m_result = 0, m_bound = 0, m_column = 0;
};

/// How a file begins, by its first kHeadBytes or what there is of them. SQLite takes one that is shorter than its header for a new one and would write over it.
enum class Beginning { Empty, Database, Foreign };
Beginning beginningOf(std::string_view head);
inline constexpr std::size_t kHeadBytes = 16;

} // namespace lsw::sqlite
