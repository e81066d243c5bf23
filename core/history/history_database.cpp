// SPDX-License-Identifier: MIT OR Apache-2.0
#include "history/history_database.h"

#include <algorithm>
#include <array>
#include <cerrno>

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

/// A failure of this file in one sentence.
sqlite::Connection::Tell tellOf(const std::filesystem::path& file) {
    return [where = "the history " + file.string()](const sqlite::Failure& failure, const std::string& doing) {
        if (failure.isHeld) return Error(failure.code, where + " is held by another program");
        if (failure.code == ErrorCode::Corrupt) return Error(failure.code, where + " is damaged (" + failure.told + ')');
        if (failure.code == ErrorCode::StorageUnavailable) return Error(failure.code, where + " cannot be opened (" + failure.told + ')');
        return Error(failure.code, where + ": " + doing + ": " + failure.told);
    };
}

} // namespace

HistoryDatabase::HistoryDatabase(std::filesystem::path file) : m_file(std::move(file)), m_database(tellOf(m_file)) {}

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

Expected<void> HistoryDatabase::open(bool toWrite) {
    const int made = ::open(m_file.c_str(), toWrite ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0600);
    if (made < 0) {
        auto wrong = errnoError(errno, "the history " + m_file.string() + " cannot be opened");
        return wrong.code() == ErrorCode::NoSpace ? wrong : Error(ErrorCode::StorageUnavailable, wrong.detail());
    }
    std::array<char, sqlite::kHeadBytes> head{};
    const ssize_t size = ::read(made, head.data(), head.size());
    ::close(made);
    const auto beginning = sqlite::beginningOf({head.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
    if (beginning == sqlite::Beginning::Foreign) return Error(ErrorCode::Corrupt, m_file.string() + " is no history");
    if (beginning == sqlite::Beginning::Empty && !toWrite) return Error(ErrorCode::NotFound, "there is no history yet at " + m_file.string() + ": it begins with the first finished task");

    LSW_TRY(m_database.open(m_file, toWrite));
    sqlite3_busy_timeout(m_database.handle(), kBusyMs);
    const auto version = m_database.number("PRAGMA user_version");
    if (!version) return version.error();
    const auto id = m_database.number("PRAGMA application_id");
    if (!id) return id.error();
    const auto tables = m_database.number("SELECT count(*) FROM sqlite_schema");
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
    const auto damage = m_database.damage();
    if (!damage) return damage.error();
    if (!damage->empty()) return Error(ErrorCode::Corrupt, "the history " + m_file.string() + " is damaged (" + *damage + ')');
    LSW_TRY(m_database.execute("PRAGMA journal_mode = WAL"));
    LSW_TRY(m_database.execute("PRAGMA synchronous = NORMAL"));
    LSW_TRY(m_database.execute("PRAGMA foreign_keys = ON"));
    return m_database.migrate(*version, kMigrations, kApplicationId);
}

Expected<void> HistoryDatabase::add(const TaskRecord& record, std::size_t keep) {
    return m_database.transaction([&]() -> Expected<void> {
        sqlite::Statement insert(m_database, std::string("INSERT OR IGNORE INTO task (") + kColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        insert << record.call << record.sector << record.type << record.shortName << record.proof << record.sectorSize << record.engine << record.kernels << record.queuedMs
               << record.begunMs << record.endedMs << record.activeMs << outcomeName(record.outcome) << record.errorCode << record.error << record.peakMemory
               << record.bytesMoved << record.resumedAt << record.keptMs << record.beside;
        if (const int result = insert.step(); result != SQLITE_DONE) return m_database.failure(result, "adding a row");
        if (sqlite3_changes(m_database.handle()) == 0) return {};
        const std::int64_t id = sqlite3_last_insert_rowid(m_database.handle());
        for (std::size_t i = 0; i < record.phases.size(); ++i) {
            sqlite::Statement phase(m_database, "INSERT INTO phase (task, place, name, ms) VALUES (?,?,?,?)");
            phase << id << static_cast<std::int64_t>(i) << record.phases[i].name << record.phases[i].ms;
            if (const int result = phase.step(); result != SQLITE_DONE) return m_database.failure(result, "adding a phase");
        }
        sqlite::Statement trim(m_database, "DELETE FROM task WHERE id <= ?");
        trim << id - static_cast<std::int64_t>(keep);
        if (const int result = trim.step(); result != SQLITE_DONE) return m_database.failure(result, "letting old rows go");
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
    sqlite::Statement query(m_database, sql);
    query << filter.sector << filter.type << filter.sinceMs << (filter.outcome ? outcomeName(*filter.outcome) : std::string_view(""))
          << (filter.limit > 0 ? static_cast<std::int64_t>(filter.limit) : std::int64_t{-1});
    std::vector<TaskRecord> out;
    for (;;) {
        const int result = query.step();
        if (result == SQLITE_DONE) return out;
        if (result != SQLITE_ROW) return m_database.failure(result, "reading a row");
        TaskRecord& record = out.emplace_back();
        std::int64_t id = 0;
        std::string outcome;
        query >> id >> record.call >> record.sector >> record.type >> record.shortName >> record.proof >> record.sectorSize >> record.engine >> record.kernels >> record.queuedMs >>
            record.begunMs >> record.endedMs >> record.activeMs >> outcome >> record.errorCode >> record.error >> record.peakMemory >> record.bytesMoved >> record.resumedAt >>
            record.keptMs >> record.beside;
        record.outcome = outcomeNamed(outcome).value_or(Outcome::Failed);
        sqlite::Statement phases(m_database, "SELECT name, ms FROM phase WHERE task = ? ORDER BY place");
        phases << id;
        int more = SQLITE_ROW;
        while ((more = phases.step()) == SQLITE_ROW) {
            PhaseTime& phase = record.phases.emplace_back();
            phases >> phase.name >> phase.ms;
        }
        if (more != SQLITE_DONE) return m_database.failure(more, "reading the phases of a row");
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
