// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sqlite/connection.h"
#include "tasks/call_journal.h"

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
    explicit JournalDatabase(std::filesystem::path file);

    Expected<void> lock();
    Expected<void> openDatabase();
    Expected<std::optional<CallState>> stateOf(const protocol::CallId& id);
    Expected<std::vector<CallRecord>> records(sqlite::Statement& query);

    std::filesystem::path m_file;
    int m_lock = -1;
    sqlite::Connection m_database;
};

} // namespace lsw::tasks
