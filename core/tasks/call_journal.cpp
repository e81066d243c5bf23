// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/call_journal.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include <pthread.h>

#include "tasks/journal_database.h"

namespace lsw::tasks {
namespace {

std::int64_t nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

/// The thread and what it still has to do. `m_mutex` guards the list and the stop mark alone; it is held only while they are
/// looked at, never during a commit or a callback.
class CallJournal::Private {
public:
    explicit Private(std::unique_ptr<JournalDatabase> database) : m_database(std::move(database)), m_thread([this] { run(); }) {
        pthread_setname_np(m_thread.native_handle(), "lsw-journal");
    }
    ~Private() {
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        m_wake.notify_one();
        m_thread.join();
    }

    void post(std::function<void(JournalDatabase&)> work) {
        {
            const std::lock_guard lock(m_mutex);
            m_work.push_back(std::move(work));
        }
        m_wake.notify_one();
    }

    bool onOwnThread() const { return std::this_thread::get_id() == m_thread.get_id(); }

private:
    void run() {
        for (;;) {
            std::function<void(JournalDatabase&)> work;
            {
                std::unique_lock lock(m_mutex);
                m_wake.wait(lock, [this] { return m_stopping || !m_work.empty(); });
                if (m_work.empty()) return;
                work = std::move(m_work.front());
                m_work.pop_front();
            }
            work(*m_database);
        }
    }

    std::unique_ptr<JournalDatabase> m_database;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void(JournalDatabase&)>> m_work;
    bool m_stopping = false;
    std::thread m_thread; // last: it uses all of the above
};

CallJournal::CallJournal(std::unique_ptr<Private> d) : m_private(std::move(d)) {}
CallJournal::~CallJournal() = default;

Expected<std::unique_ptr<CallJournal>> CallJournal::open(const std::filesystem::path& file) {
    auto database = JournalDatabase::open(file);
    if (!database) return std::move(database).error();
    return std::unique_ptr<CallJournal>(new CallJournal(std::make_unique<Private>(std::move(database).value())));
}

void CallJournal::begin(CallRecord record, Done done) {
    if (record.begunMs == 0) record.begunMs = nowMs();
    m_private->post([record = std::move(record), done = std::move(done)](JournalDatabase& database) { done(database.begin(record)); });
}

void CallJournal::started(const protocol::CallId& id, std::int64_t whenMs) {
    // For display alone: when it cannot be written, the call is none the worse.
    m_private->post([id, whenMs](JournalDatabase& database) { static_cast<void>(database.started(id, whenMs).hasValue()); });
}

void CallJournal::finish(const protocol::CallId& id, std::string returnParams, bool succeeded, std::string error, std::uint64_t peakMemory,
                         Done done) {
    m_private->post([id, returnParams = std::move(returnParams), succeeded, error = std::move(error), peakMemory, when = nowMs(),
                     done = std::move(done)](JournalDatabase& database) {
        done(database.finish(id, returnParams, succeeded, error, peakMemory, when));
    });
}

void CallJournal::returned(const protocol::CallId& id, Done done) {
    m_private->post([id, when = nowMs(), done = std::move(done)](JournalDatabase& database) { done(database.returned(id, when)); });
}

void CallJournal::unfinished(std::function<void(Expected<std::vector<CallRecord>>)> done) {
    m_private->post([done = std::move(done)](JournalDatabase& database) { done(database.unfinished()); });
}

void CallJournal::history(std::size_t limit, std::function<void(Expected<std::vector<CallRecord>>)> done) {
    m_private->post([limit, done = std::move(done)](JournalDatabase& database) { done(database.history(limit)); });
}

void CallJournal::flush() {
    if (m_private->onOwnThread()) return; // a callback asking: what came before it is done
    std::promise<void> reached;
    m_private->post([&reached](JournalDatabase&) { reached.set_value(); });
    reached.get_future().wait();
}

} // namespace lsw::tasks
