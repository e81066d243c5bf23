// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sqlite/connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sqlite3.h>

namespace lsw::sqlite {

void Connection::close() {
    if (m_database) sqlite3_close_v2(std::exchange(m_database, nullptr));
}

Expected<void> Connection::open(const std::filesystem::path& file, bool toWrite) {
    const int result = sqlite3_open_v2(file.c_str(), &m_database, (toWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX, nullptr);
    if (result != SQLITE_OK) return failure(result, "opening it");
    sqlite3_extended_result_codes(m_database, 1);
    return {};
}

Error Connection::failure(int result, const std::string& doing) const {
    Failure out;
    out.told = m_database ? sqlite3_errmsg(m_database) : sqlite3_errstr(result);
    const int system = m_database ? sqlite3_system_errno(m_database) : 0;
    const auto tellSystem = [&] {
        if (system) out.told = std::strerror(system);
    };
    switch (result & 0xff) {
    case SQLITE_FULL:
        out.code = ErrorCode::NoSpace;
        out.told = "the disk is full";
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        out.code = ErrorCode::StorageUnavailable;
        out.isHeld = true;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: out.code = ErrorCode::Corrupt; break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
        out.code = ErrorCode::StorageUnavailable;
        tellSystem();
        break;
    case SQLITE_IOERR:
        out.code = system == ENOSPC || system == EDQUOT || system == EFBIG ? ErrorCode::NoSpace : ErrorCode::Io;
        tellSystem();
        break;
    default: break;
    }
    return m_tell(out, doing);
}

Expected<void> Connection::execute(const std::string& sql) const {
    const int result = sqlite3_exec(m_database, sql.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) return failure(result, "writing to it");
    return {};
}

Expected<std::int64_t> Connection::number(const char* sql) const {
    Statement query(*this, sql);
    const int result = query.step();
    if (result != SQLITE_ROW) return failure(result, "reading it");
    std::int64_t out = 0;
    query >> out;
    return out;
}

Expected<void> Connection::transaction(const std::function<Expected<void>()>& body) const {
    LSW_TRY(execute("BEGIN IMMEDIATE"));
    Expected<void> done = body();
    if (done) done = execute("COMMIT");
    // Some failures (a full disk) have already ended the transaction.
    if (!done && !sqlite3_get_autocommit(m_database)) sqlite3_exec(m_database, "ROLLBACK", nullptr, nullptr, nullptr);
    return done;
}

Expected<std::string> Connection::damage() const {
    Statement check(*this, "PRAGMA quick_check(1)");
    const int result = check.step();
    if (result != SQLITE_ROW) return failure(result, "checking it");
    std::string found;
    check >> found;
    if (found == "ok") return std::string();
    std::ranges::replace(found, '\n', ' ');
    return found;
}

Expected<void> Connection::migrate(std::int64_t version, std::span<const char* const> steps, std::int64_t applicationId) const {
    for (auto step = static_cast<std::size_t>(version); step < steps.size(); ++step) {
        const auto toNext = [&]() -> Expected<void> {
            LSW_TRY(execute(steps[step]));
            LSW_TRY(execute("PRAGMA application_id = " + std::to_string(applicationId)));
            return execute("PRAGMA user_version = " + std::to_string(step + 1));
        };
        LSW_TRY(transaction(toNext));
    }
    return {};
}

Statement::Statement(const Connection& connection, std::string_view sql) {
    m_result = sqlite3_prepare_v2(connection.handle(), sql.data(), static_cast<int>(sql.size()), &m_statement, nullptr);
}

Statement::~Statement() { sqlite3_finalize(m_statement); }

void Statement::keep(int result) {
    if (m_result == SQLITE_OK) m_result = result;
}

Statement& Statement::operator<<(std::int64_t value) {
    keep(sqlite3_bind_int64(m_statement, ++m_bound, value));
    return *this;
}

Statement& Statement::operator<<(std::string_view text) {
    // A null pointer, which an empty view may have, would be bound as NULL.
    keep(sqlite3_bind_text64(m_statement, ++m_bound, text.data() ? text.data() : "", text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

int Statement::step() {
    m_column = 0;
    return m_result != SQLITE_OK ? m_result : sqlite3_step(m_statement);
}

Statement& Statement::operator>>(std::int64_t& value) {
    value = sqlite3_column_int64(m_statement, m_column++);
    return *this;
}

Statement& Statement::operator>>(std::uint64_t& value) {
    value = static_cast<std::uint64_t>(sqlite3_column_int64(m_statement, m_column++));
    return *this;
}

Statement& Statement::operator>>(int& value) {
    value = sqlite3_column_int(m_statement, m_column++);
    return *this;
}

Statement& Statement::operator>>(std::string& text) {
    const void* data = sqlite3_column_text(m_statement, m_column);
    const int size = sqlite3_column_bytes(m_statement, m_column++);
    text = data ? std::string(static_cast<const char*>(data), static_cast<std::size_t>(size)) : std::string();
    return *this;
}

Beginning beginningOf(std::string_view head) {
    if (head.empty()) return Beginning::Empty;
    return head == std::string_view("SQLite format 3\0", kHeadBytes) ? Beginning::Database : Beginning::Foreign;
}

} // namespace lsw::sqlite
