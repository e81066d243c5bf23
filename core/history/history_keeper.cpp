// SPDX-License-Identifier: MIT OR Apache-2.0
#include "history/history_keeper.h"

#include <iterator>
#include <utility>

#include <pthread.h>

namespace lsw::history {
namespace {

constexpr std::size_t kMostWaiting = 1000;
constexpr std::size_t kRowsForEstimates = 2000; ///< far more than estimates look at, of all kinds of task together

} // namespace

HistoryKeeper::HistoryKeeper(Settings settings) : m_settings(std::move(settings)), m_thread([this] { run(); }) {
    pthread_setname_np(m_thread.native_handle(), "lsw-history");
}

HistoryKeeper::~HistoryKeeper() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void HistoryKeeper::add(TaskRecord record) {
    {
        const std::lock_guard lock(m_mutex);
        auto past = std::make_shared<PastRuns>(*m_past);
        past->add(record);
        m_past = std::move(past);
        if (m_settings.keep == 0) return;
        m_waiting.push_back(std::move(record));
        ++m_added;
    }
    m_wake.notify_one();
}

std::shared_ptr<const PastRuns> HistoryKeeper::pastRuns() const {
    const std::lock_guard lock(m_mutex);
    return m_past;
}

void HistoryKeeper::run() {
    if (m_settings.keep > 0 && open()) readPast();
    for (std::size_t seen = 0;;) {
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, [&] { return m_stopping || m_added != seen; });
        seen = m_added;
        const bool isLast = m_stopping;
        std::deque<TaskRecord> rows = std::exchange(m_waiting, {});
        lock.unlock();
        while (!rows.empty() && write(rows.front())) rows.pop_front();
        if (isLast) return;
        // What could not be written waits for the next task: nobody misses it until then.
        lock.lock();
        m_waiting.insert(m_waiting.begin(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
        while (m_waiting.size() > kMostWaiting) m_waiting.pop_front();
    }
}

bool HistoryKeeper::open() {
    if (m_database) return true;
    auto opened = HistoryDatabase::openToWrite(m_settings.file);
    if (!opened && opened.error().code() == ErrorCode::Corrupt) {
        auto aside = setAside(m_settings.file);
        if (aside) {
            tellOnce(opened.error().message() + "; it is set aside as " + aside->string() + " and begun anew");
            opened = HistoryDatabase::openToWrite(m_settings.file);
        } else {
            opened = std::move(aside).error();
        }
    }
    if (!opened) {
        tellOnce(opened.error().message() + "; finished tasks are not written down meanwhile, the tasks themselves are none the worse");
        return false;
    }
    m_database = std::move(*opened);
    return true;
}

void HistoryKeeper::readPast() {
    Filter filter;
    filter.outcome = Outcome::Done;
    filter.limit = kRowsForEstimates;
    const auto rows = m_database->rows(filter);
    if (!rows) return; // what is wrong shows when the first row is written
    PastRuns past;
    for (auto it = rows->rbegin(); it != rows->rend(); ++it) past.add(*it);
    const std::lock_guard lock(m_mutex);
    for (const TaskRecord& record : m_waiting) past.add(record);
    m_past = std::make_shared<PastRuns>(std::move(past));
}

bool HistoryKeeper::write(const TaskRecord& record) {
    if (!open()) return false;
    auto added = m_database->add(record, m_settings.keep);
    if (!added && added.error().code() == ErrorCode::Corrupt) {
        m_database.reset();
        // Whether the file is damaged and how is found by opening it, which sets it aside then.
        if (!open()) return false;
        added = m_database->add(record, m_settings.keep);
    }
    if (added) {
        m_isTold = false;
        return true;
    }
    tellOnce(added.error().message() + "; finished tasks are not written down meanwhile, the tasks themselves are none the worse");
    m_database.reset();
    return false;
}

void HistoryKeeper::tellOnce(const std::string& sentence) {
    if (std::exchange(m_isTold, true)) return;
    if (m_settings.tell) m_settings.tell(sentence);
}

} // namespace lsw::history
