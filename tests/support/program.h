// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QStringList>

namespace lsw::test {

/// What one run of a program gave.
struct ProgramRun {
    int exitCode = -1;
    bool crashed = false;
    QByteArray out, err;

    /// Exit code and standard error, for a failing check.
    QByteArray describe() const { return "exit " + QByteArray::number(exitCode) + ": " + err; }

    /// Standard output as JSON objects, one for each line.
    QList<QJsonObject> jsonLines() const {
        QList<QJsonObject> lines;
        for (const QByteArray& line : out.split('\n'))
            if (!line.isEmpty()) lines.append(QJsonDocument::fromJson(line).object());
        return lines;
    }
};

/// Runs a program to its end in a clean environment: a home folder of its own, no variable that tells of a miner, nothing but `input` to read.
inline ProgramRun runProgram(const QString& program, const QStringList& arguments, const QString& home,
                             const QMap<QString, QString>& extraEnvironment = {}, int timeoutMs = 120000, const QByteArray& input = {}) {
    QProcess process;
    QProcessEnvironment environment;
    const QProcessEnvironment inherited = QProcessEnvironment::systemEnvironment();
    for (const QString& name : {QStringLiteral("PATH"), QStringLiteral("LD_LIBRARY_PATH"), QStringLiteral("TMPDIR"), QStringLiteral("XDG_CACHE_HOME"),
                                QStringLiteral("ASAN_OPTIONS"), QStringLiteral("UBSAN_OPTIONS"), QStringLiteral("TSAN_OPTIONS")})
        if (inherited.contains(name)) environment.insert(name, inherited.value(name));
    environment.insert(QStringLiteral("HOME"), home);
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    for (auto it = extraEnvironment.begin(); it != extraEnvironment.end(); ++it) environment.insert(it.key(), it.value());
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    ProgramRun run;
    if (!process.waitForFinished(timeoutMs)) {
        process.kill();
        process.waitForFinished();
        run.err = "did not end in time\n" + process.readAllStandardError();
        return run;
    }
    run.crashed = process.exitStatus() == QProcess::CrashExit;
    run.exitCode = process.exitCode();
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    return run;
}

} // namespace lsw::test
