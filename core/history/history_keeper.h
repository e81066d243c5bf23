// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "history/finish_estimate.h"
#include "history/history_database.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace lsw::history {

/// Writes finished tasks down, on a thread of its own ("lsw-history").
///
/// It never fails: a database that is damaged is set aside and begun anew; while one cannot be written (full disk, held by another program) the
/// newest rows wait in memory for the next attempt. What is wrong is told once, until it is well again.
class HistoryKeeper {
public:
    struct Settings {
        std::filesystem::path file;
        std::size_t keep = 20000;                      ///< rows; 0: nothing is written
        std::function<void(const std::string&)> tell;  ///< one sentence, on the thread of the keeper
    };
    explicit HistoryKeeper(Settings settings);
    /// Tries once more to write what waits, then ends.
    ~HistoryKeeper();
    HistoryKeeper(const HistoryKeeper&) = delete;
    HistoryKeeper& operator=(const HistoryKeeper&) = delete;

    /// Any thread; returns at once.
    void add(TaskRecord record);
    /// Any thread: what earlier tasks of a kind took. Empty until the file is read.
    std::shared_ptr<const PastRuns> pastRuns() const;

private:
    void run();
    void readPast();
    bool open();
    bool write(const TaskRecord& record);
    void tellOnce(const std::string& sentence);

    Settings m_settings;
    std::unique_ptr<HistoryDatabase> m_database; ///< of the own thread
    bool m_isTold = false;                       ///< of the own thread
    mutable std::mutex m_mutex; ///< guards all below but the thread, while they are looked at
    std::condition_variable m_wake;
    std::size_t m_added = 0; ///< rows that ever came
    std::deque<TaskRecord> m_waiting;
    std::shared_ptr<const PastRuns> m_past = std::make_shared<PastRuns>();
    bool m_stopping = false;
    std::thread m_thread; // last: it uses all of the above
};

} // namespace lsw::history
