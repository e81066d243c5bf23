// SPDX-License-Identifier: MIT OR Apache-2.0
// What a shell completes and what the manual says, from the program's own table of commands.
#include "support/program.h"
#include "support/test_paths.h"

#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace lsw;

namespace {

QString text(const char* latin) { return QString::fromLatin1(latin); }

} // namespace

class CompletionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bashCompletesWhatMayFollow_data() {
        QTest::addColumn<QString>("typed"); // the last word is the one that is completed
        QTest::addColumn<QStringList>("offered");
        QTest::newRow("a command") << "par" << QStringList{text("params")};
        QTest::newRow("a command of a command") << "params gat" << QStringList{text("gateways")};
        QTest::newRow("an option") << "params fetch --gatew" << QStringList{text("--gateway")};
        QTest::newRow("a value out of few") << "run --role pc" << QStringList{text("pc1"), text("pc2c2")};
        QTest::newRow("a word out of few") << "completion z" << QStringList{text("zsh")};
        QTest::newRow("an option of the program behind a command") << "--worker-rep" << QStringList{text("--worker-repo")};
        QTest::newRow("nothing of another command") << "params --precommit" << QStringList{};
        QTest::newRow("the value of an option is no command") << "--worker-repo run par" << QStringList{text("params")};
    }
    void bashCompletesWhatMayFollow() {
        QFETCH(const QString, typed);
        QFETCH(const QStringList, offered);
        const QString script = text("words=(lotus-seal-worker %1); COMP_WORDS=(\"${words[@]}\"); COMP_CWORD=$((${#words[@]} - 1)); _lotus_seal_worker; "
                                    "printf '%s\\n' \"${COMPREPLY[@]}\"").arg(typed);
        const QString out = shell(text("bash"), {text("-c"), text(". %1; ").arg(scriptFile("bash")) + script});
        QCOMPARE(out.split(QLatin1Char('\n'), Qt::SkipEmptyParts), offered);
    }

    void everyShellReadsItsScript_data() {
        QTest::addColumn<QString>("shell");
        for (const char* name : {"bash", "zsh", "fish"}) QTest::newRow(name) << text(name);
    }
    void everyShellReadsItsScript() {
        QFETCH(const QString, shell);
        const QString file = scriptFile(shell.toLatin1().constData());
        if (QStandardPaths::findExecutable(shell).isEmpty()) QSKIP("this shell is not installed here");
        QProcess process;
        process.start(shell, {text("-n"), file});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.readAllStandardError(), QByteArray());
        QCOMPARE(process.exitCode(), 0);
    }

    void theManualHasEveryCommand() {
        const auto help = test::runProgram(program(), {text("--help")}, m_home.path()), manual = test::runProgram(program(), {text("manual")}, m_home.path());
        QCOMPARE(manual.exitCode, 0);
        const QString page = QString::fromUtf8(manual.out);
        int commands = 0;
        bool isListed = false;
        for (const QString& line : QString::fromUtf8(help.out).split(QLatin1Char('\n'))) {
            if (line.startsWith(text("Subcommands"))) isListed = true;
            const auto name = QRegularExpression(text("^  ([a-z][a-z0-9-]+) ")).match(line);
            if (!isListed || !name.hasMatch()) continue;
            ++commands;
            QString inRoff = name.captured(1);
            QVERIFY2(page.contains(text(".SS ") + inRoff.replace(QLatin1Char('-'), text("\\-")) + QLatin1Char('\n')), qPrintable(name.captured(1)));
        }
        QVERIFY(commands > 20);
        QVERIFY(page.contains(text("MINER_API_INFO")) || page.contains(text("LOTUS_WORKER_PATH")));
        QVERIFY(page.contains(text(".B 14\n")));
        if (QStandardPaths::findExecutable(text("groff")).isEmpty()) return;
        QProcess groff;
        groff.start(text("groff"), {text("-k"), text("-man"), text("-Tutf8"), text("-ww"), text("-z")});
        groff.write(page.toUtf8());
        groff.closeWriteChannel();
        QVERIFY(groff.waitForFinished());
        QCOMPARE(groff.readAllStandardError(), QByteArray());
    }

private:
    static QString program() { return QString::fromUtf8(test::kProgramFile); }
    QString scriptFile(const char* shell) {
        const auto made = test::runProgram(program(), {text("completion"), QString::fromLatin1(shell)}, m_home.path());
        QFile file(m_home.filePath(QString::fromLatin1(shell)));
        if (made.exitCode != 0 || !file.open(QIODevice::WriteOnly)) return {};
        file.write(made.out);
        return file.fileName();
    }
    static QString shell(const QString& shell, const QStringList& arguments) {
        QProcess process;
        process.start(shell, arguments);
        return process.waitForFinished() ? QString::fromUtf8(process.readAllStandardOutput()) : QString();
    }

    QTemporaryDir m_home;
};

QTEST_GUILESS_MAIN(CompletionTest)
#include "tst_completion.moc"
