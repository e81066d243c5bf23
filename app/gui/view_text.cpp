// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/view_text.h"

#include "base/text.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtCore/QRegularExpression>

#include <algorithm>

namespace lsw::gui {
namespace {

/// All sentences of this file are of one context, so that a translator sees them together.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(ViewText)
};

QString fromStd(const std::string& text) { return QString::fromStdString(text); }

QString withDetail(const QString& sentence, const std::string& detail) {
    return detail.empty() ? sentence : sentence + QStringLiteral(" (") + fromStd(detail) + QStringLiteral(")");
}

} // namespace

using worker::ConnectionState;
using worker::TaskState;
using worker::WorkMode;

namespace {

/// Whether what the worker was told to do with tasks is more than the connection; one that takes no tasks stays unregistered.
bool showsMode(const worker::WorkerView& view) {
    return (view.mode != WorkMode::Working || view.finishing) &&
           (view.connection == ConnectionState::Connected || view.connection == ConnectionState::Registering);
}

QString modeSentence(const worker::WorkerView& view) {
    if (view.finishing) {
        const auto running = std::count_if(view.tasks.begin(), view.tasks.end(), [](const auto& task) { return task.state == TaskState::Running; });
        return Text::tr("Finishing: %n task(s) running, then the worker stops.", nullptr, static_cast<int>(running));
    }
    if (view.mode == WorkMode::Paused) return Text::tr("Paused: no task begins until the worker is resumed; running tasks go on.");
    return Text::tr("Draining: no new tasks are taken; %n task(s) left, then the worker stops.", nullptr, static_cast<int>(view.tasks.size()));
}

} // namespace

QString stateWord(const worker::WorkerView& view) {
    if (showsMode(view)) return view.mode == WorkMode::Paused ? Text::tr("Paused") : Text::tr("Finishing");
    switch (view.connection) {
    case ConnectionState::NotStarted: return Text::tr("Not started");
    case ConnectionState::Connecting:
    case ConnectionState::Registering: return Text::tr("Connecting");
    case ConnectionState::Refused: return Text::tr("Refused");
    case ConnectionState::Incompatible: return Text::tr("Incompatible");
    case ConnectionState::Connected:
        if (!view.enabled) return Text::tr("Paused");
        return view.tasks.empty() ? Text::tr("Waiting") : Text::tr("Working");
    case ConnectionState::Lost: return Text::tr("Disconnected");
    case ConnectionState::Stopping: return Text::tr("Stopping");
    case ConnectionState::Stopped: return Text::tr("Stopped");
    }
    return {};
}

QString stateSentence(const worker::WorkerView& view) {
    if (showsMode(view)) return modeSentence(view);
    const QString miner = fromStd(view.miner);
    switch (view.connection) {
    case ConnectionState::NotStarted: return Text::tr("The worker is not started.");
    case ConnectionState::Connecting: return withDetail(Text::tr("Connecting to the miner at %1.").arg(miner), view.connectionDetail);
    case ConnectionState::Registering: return withDetail(Text::tr("The miner at %1 answers; registering with it.").arg(miner), view.connectionDetail);
    case ConnectionState::Refused:
        return withDetail(Text::tr("The miner at %1 refused the token; new tasks cannot start.").arg(miner), view.connectionDetail);
    case ConnectionState::Incompatible: return withDetail(Text::tr("The miner at %1 speaks another version.").arg(miner), view.connectionDetail);
    case ConnectionState::Lost: {
        const auto undelivered = std::count_if(view.tasks.begin(), view.tasks.end(), [](const auto& task) { return task.state == TaskState::Undelivered; });
        QString sentence = Text::tr("The miner at %1 does not answer. Running tasks go on.").arg(miner);
        if (undelivered > 0) sentence += QLatin1Char(' ') + Text::tr("%n finished result(s) wait to be delivered.", nullptr, static_cast<int>(undelivered));
        return withDetail(sentence, view.connectionDetail);
    }
    case ConnectionState::Connected: {
        if (!view.enabled) return Text::tr("Connected to miner %1; new tasks are refused until it is enabled again.").arg(fromStd(view.minerActor));
        const auto running = std::count_if(view.tasks.begin(), view.tasks.end(), [](const auto& task) { return task.state == TaskState::Running; });
        if (view.tasks.empty()) return Text::tr("Connected to miner %1. It has not asked for anything yet.").arg(fromStd(view.minerActor));
        return Text::tr("Connected to miner %1.").arg(fromStd(view.minerActor)) + QLatin1Char(' ') +
               Text::tr("%n task(s) running,", nullptr, static_cast<int>(running)) + QLatin1Char(' ') +
               Text::tr("%n waiting.", nullptr, static_cast<int>(view.tasks.size()) - static_cast<int>(running));
    }
    case ConnectionState::Stopping: return Text::tr("Stopping: the running tasks are being ended, finished results delivered.");
    case ConnectionState::Stopped: return Text::tr("The worker is stopped.");
    }
    return {};
}

QString errorSentence(ErrorCode code) {
    switch (code) {
    case ErrorCode::InvalidArgument: return Text::tr("Something that was entered cannot be used.");
    case ErrorCode::NotFound: return Text::tr("Something that is needed is not there.");
    case ErrorCode::AlreadyExists: return Text::tr("Something is in the way: another program uses the port, or a file exists already.");
    case ErrorCode::PermissionDenied: return Text::tr("Access was refused: check the token, or who owns the folder.");
    case ErrorCode::Unsupported: return Text::tr("This is not supported here.");
    case ErrorCode::NotInstalled: return Text::tr("Something required is not installed, or there is not enough memory for it.");
    case ErrorCode::NotConfigured: return Text::tr("No miner was found on this computer. Try the practice mode, or say where the miner is with MINER_API_INFO or LOTUS_MINER_PATH.");
    case ErrorCode::NotRunning: return Text::tr("The worker is not running.");
    case ErrorCode::MinerUnreachable: return Text::tr("The miner cannot be reached: is it running?");
    case ErrorCode::IncompatibleVersion: return Text::tr("The miner speaks another version of the protocol; one of the two must be upgraded.");
    case ErrorCode::NoSpace: return Text::tr("The disk is full.");
    case ErrorCode::StorageUnavailable: return Text::tr("A storage folder cannot be used: not writable, or another worker has it.");
    case ErrorCode::VerificationFailed: return Text::tr("A check of a computed value failed.");
    case ErrorCode::Cancelled: return Text::tr("Stopped on request.");
    case ErrorCode::Timeout: return Text::tr("No answer came in time.");
    case ErrorCode::Io: return Text::tr("Reading or writing failed.");
    case ErrorCode::Corrupt: return Text::tr("A file or message contradicts its format.");
    case ErrorCode::ChildDied: return Text::tr("The program that computes has ended unexpectedly; often memory ran out.");
    case ErrorCode::Remote: return Text::tr("The other side answered with an error.");
    case ErrorCode::Internal: return Text::tr("This is a defect of this program; please report it.");
    }
    return {};
}

QString taskSubject(const worker::TaskView& task) {
    if (task.sectors == 0) return fromStd(task.sector);
    return Text::tr("%n sector(s) of %1", nullptr, static_cast<int>(task.sectors)).arg(fromStd(task.sector));
}

QString taskTypeName(const std::string& shortName) {
    if (shortName == "AP") return Text::tr("AddPiece (AP)");
    if (shortName == "PC1") return Text::tr("PreCommit 1 (PC1)");
    if (shortName == "PC2") return Text::tr("PreCommit 2 (PC2)");
    if (shortName == "C1") return Text::tr("Commit 1 (C1)");
    if (shortName == "C2") return Text::tr("Commit 2 (C2)");
    if (shortName == "FIN") return Text::tr("Finalize (FIN)");
    if (shortName == "GET") return Text::tr("Fetch (GET)");
    if (shortName == "UNS") return Text::tr("Unseal (UNS)");
    if (shortName == "WDP") return Text::tr("Window PoSt (WDP)");
    if (shortName == "WNP") return Text::tr("Winning PoSt (WNP)");
    return fromStd(shortName);
}

QString taskStateText(const worker::TaskView& task) {
    switch (task.state) {
    case TaskState::Waiting:
        if (task.waitReason == "memory") return withDetail(Text::tr("waiting for memory"), task.waitDetail);
        if (task.waitReason == "cpu") return withDetail(Text::tr("waiting for processor cores"), task.waitDetail);
        if (task.waitReason == "gpu") return withDetail(Text::tr("waiting for the GPU"), task.waitDetail);
        if (task.waitReason == "params") return withDetail(Text::tr("waiting for proof parameters"), task.waitDetail);
        if (task.waitReason == "paused") return Text::tr("waiting: the worker begins no tasks");
        if (task.waitReason == "sector") return withDetail(Text::tr("waiting for an earlier task of the sector"), task.waitDetail);
        if (task.waitReason == "batch") return Text::tr("waiting a moment for other sectors to label together with");
        if (task.waitReason == "slot") return withDetail(Text::tr("waiting for a free slot"), task.waitDetail);
        return withDetail(Text::tr("waiting"), task.waitDetail);
    case TaskState::Running: return task.forecast.resumedAt.empty() ? Text::tr("running") : resumedText(task.forecast.resumedAt, task.forecast.keptMs);
    case TaskState::Undelivered: return Text::tr("finished; result not delivered yet");
    case TaskState::Done: return Text::tr("done");
    case TaskState::Failed: return withDetail(Text::tr("failed"), task.error);
    }
    return {};
}

namespace {

const QString kNothing = QStringLiteral("—");

/// A length of time that a task can take: not negative, and no longer than ten years. Clocks jump, and other programs tell nonsense.
bool isLength(qint64 ms) { return ms >= 0 && ms < qint64{10} * 366 * 24 * 3600 * 1000; }
bool isMoment(qint64 utcMs) { return utcMs > 0 && utcMs < qint64{4'102'444'800'000}; } // before the year 2100

int percentOf(const Progress& progress) {
    if (progress.total == 0 || progress.done >= progress.total) return 100;
    return static_cast<int>(static_cast<double>(progress.done) * 100 / static_cast<double>(progress.total));
}

} // namespace

QString stepText(const QString& step) {
    static const QRegularExpression counted(QStringLiteral("^(layer|check|trees) (\\d+) of (\\d+)$"));
    if (const auto match = counted.match(step); match.hasMatch()) {
        const QString kind = match.captured(1);
        const QString text = kind == QLatin1String("layer") ? Text::tr("layer %1 of %2") : kind == QLatin1String("check") ? Text::tr("check %1 of %2") : Text::tr("trees %1 of %2");
        return text.arg(match.captured(2), match.captured(3));
    }
    static const QRegularExpression together(QStringLiteral("^layer (\\d+) of (\\d+), (\\d+) sectors at once$"));
    if (const auto match = together.match(step); match.hasMatch())
        return Text::tr("layer %1 of %2, %3 sectors at once").arg(match.captured(1), match.captured(2), match.captured(3));
    if (step == QLatin1String("waits for sectors of its batch")) return Text::tr("waiting for other sectors of its batch");
    static const QRegularExpression again(QStringLiteral("^attempt (\\d+) of (\\d+) follows: (.*)$"));
    if (const auto match = again.match(step); match.hasMatch())
        return withDetail(Text::tr("attempt %1 of %2 follows").arg(match.captured(1), match.captured(2)), match.captured(3).toStdString());
    const std::pair<QLatin1String, QString> known[]{
        {QLatin1String("copy"), Text::tr("copying")},
        {QLatin1String("tree-c"), Text::tr("tree C")},
        {QLatin1String("tree-d"), Text::tr("tree D")},
        {QLatin1String("tree-r-last"), Text::tr("tree R")},
        {QLatin1String("trees"), Text::tr("trees C and R")},
        {QLatin1String("labels"), Text::tr("labels")},
        {QLatin1String("making the parent cache"), Text::tr("making the parent cache")},
        {QLatin1String("waiting for the parent cache"), Text::tr("waiting for the parent cache")},
        {QLatin1String("checking the parent cache"), Text::tr("checking the parent cache")},
        {QLatin1String("decoding"), Text::tr("decoding")},
        {QLatin1String("writing"), Text::tr("writing")},
        {QLatin1String("encoding"), Text::tr("encoding")},
        {QLatin1String("taking the data out"), Text::tr("taking the data out")},
        {QLatin1String("decoding the update"), Text::tr("decoding the update")},
        {QLatin1String("checking what was decoded"), Text::tr("checking what was decoded")},
        {QLatin1String("reading challenges"), Text::tr("reading challenges")},
        {QLatin1String("external command"), Text::tr("external command")},
    };
    for (const auto& [name, text] : known)
        if (step == name) return text;
    if (step.startsWith(QLatin1String("generating the proof parameters")))
        return Text::tr("generating the proof parameters: 15 to 30 minutes on two cores and 5.2 GB of memory, once");
    return step;
}

QString progressText(const Progress& progress) {
    QString text = stepText(fromStd(progress.step));
    if (progress.total > 0) {
        if (!text.isEmpty()) text += QStringLiteral(" · ");
        text += QStringLiteral("%1 %").arg(percentOf(progress));
    }
    return text;
}

int progressPercent(const worker::TaskView& task) {
    if (task.state == TaskState::Done || task.state == TaskState::Undelivered) return 100;
    if (task.progress.total == 0) return -1;
    return percentOf(task.progress);
}

QString taskProgressText(const worker::TaskView& task) {
    QString out = fromStd(task.shortName);
    if (const QString text = progressText(task.progress); !text.isEmpty()) out += QStringLiteral(" · ") + text;
    if (task.forecast.bytesPerSecond > 0) out += QStringLiteral(" · ") + fromStd(byteText(task.forecast.bytesPerSecond)) + QStringLiteral("/s");
    return out;
}

QString remainingText(const worker::TaskView& task) {
    if (task.state != TaskState::Running) return kNothing;
    return durationText(task.forecast.remainingMs);
}

QString finishText(const worker::TaskView& task) {
    if (task.state != TaskState::Running) return kNothing;
    const worker::TaskForecast& forecast = task.forecast;
    if (forecast.remainingMs < 0) return Text::tr("learning");
    if (!isLength(forecast.remainingMs) || !isMoment(forecast.finishMs)) return kNothing;
    const auto clock = [](qint64 ms) {
        const QDateTime when = QDateTime::fromMSecsSinceEpoch(ms);
        return QLocale().toString(when, when.date() == QDate::currentDate() ? QStringLiteral("HH:mm") : QStringLiteral("MM-dd HH:mm"));
    };
    if (forecast.remainingMs < 60000) return Text::tr("in %1").arg(durationText(forecast.remainingMs));
    QString out = clock(forecast.finishMs);
    if (isMoment(forecast.earliestMs) && isMoment(forecast.latestMs) && forecast.earliestMs < forecast.latestMs && forecast.latestMs - forecast.earliestMs >= 60000)
        out += QStringLiteral(" (%1–%2)").arg(clock(forecast.earliestMs), clock(forecast.latestMs));
    return out;
}

QString finishReason(const worker::TaskView& task) {
    const worker::TaskForecast& forecast = task.forecast;
    if (task.state != TaskState::Running || forecast.remainingMs < 0) return {};
    if (forecast.runs == 0) return Text::tr("From the pace of this task alone.");
    QString out = Text::tr("From %n earlier task(s) of this kind here.", nullptr, static_cast<int>(std::min<std::uint64_t>(forecast.runs, 1000)));
    if (!isLength(forecast.usualMs) || forecast.usualMs == 0) return out;
    out += QLatin1Char(' ') + Text::tr("They took %1.").arg(durationText(forecast.usualMs));
    const double times = static_cast<double>(task.activeMs + forecast.remainingMs) / static_cast<double>(forecast.usualMs);
    if (times >= 1.2 && forecast.resumedAt.empty()) out += QLatin1Char(' ') + Text::tr("This one is later than usual (×%1).").arg(QLocale().toString(times, 'f', 1));
    return out;
}

QString resumedText(const std::string& at, qint64 keptMs) {
    const QString where = Text::tr("resumed at %1").arg(stepText(fromStd(at)));
    return keptMs > 0 && isLength(keptMs) ? Text::tr("%1, %2 kept").arg(where, durationText(keptMs)) : where;
}

QString momentText(qint64 utcMs) {
    if (!isMoment(utcMs)) return kNothing;
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(utcMs), QStringLiteral("yyyy-MM-dd HH:mm"));
}

QString durationText(qint64 milliseconds) {
    if (!isLength(milliseconds)) return kNothing;
    const qint64 seconds = milliseconds / 1000;
    const auto two = [](qint64 n) { return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0')); };
    if (seconds < 60) return Text::tr("%1 s").arg(seconds);
    if (seconds < 3600) return Text::tr("%1 m %2 s").arg(seconds / 60).arg(two(seconds % 60));
    return Text::tr("%1 h %2 m").arg(seconds / 3600).arg(two(seconds / 60 % 60));
}

} // namespace lsw::gui
