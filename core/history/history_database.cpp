// SPDX-License-Identifier: MIT OR Apache-2.0
#include "history/history_database.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace lsw::history {
namespace {

constexpr std::int64_t kApplicationId = 0x4C535748; ///< "LSWH"
constexpr int kBusyMs = 2000;

/// Step i leads from schema i to schema i + 1. A released step never changes; a new schema is a new step.
constexpr std::array<const char*, 1> kMigrations{
    "CREATE TABLE task ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " call TEXT NOT NULL UNIQUE,"
    " sector TEXT NOT NULL,"
    " type TEXT NOT NULL,"
    " short_name TEXT NOT NULL,"
    " proof INTEGER NOT NULL,"
    " sector_size INTEGER NOT NULL,"
    " engine TEXT NOT NULL,"
    " kernels TEXT NOT NULL,"
    " queued_ms INTEGER NOT NULL,"
    " begun_ms INTEGER NOT NULL,"
    " ended_ms INTEGER NOT NULL,"
    " active_ms INTEGER NOT NULL,"
    " outcome TEXT NOT NULL,"
    " error_code TEXT NOT NULL,"
    " error TEXT NOT NULL,"
    " peak_memory INTEGER NOT NULL,"
    " bytes_moved INTEGER NOT NULL,"
    " resumed_at TEXT NOT NULL,"
    " kept_ms INTEGER NOT NULL,"
    " beside INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX task_ended ON task (ended_ms);"
    "CREATE INDEX task_sector ON task (sector);"
    "CREATE TABLE phase ("
    " task INTEGER NOT NULL REFERENCES task (id) ON DELETE CASCADE,"
    " place INTEGER NOT NULL,"
    " name TEXT NOT NULL,"
    " ms INTEGER NOT NULL,"
    " PRIMARY KEY (task, place)"
    ") STRICT, WITHOUT ROWID;",
};

constexpr const char* kColumns = "call, sector, type, short_name, proof, sector_size, engine, kernels, queued_ms, begun_ms, ended_ms, active_ms,"
                                 " outcome, error_code, error, peak_memory, bytes_moved, resumed_at, kept_ms, beside";

} // namespace

/// One prepared statement; parameters are bound and columns read in their order.
class HistoryDatabase::Statement {
public:
    Statement(sqlite3* database, const std::string& sql) {
        m_result = sqlite3_prepare_v2(database, sql.c_str(), static_cast<int>(sql.size()), &m_statement, nullptr);
    }
    ~Statement() { sqlite3_finalize(m_statement); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& operator<<(std::int64_t value) {
        keep(sqlite3_bind_int64(m_statement, ++m_bound, value));
        return *this;
    }
    Statement& operator<<(std::uint64_t value) { return *this << static_cast<std::int64_t>(value); }
    Statement& operator<<(int value) { return *this << std::int64_t{value}; }
    /// The text must stay as it is until the statement ends.
    Statement& operator<<(std::string_view text) {
        keep(sqlite3_bind_text64(m_statement, ++m_bound, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
        return *this;
    }
    /// SQLITE_ROW, SQLITE_DONE or what went wrong, preparing and binding included.
    int step() {
        m_column = 0;
        return m_result != SQLITE_OK ? m_result : sqlite3_step(m_statement);
    }
    Statement& operator>>(std::int64_t& value) {
        value = sqlite3_column_int64(m_statement, m_column++);
        return *this;
    }
    Statement& operator>>(std::uint64_t& value) {
        value = static_cast<std::uint64_t>(sqlite3_column_int64(m_statement, m_column++));
        return *this;
    }
    Statement& operator>>(int& value) {
        value = sqlite3_column_int(m_statement, m_column++);
        return *this;
    }
    Statement& operator>>(std::string& text) {
        const void* data = sqlite3_column_text(m_statement, m_column);
        const int size = sqlite3_column_bytes(m_statement, m_column++);
        text = data ? std::string(static_cast<const char*>(data), static_cast<std::size_t>(size)) : std::string();
        return *this;
    }

private:
    void keep(int result) {
        if (m_result == SQLITE_OK) m_result = result;
    }
    sqlite3_stmt* m_statement = nullptr;
    int m_result = SQLITE_OK, m_bound = 0, m_column = 0;
};

Error HistoryDatabase::failure(int result, const std::string& what) const {
    const std::string where = "the history " + m_file.string();
    const std::string told = m_database ? sqlite3_errmsg(m_database) : sqlite3_errstr(result);
    const int systemError = m_database ? sqlite3_system_errno(m_database) : 0;
    switch (result & 0xff) {
    case SQLITE_FULL: return Error(ErrorCode::NoSpace, where + ": " + what + ": the disk is full");
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Error(ErrorCode::StorageUnavailable, where + " is held by another program");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Error(ErrorCode::Corrupt, where + " is damaged (" + told + ')');
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN: return Error(ErrorCode::StorageUnavailable, where + " cannot be opened (" + (systemError ? std::strerror(systemError) : told) + ')');
    case SQLITE_IOERR:
        if (systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG) return Error(ErrorCode::NoSpace, where + ": " + what + ": " + std::strerror(systemError));
        return Error(ErrorCode::Io, where + ": " + what + ": " + (systemError ? std::strerror(systemError) : told));
    default: return Error(ErrorCode::Internal, where + ": " + what + ": " + told);
    }
}

Expected<std::unique_ptr<HistoryDatabase>> HistoryDatabase::openToWrite(const std::filesystem::path& file) {
    std::unique_ptr<HistoryDatabase> out(new HistoryDatabase(file));
    LSW_TRY(out->open(true));
    return out;
}

Expected<std::unique_ptr<HistoryDatabase>> HistoryDatabase::openToRead(const std::filesystem::path& file) {
    std::error_code failure;
    if (!std::filesystem::exists(file, failure)) return Error(ErrorCode::NotFound, "there is no history yet at " + file.string() + ": it begins with the first finished task");
    std::unique_ptr<HistoryDatabase> out(new HistoryDatabase(file));
    LSW_TRY(out->open(false));
    return out;
}

HistoryDatabase::~HistoryDatabase() {
    if (m_database) sqlite3_close_v2(m_database);
}

Expected<void> HistoryDatabase::open(bool toWrite) {
    const int made = ::open(m_file.c_str(), toWrite ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0600);
    if (made < 0) {
        auto wrong = errnoError(errno, "the history " + m_file.string() + " cannot be opened");
        return wrong.code() == ErrorCode::NoSpace ? wrong : Error(ErrorCode::StorageUnavailable, wrong.detail());
    }
    // SQLite takes a file shorter than its header for a new database and would write over it.
    constexpr std::string_view magic("SQLite format 3\0", 16);
    std::array<char, 16> head{};
    const ssize_t size = ::read(made, head.data(), head.size());
    ::close(made);
    if (size > 0 && std::string_view(head.data(), static_cast<std::size_t>(size)) != magic) return Error(ErrorCode::Corrupt, m_file.string() + " is no history");
    if (size == 0 && !toWrite) return Error(ErrorCode::NotFound, "there is no history yet at " + m_file.string() + ": it begins with the first finished task");

    const int result = sqlite3_open_v2(m_file.c_str(), &m_database, (toWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX, nullptr);
    if (result != SQLITE_OK) return failure(result, "opening it");
    sqlite3_extended_result_codes(m_database, 1);
    sqlite3_busy_timeout(m_database, kBusyMs);
    const auto version = number("PRAGMA user_version");
    if (!version) return version.error();
    const auto id = number("PRAGMA application_id");
    if (!id) return id.error();
    const auto tables = number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    const auto known = static_cast<std::int64_t>(kMigrations.size());
    if (*tables != 0 && *id != kApplicationId) return Error(ErrorCode::Corrupt, m_file.string() + " is a database, but no history");
    if (*version > known)
        return Error(ErrorCode::IncompatibleVersion, "the history " + m_file.string() + " has schema " + std::to_string(*version) +
                                                         " of a newer version of this program; this one knows up to " + std::to_string(known));
    if (!toWrite) {
        if (*version < known) return Error(ErrorCode::IncompatibleVersion, "the history " + m_file.string() + " is of an older version; the next start of the worker brings it up to date");
        return {};
    }
    {
        Statement check(m_database, "PRAGMA quick_check(1)");
        std::string found;
        const int step = check.step();
        if (step != SQLITE_ROW) return failure(step, "checking it");
        check >> found;
        if (found != "ok") return Error(ErrorCode::Corrupt, "the history " + m_file.string() + " is damaged (" + found.substr(0, found.find('\n')) + ')');
    }
    LSW_TRY(execute("PRAGMA journal_mode = WAL"));
    LSW_TRY(execute("PRAGMA synchronous = NORMAL"));
    LSW_TRY(execute("PRAGMA foreign_keys = ON"));
    for (std::size_t step = static_cast<std::size_t>(*version); step < kMigrations.size(); ++step) {
        const auto toNext = [&]() -> Expected<void> {
            LSW_TRY(execute(kMigrations[step]));
            LSW_TRY(execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
            return execute("PRAGMA user_version = " + std::to_string(step + 1));
        };
        LSW_TRY(transaction(toNext));
    }
    return {};
}

Expected<void> HistoryDatabase::execute(const std::string& sql) const {
    const int result = sqlite3_exec(m_database, sql.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) return failure(result, "writing to it");
    return {};
}

Expected<std::int64_t> HistoryDatabase::number(const char* sql) const {
    Statement query(m_database, sql);
    const int result = query.step();
    if (result != SQLITE_ROW) return failure(result, "reading it");
    std::int64_t out = 0;
    query >> out;
    return out;
}

Expected<void> HistoryDatabase::transaction(const std::function<Expected<void>()>& body) {
    LSW_TRY(execute("BEGIN IMMEDIATE"));
    Expected<void> done = body();
    if (done) done = execute("COMMIT");
    // Some failures (a full disk) have already ended the transaction.
    if (!done && !sqlite3_get_autocommit(m_database)) sqlite3_exec(m_database, "ROLLBACK", nullptr, nullptr, nullptr);
    return done;
}

Expected<void> HistoryDatabase::add(const TaskRecord& record, std::size_t keep) {
    return transaction([&]() -> Expected<void> {
        Statement insert(m_database, std::string("INSERT OR IGNORE INTO task (") + kColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        insert << record.call << record.sector << record.type << record.shortName << record.proof << record.sectorSize << record.engine << record.kernels << record.queuedMs
               << record.begunMs << record.endedMs << record.activeMs << outcomeName(record.outcome) << record.errorCode << record.error << record.peakMemory
               << record.bytesMoved << record.resumedAt << record.keptMs << record.beside;
        if (const int result = insert.step(); result != SQLITE_DONE) return failure(result, "adding a row");
        if (sqlite3_changes(m_database) == 0) return {};
        const std::int64_t id = sqlite3_last_insert_rowid(m_database);
        for (std::size_t i = 0; i < record.phases.size(); ++i) {
            Statement phase(m_database, "INSERT INTO phase (task, place, name, ms) VALUES (?,?,?,?)");
            phase << id << static_cast<std::int64_t>(i) << record.phases[i].name << record.phases[i].ms;
            if (const int result = phase.step(); result != SQLITE_DONE) return failure(result, "adding a phase");
        }
        Statement trim(m_database, "DELETE FROM task WHERE id <= ?");
        trim << id - static_cast<std::int64_t>(keep);
        if (const int result = trim.step(); result != SQLITE_DONE) return failure(result, "letting old rows go");
        return {};
    });
}

Expected<std::vector<TaskRecord>> HistoryDatabase::rows(const Filter& filter) const {
    std::string sql = std::string("SELECT id, ") + kColumns + " FROM task WHERE 1";
    if (!filter.sector.empty()) sql += " AND (sector = ?1 OR sector LIKE '%-' || ?1)";
    else sql += " AND ?1 = ''";
    sql += filter.type.empty() ? " AND ?2 = ''" : " AND (type = ?2 OR lower(short_name) = lower(?2))";
    sql += " AND max(queued_ms, begun_ms, ended_ms) >= ?3";
    sql += filter.outcome ? " AND outcome = ?4" : " AND ?4 = ''";
    sql += " ORDER BY id DESC LIMIT ?5";
    Statement query(m_database, sql);
    query << filter.sector << filter.type << filter.sinceMs << (filter.outcome ? outcomeName(*filter.outcome) : std::string_view(""))
          << (filter.limit > 0 ? static_cast<std::int64_t>(filter.limit) : std::int64_t{-1});
    std::vector<TaskRecord> out;
    for (;;) {
        const int result = query.step();
        if (result == SQLITE_DONE) return out;
        if (result != SQLITE_ROW) return failure(result, "reading a row");
        TaskRecord& record = out.emplace_back();
        std::int64_t id = 0;
        std::string outcome;
        query >> id >> record.call >> record.sector >> record.type >> record.shortName >> record.proof >> record.sectorSize >> record.engine >> record.kernels >> record.queuedMs >>
            record.begunMs >> record.endedMs >> record.activeMs >> outcome >> record.errorCode >> record.error >> record.peakMemory >> record.bytesMoved >> record.resumedAt >>
            record.keptMs >> record.beside;
        record.outcome = outcomeNamed(outcome).value_or(Outcome::Failed);
        Statement phases(m_database, "SELECT name, ms FROM phase WHERE task = ? ORDER BY place");
        phases << id;
        int more = SQLITE_ROW;
        while ((more = phases.step()) == SQLITE_ROW) {
            PhaseTime& phase = record.phases.emplace_back();
            phases >> phase.name >> phase.ms;
        }
        if (more != SQLITE_DONE) return failure(more, "reading the phases of a row");
    }
}

Expected<std::filesystem::path> setAside(const std::filesystem::path& file) {
    const std::filesystem::path broken = file.string() + ".broken";
    std::error_code failure;
    std::filesystem::rename(file, broken, failure);
    if (failure) return Error(ErrorCode::StorageUnavailable, "the damaged history " + file.string() + " cannot be moved out of the way (" + failure.message() + ')');
    for (const char* part : {"-wal", "-shm"}) {
        std::error_code ignored;
        std::filesystem::rename(file.string() + part, broken.string() + part, ignored);
        if (ignored) std::filesystem::remove(broken.string() + part, ignored); // of an older one, which does not belong to this one
    }
    return broken;
}

} // namespace lsw::history
