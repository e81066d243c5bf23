// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/journal_database.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

namespace lsw::tasks {
namespace {

constexpr std::int64_t kApplicationId = 0x4C53574A; ///< "LSWJ"

/// Step i leads from schema i to schema i + 1. A released step never changes; a new schema is a new step.
constexpr std::array<const char*, 1> kMigrations{
    "CREATE TABLE call ("
    " seq INTEGER PRIMARY KEY AUTOINCREMENT,"
    " uuid TEXT NOT NULL UNIQUE,"
    " miner INTEGER NOT NULL,"
    " sector INTEGER NOT NULL,"
    " method TEXT NOT NULL,"
    " params TEXT NOT NULL,"
    " task_type TEXT NOT NULL,"
    " proof INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"
    " return_params TEXT NOT NULL DEFAULT '',"
    " succeeded INTEGER NOT NULL DEFAULT 0,"
    " error TEXT NOT NULL DEFAULT '',"
    " begun_ms INTEGER NOT NULL,"
    " started_ms INTEGER NOT NULL DEFAULT 0,"
    " finished_ms INTEGER NOT NULL DEFAULT 0,"
    " returned_ms INTEGER NOT NULL DEFAULT 0,"
    " peak_memory INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "CREATE INDEX call_unfinished ON call (seq) WHERE state < 2;"
    "CREATE INDEX call_returned ON call (returned_ms, seq) WHERE state = 2;",
};

constexpr const char* kColumns = "uuid, miner, sector, method, params, task_type, proof, state, return_params, succeeded, error,"
                                 " begun_ms, started_ms, finished_ms, returned_ms, peak_memory";

constexpr const char* kHowToGoOn = "move it and the files beside it that begin with its name away, to start with an empty one;"
                                   " the miner will ask again for what was not returned";

/// "process 4711 (lotus-seal-worker)", from the text of the lock file and /proc; "another process" when that tells nothing.
std::string holderOf(int lock) {
    std::array<char, 32> text{};
    const ssize_t size = ::pread(lock, text.data(), text.size() - 1, 0);
    long pid = 0;
    for (ssize_t i = 0;
         i < size && text[static_cast<std::size_t>(i)] >= '0' && text[static_cast<std::size_t>(i)] <= '9' && pid < 1'000'000'000; ++i)
        pid = pid * 10 + (text[static_cast<std::size_t>(i)] - '0');
    if (pid <= 0) return "another process";
    std::string name;
    std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
    if (!std::getline(comm, name)) return "process " + std::to_string(pid);
    return "process " + std::to_string(pid) + " (" + name + ')';
}

} // namespace

/// One prepared statement; parameters count from 1, columns from 0.
class JournalDatabase::Statement {
public:
    Statement(sqlite3* database, const std::string& sql) {
        m_result = sqlite3_prepare_v2(database, sql.c_str(), static_cast<int>(sql.size()), &m_statement, nullptr);
    }
    ~Statement() { sqlite3_finalize(m_statement); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(int index, std::int64_t value) {
        keep(sqlite3_bind_int64(m_statement, index, value));
        return *this;
    }
    Statement& bind(int index, std::uint64_t value) { return bind(index, static_cast<std::int64_t>(value)); }
    /// The text must stay as it is until the statement ends.
    Statement& bind(int index, const std::string& text) {
        keep(sqlite3_bind_text64(m_statement, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
        return *this;
    }
    /// SQLITE_ROW, SQLITE_DONE or what went wrong, preparing and binding included.
    int step() {
        if (m_result != SQLITE_OK) return m_result;
        return sqlite3_step(m_statement);
    }
    std::int64_t integer(int column) const { return sqlite3_column_int64(m_statement, column); }
    std::string text(int column) const {
        const void* data = sqlite3_column_text(m_statement, column);
        const int size = sqlite3_column_bytes(m_statement, column);
        return data ? std::string(static_cast<const char*>(data), static_cast<std::size_t>(size)) : std::string();
    }

private:
    void keep(int result) {
        if (m_result == SQLITE_OK) m_result = result;
    }
    sqlite3_stmt* m_statement = nullptr;
    int m_result = SQLITE_OK;
};

Error JournalDatabase::failure(int result, const std::string& what) const {
    const std::string where = "the call journal " + m_file.string();
    const std::string told = m_database ? sqlite3_errmsg(m_database) : sqlite3_errstr(result);
    const int systemError = m_database ? sqlite3_system_errno(m_database) : 0;
    switch (result & 0xff) {
    case SQLITE_FULL: return Error(ErrorCode::NoSpace, where + ": " + what + ": the disk is full; make room there");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return Error(ErrorCode::StorageUnavailable, where + " is in use by another process: stop that one, or use another worker repo");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Error(ErrorCode::Corrupt, where + " is damaged (" + told + ") and was left as it is: " + kHowToGoOn);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
        return Error(ErrorCode::StorageUnavailable,
                     where + " cannot be written (" + told + "): give this user the right to, or use another worker repo");
    case SQLITE_IOERR:
        if (systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG)
            return Error(ErrorCode::NoSpace, where + ": " + what + ": " + std::strerror(systemError) + "; make room there");
        return Error(ErrorCode::Io, where + ": " + what + ": " + (systemError ? std::strerror(systemError) : told));
    default: return Error(ErrorCode::Internal, where + ": " + what + ": " + told);
    }
}

Expected<std::unique_ptr<JournalDatabase>> JournalDatabase::open(const std::filesystem::path& file) {
    std::unique_ptr<JournalDatabase> database(new JournalDatabase(file));
    LSW_TRY(database->lock());
    LSW_TRY(database->openDatabase());
    LSW_TRY(database->migrate());
    return database;
}

JournalDatabase::~JournalDatabase() {
    if (m_database) sqlite3_close_v2(m_database);
    if (m_lock >= 0) ::close(m_lock);
}

Expected<void> JournalDatabase::lock() {
    const std::string path = m_file.string() + ".lock";
    m_lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m_lock < 0)
        return Error(errno == ENOSPC || errno == EDQUOT ? ErrorCode::NoSpace : ErrorCode::StorageUnavailable,
                     "the lock " + path + " of the call journal cannot be opened (" + std::strerror(errno) +
                         "): the folder must be there and be writable");
    if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return Error(ErrorCode::StorageUnavailable, "the call journal " + m_file.string() + " is in use by " + holderOf(m_lock) +
                                                            ": stop that one, or use another worker repo");
        return Error(ErrorCode::StorageUnavailable,
                     "the call journal " + m_file.string() + " cannot be locked (" + std::strerror(errno) + ')');
    }
    // The number only helps the message above: a full disk may keep it from being written.
    const std::string pid = std::to_string(::getpid()) + '\n';
    if (::ftruncate(m_lock, 0) == 0) static_cast<void>(::pwrite(m_lock, pid.data(), pid.size(), 0) > 0);
    return {};
}

Expected<void> JournalDatabase::openDatabase() {
    // Made here, so that parameters of calls are nobody else's to read; SQLite gives its other files the same mode.
    if (const int made = ::open(m_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600); made >= 0) {
        // SQLite takes a file shorter than its header for a new database and would write over it.
        constexpr std::string_view magic("SQLite format 3\0", 16);
        std::array<char, 16> head{};
        const ssize_t size = ::read(made, head.data(), head.size());
        ::close(made);
        const bool good = size >= 0 && std::equal(head.begin(), head.begin() + size, magic.begin());
        if ((!good || (size > 0 && size < 16)) && ::access((m_file.string() + "-journal").c_str(), F_OK) != 0)
            return Error(ErrorCode::Corrupt, m_file.string() + " is no call journal and was left as it is: " + kHowToGoOn);
    }
    int result = sqlite3_open_v2(m_file.c_str(), &m_database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (result != SQLITE_OK) return failure(result, "opening it");
    sqlite3_extended_result_codes(m_database, 1);
    LSW_TRY(execute("PRAGMA locking_mode = EXCLUSIVE"));
    LSW_TRY(number("PRAGMA schema_version")); // the first read: tells a file that is no database before anything is written
    const auto version = number("PRAGMA user_version");
    if (!version) return version.error();
    const auto id = number("PRAGMA application_id");
    if (!id) return id.error();
    const auto tables = number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    if (*tables != 0 && *id != kApplicationId)
        return Error(ErrorCode::Corrupt, m_file.string() + " is a database, but no call journal, and was left as it is:"
                                                           " move it away, or use another worker repo");
    if (*version > static_cast<std::int64_t>(kMigrations.size()))
        return Error(ErrorCode::IncompatibleVersion, "the call journal " + m_file.string() + " has schema " + std::to_string(*version) +
                                                         " of a newer version of this program; this one knows up to " +
                                                         std::to_string(kMigrations.size()) +
                                                         ": use the newer version, or another worker repo");
    {
        Statement check(m_database, "PRAGMA quick_check(1)");
        result = check.step();
        if (result != SQLITE_ROW) return failure(result, "checking it");
        if (check.text(0) != "ok") {
            std::string found = check.text(0);
            for (char& c : found)
                if (c == '\n') c = ' ';
            return Error(ErrorCode::Corrupt,
                         "the call journal " + m_file.string() + " is damaged (" + found + ") and was left as it is: " + kHowToGoOn);
        }
    }
    LSW_TRY(execute("PRAGMA journal_mode = WAL"));
    LSW_TRY(execute("PRAGMA synchronous = FULL"));
    return execute("PRAGMA journal_size_limit = 16777216"); // a large result does not leave a large log behind
}

Expected<void> JournalDatabase::migrate() {
    const auto version = number("PRAGMA user_version");
    if (!version) return version.error();
    for (std::size_t step = static_cast<std::size_t>(*version); step < kMigrations.size(); ++step) {
        const auto toNext = [&]() -> Expected<void> {
            LSW_TRY(execute(kMigrations[step]));
            LSW_TRY(execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str()));
            return execute(("PRAGMA user_version = " + std::to_string(step + 1)).c_str());
        };
        LSW_TRY(transaction(toNext));
    }
    return {};
}

Expected<void> JournalDatabase::execute(const char* sql) {
    const int result = sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) return failure(result, "writing to it");
    return {};
}

Expected<std::int64_t> JournalDatabase::number(const char* sql) {
    Statement query(m_database, sql);
    const int result = query.step();
    if (result != SQLITE_ROW) return failure(result, "reading it");
    return query.integer(0);
}

Expected<void> JournalDatabase::transaction(const std::function<Expected<void>()>& body) {
    LSW_TRY(execute("BEGIN IMMEDIATE"));
    Expected<void> done = body();
    if (done) done = execute("COMMIT");
    // Some failures (a full disk) have already ended the transaction.
    if (!done && !sqlite3_get_autocommit(m_database)) sqlite3_exec(m_database, "ROLLBACK", nullptr, nullptr, nullptr);
    return done;
}

Expected<std::optional<CallState>> JournalDatabase::stateOf(const protocol::CallId& id) {
    Statement query(m_database, "SELECT state FROM call WHERE uuid = ?");
    const int result = query.bind(1, id.uuid).step();
    if (result == SQLITE_DONE) return std::optional<CallState>();
    if (result != SQLITE_ROW) return failure(result, "reading a call");
    return std::optional<CallState>(static_cast<CallState>(query.integer(0)));
}

Expected<void> JournalDatabase::begin(const CallRecord& record) {
    return transaction([&]() -> Expected<void> {
        Statement insert(m_database, "INSERT INTO call (uuid, miner, sector, method, params, task_type, proof, state, begun_ms)"
                                     " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)");
        insert.bind(1, record.id.uuid).bind(2, record.id.sector.miner).bind(3, record.id.sector.number).bind(4, record.method);
        insert.bind(5, record.params).bind(6, record.taskType).bind(7, record.proof).bind(8, record.begunMs);
        const int result = insert.step();
        if (result == SQLITE_DONE) return {};
        if ((result & 0xff) == SQLITE_CONSTRAINT)
            return Error(ErrorCode::AlreadyExists, "call " + record.id.uuid + " is in the journal already");
        return failure(result, "noting call " + record.id.uuid);
    });
}

Expected<void> JournalDatabase::started(const protocol::CallId& id, std::int64_t whenMs) {
    return transaction([&]() -> Expected<void> {
        Statement update(m_database, "UPDATE call SET started_ms = ? WHERE uuid = ?");
        const int result = update.bind(1, whenMs).bind(2, id.uuid).step();
        if (result != SQLITE_DONE) return failure(result, "noting the start of call " + id.uuid);
        return {};
    });
}

Expected<void> JournalDatabase::finish(const protocol::CallId& id, const std::string& returnParams, bool succeeded,
                                       const std::string& error, std::uint64_t peakMemory, std::int64_t nowMs) {
    return transaction([&]() -> Expected<void> {
        const auto state = stateOf(id);
        if (!state) return state.error();
        if (!*state) return Error(ErrorCode::NotFound, "call " + id.uuid + " is not in the journal");
        if (**state != CallState::Begun) return Error(ErrorCode::AlreadyExists, "call " + id.uuid + " has a result already, which is kept");
        Statement update(
            m_database,
            "UPDATE call SET state = 1, return_params = ?, succeeded = ?, error = ?, peak_memory = ?, finished_ms = ? WHERE uuid = ?");
        update.bind(1, returnParams).bind(2, std::int64_t{succeeded}).bind(3, error).bind(4, peakMemory).bind(5, nowMs).bind(6, id.uuid);
        const int result = update.step();
        if (result != SQLITE_DONE) return failure(result, "noting the result of call " + id.uuid);
        return {};
    });
}

Expected<void> JournalDatabase::returned(const protocol::CallId& id, std::int64_t nowMs) {
    return transaction([&]() -> Expected<void> {
        const auto state = stateOf(id);
        if (!state) return state.error();
        if (!*state) return Error(ErrorCode::NotFound, "call " + id.uuid + " is not in the journal");
        if (**state == CallState::Returned) return {};
        if (**state == CallState::Begun)
            return Error(ErrorCode::Internal, "call " + id.uuid + " has no result yet and cannot have been returned");
        // The outputs of C1 and the inputs of C2 are tens of MiB, and nobody needs them any more.
        Statement update(m_database,
                         "UPDATE call SET state = 2, returned_ms = ?,"
                         " params = CASE WHEN length(params) > 65536 THEN '' ELSE params END,"
                         " return_params = CASE WHEN length(return_params) > 65536 THEN '' ELSE return_params END WHERE uuid = ?");
        const int result = update.bind(1, nowMs).bind(2, id.uuid).step();
        if (result != SQLITE_DONE) return failure(result, "noting the return of call " + id.uuid);
        return {};
    });
}

Expected<std::vector<CallRecord>> JournalDatabase::records(Statement& query) {
    std::vector<CallRecord> out;
    int result = SQLITE_ROW;
    while ((result = query.step()) == SQLITE_ROW) {
        CallRecord& record = out.emplace_back();
        record.id.uuid = query.text(0);
        record.id.sector = {static_cast<std::uint64_t>(query.integer(1)), static_cast<std::uint64_t>(query.integer(2))};
        record.method = query.text(3);
        record.params = query.text(4);
        record.taskType = query.text(5);
        record.proof = query.integer(6);
        record.state = static_cast<CallState>(query.integer(7));
        record.returnParams = query.text(8);
        record.succeeded = query.integer(9) != 0;
        record.error = query.text(10);
        record.begunMs = query.integer(11);
        record.startedMs = query.integer(12);
        record.finishedMs = query.integer(13);
        record.returnedMs = query.integer(14);
        record.peakMemory = static_cast<std::uint64_t>(query.integer(15));
    }
    if (result != SQLITE_DONE) return failure(result, "reading calls");
    return out;
}

Expected<std::vector<CallRecord>> JournalDatabase::unfinished() {
    Statement query(m_database, std::string("SELECT ") + kColumns + " FROM call WHERE state < 2 ORDER BY seq");
    return records(query);
}

Expected<std::vector<CallRecord>> JournalDatabase::history(std::size_t limit) {
    Statement query(m_database,
                    std::string("SELECT ") + kColumns + " FROM call WHERE state = 2 ORDER BY returned_ms DESC, seq DESC LIMIT ?");
    query.bind(1, static_cast<std::int64_t>(std::min(limit, std::size_t{1} << 40)));
    return records(query);
}

} // namespace lsw::tasks
