// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_worker.h"

#include "practice/stable_port.h"

#include <algorithm>
#include <array>
#include <csignal>

#include <linux/close_range.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <QtCore/QFile>

namespace lsw::practice {
namespace {

constexpr int kMaxFailures = 3, kRestartMs = 200, kKillMs = 5000;
constexpr int kMinerAway = 10, kMaxAway = 20; ///< a worker that starts while the miner restarts
constexpr qint64 kLastWords = 2000;
/// Exit codes that another start cannot mend: arguments, support, permission, installation, configuration, version.
constexpr std::array kHopeless{2, 3, 4, 5, 6, 11};

QProcessEnvironment environmentFor(const PracticeWorker::Settings& settings) {
    QProcessEnvironment out = QProcessEnvironment::systemEnvironment();
    const QStringList names = out.keys();
    for (const QString& name : names)
        if (name.startsWith(QLatin1String("LOTUS_")) || name == QLatin1String("MINER_API_INFO") ||
            name == QLatin1String("STORAGE_API_INFO") || name == QLatin1String("WORKER_PATH") || name == QLatin1String("WORKER_API_INFO"))
            out.remove(name);
    out.insert(QStringLiteral("LOTUS_MINER_PATH"), QString::fromStdString(settings.minerRepo.string()));
    out.insert(QStringLiteral("LOTUS_WORKER_PATH"), QString::fromStdString(settings.workerRepo.string()));
    out.insert(QStringLiteral("LOTUS_WORKER_COMMIT"), settings.prove ? QStringLiteral("true") : QStringLiteral("false"));
    if (!settings.parameters.empty())
        out.insert(QStringLiteral("FIL_PROOFS_PARAMETER_CACHE"), QString::fromStdString(settings.parameters.string()));
    for (const auto& [name, text] : settings.environment) out.insert(QString::fromStdString(name), QString::fromStdString(text));
    return out;
}

} // namespace

PracticeWorker::PracticeWorker(Settings settings, QObject* parent) : QObject(parent), m_settings(std::move(settings)), m_port(stablePort()) {
    const QString log = QString::fromStdString(m_settings.log.string());
    m_process.setProgram(QString::fromStdString(m_settings.program));
    const QString listen = QStringLiteral("127.0.0.1:%1").arg(m_port);
    QProcessEnvironment environment = environmentFor(m_settings);
    if (m_settings.window) {
        environment.insert(QStringLiteral("LOTUS_WORKER_LISTEN"), listen);
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    } else {
        m_process.setArguments({QStringLiteral("run"), QStringLiteral("--listen"), listen});
    }
    m_process.setProcessEnvironment(environment);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(log, QIODevice::Append);
    m_process.setChildProcessModifier([parentPid = ::getpid()] {
        // Our sockets are not the worker's: with the miner's listener open there, the miner could not come back on its port.
        ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
        // A program that waits for its signals has them blocked; a child that does not would never get SIGTERM.
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parentPid) ::_exit(1);
    });
    m_restart.setSingleShot(true);
    m_kill.setSingleShot(true);
    connect(&m_process, &QProcess::started, this, [this] { Q_EMIT started(m_process.processId()); });
    connect(&m_process, &QProcess::finished, this, &PracticeWorker::onFinished);
    connect(&m_process, &QProcess::errorOccurred, this, &PracticeWorker::onError);
    connect(&m_restart, &QTimer::timeout, this, [this] { m_process.start(); });
    connect(&m_kill, &QTimer::timeout, &m_process, &QProcess::kill);
}

PracticeWorker::~PracticeWorker() {
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning) return;
    m_process.kill();
    m_process.waitForFinished(kKillMs);
}

void PracticeWorker::start() { m_process.start(); }

void PracticeWorker::stop() {
    m_stopping = true;
    m_restart.stop();
    if (m_process.state() == QProcess::NotRunning) {
        QMetaObject::invokeMethod(this, [this] { Q_EMIT stopped(); }, Qt::QueuedConnection);
        return;
    }
    m_process.terminate();
    m_kill.start(kKillMs);
}

void PracticeWorker::onFinished(int exitCode, QProcess::ExitStatus status) {
    m_kill.stop();
    if (m_stopping) {
        Q_EMIT stopped();
        return;
    }
    Q_EMIT died();
    // A signal from outside says nothing of the worker; an exit of its own does.
    if (status == QProcess::NormalExit) {
        const bool hopeless = std::find(kHopeless.begin(), kHopeless.end(), exitCode) != kHopeless.end();
        if (hopeless || ++m_failures >= (exitCode == kMinerAway ? kMaxAway : kMaxFailures)) {
            Q_EMIT gaveUp(QStringLiteral("the worker ended with exit code %1: %2").arg(exitCode).arg(lastWords()));
            return;
        }
    }
    m_restart.start(kRestartMs);
}

void PracticeWorker::onError(QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart) return;
    if (m_stopping) Q_EMIT stopped();
    else Q_EMIT gaveUp(QStringLiteral("the worker program %1 cannot be started: %2").arg(m_process.program(), m_process.errorString()));
}

QString PracticeWorker::lastWords() const {
    QFile log(QString::fromStdString(m_settings.log.string()));
    if (!log.open(QIODevice::ReadOnly)) return QStringLiteral("it printed nothing");
    log.seek(std::max<qint64>(0, log.size() - kLastWords));
    const QList<QByteArray> lines = log.readAll().trimmed().split('\n');
    return QString::fromUtf8(lines.last().trimmed());
}

} // namespace lsw::practice
