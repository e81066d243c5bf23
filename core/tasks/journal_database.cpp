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

/// A failure of this file in one sentence, with what to do.
sqlite::Connection::Tell tellOf(const std::filesystem::path& file) {
    return [where = "the call journal " + file.string()](const sqlite::Failure& failure, const std::string& doing) {
        if (failure.isHeld) return Error(failure.code, where + " is in use by another process: stop that one, or use another worker repo");
        switch (failure.code) {
        case ErrorCode::NoSpace: return Error(failure.code, where + ": " + doing + ": " + failure.told + "; make room there");
        case ErrorCode::Corrupt: return Error(failure.code, where + " is damaged (" + failure.told + ") and was left as it is: " + kHowToGoOn);
        case ErrorCode::StorageUnavailable:
            return Error(failure.code, where + " cannot be written (" + failure.told + "): give this user the right to, or use another worker repo");
        default: return Error(failure.code, where + ": " + doing + ": " + failure.told);
        }
    };
}

} // namespace

JournalDatabase::JournalDatabase(std::filesystem::path file) : m_file(std::move(file)), m_database(tellOf(m_file)) {}

Expected<std::unique_ptr<JournalDatabase>> JournalDatabase::open(const std::filesystem::path& file) {
    std::unique_ptr<JournalDatabase> database(new JournalDatabase(file));
    LSW_TRY(database->lock());
    LSW_TRY(database->openDatabase());
    return database;
}

JournalDatabase::~JournalDatabase() {
    m_database.close(); // before somebody else may open it
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
        std::array<char, sqlite::kHeadBytes> head{};
        const ssize_t size = ::read(made, head.data(), head.size());
        ::close(made);
        const bool isForeign = size < 0 || sqlite::beginningOf({head.data(), static_cast<std::size_t>(size)}) == sqlite::Beginning::Foreign;
        if (isForeign && ::access((m_file.string() + "-journal").c_str(), F_OK) != 0)
            return Error(ErrorCode::Corrupt, m_file.string() + " is no call journal and was left as it is: " + kHowToGoOn);
    }
    LSW_TRY(m_database.open(m_file, true));
    LSW_TRY(m_database.execute("PRAGMA locking_mode = EXCLUSIVE"));
    LSW_TRY(m_database.number("PRAGMA schema_version")); // the first read: tells a file that is no database before anything is written
    const auto version = m_database.number("PRAGMA user_version");
    if (!version) return version.error();
    const auto id = m_database.number("PRAGMA application_id");
    if (!id) return id.error();
    const auto tables = m_database.number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    if (*tables != 0 && *id != kApplicationId)
        return Error(ErrorCode::Corrupt, m_file.string() + " is a database, but no call journal, and was left as it is:"
                                                           " move it away, or use another worker repo");
    if (*version > static_cast<std::int64_t>(kMigrations.size()))
        return Error(ErrorCode::IncompatibleVersion, "the call journal " + m_file.string() + " has schema " + std::to_string(*version) +
                                                         " of a newer version of this program; this one knows up to " +
                                                         std::to_string(kMigrations.size()) +
                                                         ": use the newer version, or another worker repo");
    const auto damage = m_database.damage();
    if (!damage) return damage.error();
    if (!damage->empty())
        return Error(ErrorCode::Corrupt, "the call journal " + m_file.string() + " is damaged (" + *damage + ") and was left as it is: " + kHowToGoOn);
    LSW_TRY(m_database.execute("PRAGMA journal_mode = WAL"));
    LSW_TRY(m_database.execute("PRAGMA synchronous = FULL"));
    LSW_TRY(m_database.execute("PRAGMA journal_size_limit = 16777216")); // a large result does not leave a large log behind
    return m_database.migrate(*version, kMigrations, kApplicationId);
}

Expected<std::optional<CallState>> JournalDatabase::stateOf(const protocol::CallId& id) {
    sqlite::Statement query(m_database, "SELECT state FROM call WHERE uuid = ?");
    const int result = (query << id.uuid).step();
    if (result == SQLITE_DONE) return std::optional<CallState>();
    if (result != SQLITE_ROW) return m_database.failure(result, "reading a call");
    int state = 0;
    query >> state;
    return std::optional<CallState>(static_cast<CallState>(state));
}

Expected<void> JournalDatabase::begin(const CallRecord& record) {
    return m_database.transaction([&]() -> Expected<void> {
        sqlite::Statement insert(m_database, "INSERT INTO call (uuid, miner, sector, method, params, task_type, proof, state, begun_ms)"
                                     " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)");
        insert << record.id.uuid << record.id.sector.miner << record.id.sector.number << record.method << record.params << record.taskType << record.proof << record.begunMs;
        const int result = insert.step();
        if (result == SQLITE_DONE) return {};
        if ((result & 0xff) == SQLITE_CONSTRAINT)
            return Error(ErrorCode::AlreadyExists, "call " + record.id.uuid + " is in the journal already");
        return m_database.failure(result, "noting call " + record.id.uuid);
    });
}

Expected<void> JournalDatabase::started(const protocol::CallId& id, std::int64_t whenMs) {
    return m_database.transaction([&]() -> Expected<void> {
        sqlite::Statement update(m_database, "UPDATE call SET started_ms = ? WHERE uuid = ?");
        const int result = (update << whenMs << id.uuid).step();
        if (result != SQLITE_DONE) return m_database.failure(result, "noting the start of call " + id.uuid);
        return {};
    });
}

Expected<void> JournalDatabase::finish(const protocol::CallId& id, const std::string& returnParams, bool succeeded,
                                       const std::string& error, std::uint64_t peakMemory, std::int64_t nowMs) {
    return m_database.transaction([&]() -> Expected<void> {
        const auto state = stateOf(id);
        if (!state) return state.error();
        if (!*state) return Error(ErrorCode::NotFound, "call " + id.uuid + " is not in the journal");
        if (**state != CallState::Begun) return Error(ErrorCode::AlreadyExists, "call " + id.uuid + " has a result already, which is kept");
        sqlite::Statement update(
            m_database,
            "UPDATE call SET state = 1, return_params = ?, succeeded = ?, error = ?, peak_memory = ?, finished_ms = ? WHERE uuid = ?");
        update << returnParams << std::int64_t{succeeded} << error << peakMemory << nowMs << id.uuid;
        const int result = update.step();
        if (result != SQLITE_DONE) return m_database.failure(result, "noting the result of call " + id.uuid);
        return {};
    });
}

Expected<void> JournalDatabase::returned(const protocol::CallId& id, std::int64_t nowMs) {
    return m_database.transaction([&]() -> Expected<void> {
        const auto state = stateOf(id);
        if (!state) return state.error();
        if (!*state) return Error(ErrorCode::NotFound, "call " + id.uuid + " is not in the journal");
        if (**state == CallState::Returned) return {};
        if (**state == CallState::Begun)
            return Error(ErrorCode::Internal, "call " + id.uuid + " has no result yet and cannot have been returned");
        // The outputs of C1 and the inputs of C2 are tens of MiB, and nobody needs them any more.
        sqlite::Statement update(m_database,
                         "UPDATE call SET state = 2, returned_ms = ?,"
                         " params = CASE WHEN length(params) > 65536 THEN '' ELSE params END,"
                         " return_params = CASE WHEN length(return_params) > 65536 THEN '' ELSE return_params END WHERE uuid = ?");
        const int result = (update << nowMs << id.uuid).step();
        if (result != SQLITE_DONE) return m_database.failure(result, "noting the return of call " + id.uuid);
        return {};
    });
}

Expected<std::vector<CallRecord>> JournalDatabase::records(sqlite::Statement& query) {
    std::vector<CallRecord> out;
    int result = SQLITE_ROW;
    while ((result = query.step()) == SQLITE_ROW) {
        CallRecord& record = out.emplace_back();
        int state = 0, succeeded = 0;
        query >> record.id.uuid >> record.id.sector.miner >> record.id.sector.number >> record.method >> record.params >> record.taskType >> record.proof >> state >>
            record.returnParams >> succeeded >> record.error >> record.begunMs >> record.startedMs >> record.finishedMs >> record.returnedMs >> record.peakMemory;
        record.state = static_cast<CallState>(state);
        record.succeeded = succeeded != 0;
    }
    if (result != SQLITE_DONE) return m_database.failure(result, "reading calls");
    return out;
}

Expected<std::vector<CallRecord>> JournalDatabase::unfinished() {
    sqlite::Statement query(m_database, std::string("SELECT ") + kColumns + " FROM call WHERE state < 2 ORDER BY seq");
    return records(query);
}

Expected<std::vector<CallRecord>> JournalDatabase::history(std::size_t limit) {
    sqlite::Statement query(m_database,
                    std::string("SELECT ") + kColumns + " FROM call WHERE state = 2 ORDER BY returned_ms DESC, seq DESC LIMIT ?");
    query << static_cast<std::int64_t>(std::min(limit, std::size_t{1} << 40));
    return records(query);
}

} // namespace lsw::tasks
