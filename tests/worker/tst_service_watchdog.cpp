// SPDX-License-Identifier: MIT OR Apache-2.0
#include <atomic>
#include <semaphore>
#include <set>

#include <QtCore/QThread>
#include <QtTest/QTest>

#include "worker/service_watchdog.h"

using namespace lsw::worker;
using std::chrono::milliseconds;

/// A thread with an event loop and a watchdog on it, as the service has them.
class WatchedThread : public QThread {
public:
    ~WatchedThread() override {
        quit();
        wait();
    }
    void run() override {
        ServiceWatchdog watchdog(
            [this](const std::string& operation) {
                const std::lock_guard lock(m_mutex);
                m_named.insert(operation);
                m_told.notify_all();
            },
            milliseconds(1), milliseconds(20));
        QObject context;
        m_watchdog = &watchdog;
        m_context = &context;
        ready.release();
        exec();
        blocked = watchdog.blockedCount();
    }
    /// Blocks the loop inside `name`, itself inside `outer`, until the watchdog has reported `expected`.
    void blockUntilNamed(const char* outer, const char* name, const std::string& expected) {
        QMetaObject::invokeMethod(m_context, [this, outer, name, expected] {
            const ServiceWatchdog::Operation around(*m_watchdog, outer);
            {
                const ServiceWatchdog::Operation operation(*m_watchdog, name);
                if (expected == name) wasNamed = waitFor(expected);
            }
            if (expected == outer) wasNamed = waitFor(expected);
            done.release();
        }, Qt::QueuedConnection);
    }
    bool wasNamed = false;
    std::atomic<int> blocked = -1;
    std::binary_semaphore ready{0}, done{0};

private:
    bool waitFor(const std::string& name) {
        std::unique_lock lock(m_mutex);
        return m_told.wait_for(lock, std::chrono::seconds(30), [&] { return m_named.contains(name); });
    }
    ServiceWatchdog* m_watchdog = nullptr;
    QObject* m_context = nullptr;
    std::mutex m_mutex;
    std::condition_variable m_told;
    std::set<std::string> m_named;
};

class TestServiceWatchdog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBlockingOperationIsNamedWhileItBlocks() {
        WatchedThread thread;
        thread.start();
        thread.ready.acquire();
        thread.blockUntilNamed("a request", "reading a file", "reading a file");
        QVERIFY(thread.done.try_acquire_for(std::chrono::minutes(1)));
        QVERIFY(thread.wasNamed);
        thread.quit();
        QVERIFY(thread.wait());
        QVERIFY(thread.blocked >= 1);
    }

    void anEndedOperationGivesTheNameBackToTheOneAround() {
        WatchedThread thread;
        thread.start();
        thread.ready.acquire();
        thread.blockUntilNamed("the request around", "a short read", "the request around");
        QVERIFY(thread.done.try_acquire_for(std::chrono::minutes(1)));
        QVERIFY(thread.wasNamed);
    }
};

QTEST_GUILESS_MAIN(TestServiceWatchdog)
#include "tst_service_watchdog.moc"
