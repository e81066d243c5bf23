// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "practice/practice_miner.h"
#include "practice/stable_port.h"
#include "support/test_paths.h"

#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <filesystem>
#include <fstream>
#include <future>
#include <set>

#include <signal.h>

namespace lsw::test {

inline constexpr int kProgramWait = 60000;

/// A practice miner in this process and the real `lotus-seal-worker run` beside it, both in folders of their own.
class RunningWorker {
public:
    explicit RunningWorker(const std::string& proverFolder, std::uint64_t sectorSize = 2048)
        : m_proverFolder(QString::fromStdString(proverFolder)) {
        practice::PracticeMiner::Settings settings;
        settings.repo = at("miner");
        settings.sectorSize = sectorSize;
        settings.sessionPollMs = 300;
        miner = std::make_unique<practice::PracticeMiner>(settings);
        minerStarted = miner->start().hasValue();
        QObject::connect(miner.get(), &practice::PracticeMiner::returned, miner.get(),
                         [this](const practice::ArrivedReturn& one) { returns.push_back(one); });
        QObject::connect(miner.get(), &practice::PracticeMiner::called, miner.get(), [this](const QString& method, const QByteArray& body) {
            if (method.startsWith(QLatin1String("Return"))) returnBodies.append(body);
        });
        m_port = practice::stablePort();
        process.setStandardErrorFile(file("log"), QIODevice::Append);
        process.setStandardOutputFile(file("out"), QIODevice::Append);
        process.setStandardInputFile(QProcess::nullDevice());
    }
    ~RunningWorker() {
        if (process.state() == QProcess::NotRunning) return;
        process.kill();
        process.waitForFinished(kProgramWait);
    }

    std::filesystem::path at(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }
    QString file(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }

    /// The arguments of `run`, with the port (always the same, as a real worker's) and the name.
    QStringList arguments(QString listen = {}) const {
        if (listen.isEmpty()) listen = QStringLiteral("127.0.0.1:%1").arg(m_port);
        return {QStringLiteral("run"), QStringLiteral("--listen"), listen, QStringLiteral("--name"), QStringLiteral("w1"),
                QStringLiteral("--prover-folder"), m_proverFolder, QStringLiteral("--miner-repo"), file("miner"),
                QStringLiteral("--worker-repo"), file("worker")};
    }
    QMap<QString, QString> variables; ///< besides a clean environment

    void start() { start(QString::fromUtf8(lsw::test::kProgramFile), arguments()); }
    void start(const QString& program, const QStringList& given) {
        QProcessEnvironment environment;
        const QProcessEnvironment inherited = QProcessEnvironment::systemEnvironment();
        for (const QString& name : {QStringLiteral("PATH"), QStringLiteral("LD_LIBRARY_PATH"), QStringLiteral("ASAN_OPTIONS"),
                                    QStringLiteral("XDG_CACHE_HOME")})
            if (inherited.contains(name)) environment.insert(name, inherited.value(name));
        environment.insert(QStringLiteral("HOME"), m_folder.path());
        for (auto it = variables.begin(); it != variables.end(); ++it) environment.insert(it.key(), it.value());
        process.setProcessEnvironment(environment);
        process.start(program, given);
        process.waitForStarted(kProgramWait);
    }
    bool connected() const { return !miner->workers().empty(); }
    std::string session() const { return connected() ? miner->workers().front().session : std::string(); }
    std::uint16_t port() const { return m_port; }
    bool isRunning() const { return process.state() == QProcess::Running; }
    QByteArray log() const {
        QFile text(file("log"));
        return text.open(QIODevice::ReadOnly) ? text.readAll() : QByteArray();
    }

    /// Has the miner call a task, and notes the id of the call.
    void call(const protocol::TaskCall& task) {
        miner->callWorker(session(), task, [this](Expected<protocol::CallId> id) {
            if (id) ids.push_back(id->uuid);
            else refusals.push_back(id.error().message());
        });
    }

    /// The running children of the worker.
    std::set<pid_t> children() const {
        std::set<pid_t> out;
        std::error_code ignored;
        const std::filesystem::path tasks = "/proc/" + std::to_string(process.processId()) + "/task";
        for (std::filesystem::directory_iterator it(tasks, ignored), end; !ignored && it != end; it.increment(ignored)) {
            std::ifstream list(it->path() / "children");
            for (pid_t one = 0; list >> one;) out.insert(one);
        }
        return out;
    }

    /// Runs something that blocks on the worker while the miner on this thread goes on answering.
    template <typename Work>
    static auto aside(Work work) {
        auto result = std::async(std::launch::async, std::move(work));
        while (result.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) QCoreApplication::processEvents();
        return result.get();
    }

    std::unique_ptr<practice::PracticeMiner> miner;
    bool minerStarted = false;
    std::vector<practice::ArrivedReturn> returns;
    QList<QByteArray> returnBodies; ///< also of the ones that were refused
    std::vector<std::string> ids, refusals;
    QProcess process;

private:
    QTemporaryDir m_folder;
    QString m_proverFolder;
    std::uint16_t m_port = 0;
};

/// Whether a process is there; a zombie is not.
inline bool isAlive(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(stat, text);
    const auto end = text.rfind(')');
    return end != std::string::npos && end + 2 < text.size() && text[end + 2] != 'Z';
}

} // namespace lsw::test
