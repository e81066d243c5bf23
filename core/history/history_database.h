// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "history/task_record.h"
#include "sqlite/connection.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace lsw::history {

/// Which rows are wanted; what is left empty does not count.
struct Filter {
    std::string sector{}; ///< "s-t01000-1", or its number
    std::string type{};   ///< name or short name, in any case
    std::int64_t sinceMs = 0; ///< UTC; by when it ended
    std::optional<Outcome> outcome{};
    std::size_t limit = 0; ///< the newest ones; 0: all
};

/// The file of finished tasks (SQLite, WAL): one row a task, one a phase of it. Schema 1; a newer program adds steps to it.
///
/// Readers and the one writer do not wait for each other. A power cut may cost the last rows, never the file.
/// thread  one at a time; every method may wait for the disk
class HistoryDatabase {
public:
    /// Opens or makes it. Corrupt for what is no history or damaged; IncompatibleVersion for a newer schema; NoSpace, StorageUnavailable, Io.
    static Expected<std::unique_ptr<HistoryDatabase>> openToWrite(const std::filesystem::path& file);
    /// Reads only. NotFound when there is none; the rest as above.
    static Expected<std::unique_ptr<HistoryDatabase>> openToRead(const std::filesystem::path& file);

    /// A call that is there already is left as it is. Rows beyond the newest `keep` go.
    Expected<void> add(const TaskRecord& record, std::size_t keep);
    /// Newest first.
    Expected<std::vector<TaskRecord>> rows(const Filter& filter = {}) const;

private:
    explicit HistoryDatabase(std::filesystem::path file);
    Expected<void> open(bool toWrite);

    std::filesystem::path m_file;
    sqlite::Connection m_database;
};

/// Moves a damaged history out of the way, to `file`.broken, which takes the place of an older one.
Expected<std::filesystem::path> setAside(const std::filesystem::path& file);

} // namespace lsw::history
