// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtCore/QObject>
#include <QtCore/QThreadPool>

#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <utility>

namespace lsw::gui {

/// Work of one page that must not hold the window up: asking a miner, looking at disks. Runs on a thread of the pool; what it finds comes back to the
/// page's thread, unless the page is gone or the work was stopped meanwhile.
///
/// thread  the page's; only the work itself runs elsewhere
class BackgroundJobs {
public:
    /// What runs elsewhere gets this.
    class Job {
    public:
        const std::stop_token& stop() const { return m_stop; }
        /// Has `what` done on the page's thread, in order.
        void tell(std::function<void()> what) const {
            const std::lock_guard lock(m_home->mutex);
            if (!m_home->page) return;
            QMetaObject::invokeMethod(m_home->page, [stop = m_stop, what = std::move(what)] {
                if (!stop.stop_requested()) what();
            }, Qt::QueuedConnection);
        }

    private:
        friend class BackgroundJobs;
        struct Home {
            std::mutex mutex;
            QObject* page;
        };
        Job(std::shared_ptr<Home> home, std::stop_token stop) : m_home(std::move(home)), m_stop(std::move(stop)) {}
        std::shared_ptr<Home> m_home;
        std::stop_token m_stop;
    };

    explicit BackgroundJobs(QObject* page) : m_home(std::make_shared<Job::Home>()) { m_home->page = page; }
    ~BackgroundJobs() {
        m_stop.request_stop();
        const std::lock_guard lock(m_home->mutex);
        m_home->page = nullptr;
    }
    BackgroundJobs(const BackgroundJobs&) = delete;
    BackgroundJobs& operator=(const BackgroundJobs&) = delete;

    void start(std::function<void(const Job&)> work) {
        QThreadPool::globalInstance()->start([work = std::move(work), job = Job(m_home, m_stop.get_token())] { work(job); });
    }
    /// What runs is told to end, and nothing of it arrives any more.
    void stopAll() {
        m_stop.request_stop();
        m_stop = {};
    }

private:
    std::shared_ptr<Job::Home> m_home;
    std::stop_source m_stop;
};

} // namespace lsw::gui
