// SPDX-License-Identifier: MIT OR Apache-2.0
// What systemd hears of the real program `run`: readiness, status, the watchdog, reloading, the end. The manager's side is a socket of ours.
#include "support/gate.h"
#include "support/running_worker.h"
#include "support/test_paths.h"

#include <QtTest/QTest>

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace lsw;
using test::Gate;
using test::kProgramWait;
using test::RunningWorker;

namespace {

QString text(const char* latin) { return QString::fromLatin1(latin); }

/// The socket of a service manager.
class Manager {
public:
    explicit Manager(const std::string& path) : m_socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        isBound = ::bind(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~Manager() { ::close(m_socket); }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    /// How many lines were sent that begin with this.
    int count(const char* beginning) {
        std::array<char, 4096> buffer{};
        for (ssize_t got = 0; (got = ::recv(m_socket, buffer.data(), buffer.size(), 0)) > 0;)
            for (const QByteArray& line : QByteArray(buffer.data(), static_cast<int>(got)).split('\n')) m_lines.append(line);
        int found = 0;
        for (const QByteArray& line : m_lines) found += line.startsWith(beginning) ? 1 : 0;
        return found;
    }
    QByteArray lines() const { return m_lines.join('\n'); }
    bool isBound = false;

private:
    int m_socket;
    QList<QByteArray> m_lines;
};

} // namespace

class ServiceManagerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aServiceIsWatchedFromItsStartToItsEnd() {
        RunningWorker worker(test::kGatedProverFolder);
        Gate gate(worker.at("gate"));
        Manager manager(worker.file("notify").toStdString());
        QVERIFY2(manager.isBound, std::strerror(errno));
        worker.variables = {{text("NOTIFY_SOCKET"), worker.file("notify")}, {text("WATCHDOG_USEC"), text("300000")},
                            {text("GATED_PROVER_GATE"), QString::fromStdString(gate.path().string())}};
        worker.start();
        QTRY_VERIFY_WITH_TIMEOUT(manager.count("READY=1") == 1, kProgramWait);
        QTRY_VERIFY_WITH_TIMEOUT(manager.count("STATUS=Waiting for tasks of miner ") > 0, kProgramWait);
        const int fed = manager.count("WATCHDOG=1");
        QTRY_VERIFY_WITH_TIMEOUT(manager.count("WATCHDOG=1") > fed + 3, kProgramWait);

        protocol::SealCommit2Call call;
        call.sector = {{1000, 1}, sector::SealProof{5}};
        call.commit1Output = Bytes{'{', '}'};
        worker.call(call);
        QTRY_VERIFY_WITH_TIMEOUT(manager.count("STATUS=C2 of s-t01000-1: running") > 0, kProgramWait);

        QCOMPARE(::kill(static_cast<pid_t>(worker.process.processId()), SIGHUP), 0);
        QTRY_VERIFY_WITH_TIMEOUT(manager.count("RELOADING=1") == 1, kProgramWait);
        QVERIFY(manager.count("MONOTONIC_USEC=") == 1);
        QTRY_VERIFY_WITH_TIMEOUT(manager.count("READY=1") == 2, kProgramWait);

        worker.process.terminate();
        QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), kProgramWait);
        QCOMPARE(worker.process.exitCode(), 0);
        QCOMPARE(manager.count("STOPPING=1"), 1);
        QVERIFY2(!manager.lines().contains("Bearer") && !manager.lines().contains("eyJ"), "a token was told");
    }

    /// Without journald behind JOURNAL_STREAM a line must not be lost.
    void withoutAJournalLinesGoToStandardError() {
        RunningWorker worker(test::kGatedProverFolder);
        worker.variables = {{text("JOURNAL_STREAM"), text("1:1")}};
        worker.start();
        QTRY_VERIFY_WITH_TIMEOUT(worker.log().contains("Connected to miner"), kProgramWait);
    }
};

QTEST_GUILESS_MAIN(ServiceManagerTest)
#include "tst_service_manager.moc"
