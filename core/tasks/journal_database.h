// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "tasks/call_journal.h"

struct sqlite3;

namespace lsw::tasks {

/// The file behind the CallJournal: each method is one transaction that is on disk when it returns without an error.
///
/// One process at a time: a lock beside the file holds its number, and SQLite itself locks the file for as long as it is open.
/// thread  one at a time; every method may wait for the disk
class JournalDatabase {
public:
    /// See CallJournal::open.
    static Expected<std::unique_ptr<JournalDatabase>> open(const std::filesystem::path& file);
    ~JournalDatabase();

    Expected<void> begin(const CallRecord& record);
    Expected<void> started(const protocol::CallId& id, std::int64_t whenMs);
    Expected<void> finish(const protocol::CallId& id, const std::string& returnParams, bool succeeded, const std::string& error,
                          std::uint64_t peakMemory, std::int64_t nowMs);
    Expected<void> returned(const protocol::CallId& id, std::int64_t nowMs);
    Expected<std::vector<CallRecord>> unfinished();
    Expected<std::vector<CallRecord>> history(std::size_t limit);

private:
    class Statement;
    explicit JournalDatabase(std::filesystem::path file) : m_file(std::move(file)) {}

    Expected<void> lock();
    Expected<void> openDatabase();
    Expected<void> migrate();
    Expected<void> execute(const char* sql);
    /// Runs `body` between BEGIN and COMMIT; whatever fails, nothing of it stays.
    Expected<void> transaction(const std::function<Expected<void>()>& body);
    Expected<std::optional<CallState>> stateOf(const protocol::CallId& id);
    Expected<std::int64_t> number(const char* sql);
    Expected<std::vector<CallRecord>> records(Statement& query);
    Error failure(int result, const std::string& what) const;

    std::filesystem::path m_file;
    int m_lock = -1;
    sqlite3* m_database = nullptr;
};

} // namespace lsw::tasks
