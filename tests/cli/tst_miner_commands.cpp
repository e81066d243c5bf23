// SPDX-License-Identifier: MIT OR Apache-2.0
// `miner …` with the real program.
#include "protocol/jwt.h"
#include "support/program.h"
#include "support/test_paths.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::test;

namespace {

const QString kProgram = QString::fromUtf8(lsw::test::kProgramFile);
const QByteArray kToken = QByteArray::fromStdString(protocol::makeToken(Bytes(32, 7), {"read", "write", "sign", "admin"}));

} // namespace

class MinerCommandsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;

    ProgramRun miner(const QStringList& arguments, const QByteArray& input = {}, const QMap<QString, QString>& environment = {}) const {
        return runProgram(kProgram, QStringList{QStringLiteral("miner")} + arguments, m_home.path(), environment, 120000, input);
    }

private Q_SLOTS:
    void theMinersOfThisMachineAreListed() {
        const QString repo = m_home.filePath(QStringLiteral("repo"));
        QVERIFY(QDir().mkpath(repo + QStringLiteral("/keystore")));
        QFile token(repo + QStringLiteral("/token"));
        QVERIFY(token.open(QIODevice::WriteOnly) && token.write(kToken) > 0);
        token.close();
        const QMap<QString, QString> named{{QStringLiteral("LOTUS_MINER_PATH"), repo}, {QStringLiteral("LOTUS_STORAGE_PATH"), QStringLiteral("/nowhere")}};
        const ProgramRun run = miner({QStringLiteral("find")}, {}, named);
        QVERIFY2(run.exitCode == 0 && run.out.contains("LOTUS_MINER_PATH") && run.out.contains("not running") && run.out.contains("/nowhere does not exist") &&
                     !run.out.contains("eyJ"), run.out.constData());
        const QList<QJsonObject> lines = miner({QStringLiteral("find"), QStringLiteral("--json")}, {}, named).jsonLines();
        QVERIFY(lines.size() >= 2);
        QCOMPARE(lines[0].value(QStringLiteral("state")).toString(), QStringLiteral("stopped"));
        QCOMPARE(lines[0].value(QStringLiteral("permissions")).toArray().size(), 4);
        QCOMPARE(lines[1].value(QStringLiteral("state")).toString(), QStringLiteral("missing"));
    }
    void theAddressesOfThisMachineAreListed() {
        const QMap<QString, QString> named{{QStringLiteral("MINER_API_INFO"), QStringLiteral("/ip4/127.0.0.1/tcp/2345")}};
        const ProgramRun run = miner({QStringLiteral("addresses")}, {}, named);
        QVERIFY2(run.exitCode == 0 && run.out.contains("127.0.0.1/8 loopback  <- the miner"), run.out.constData());
        QVERIFY(!miner({QStringLiteral("addresses"), QStringLiteral("--json")}).jsonLines().isEmpty());
    }
    void theMinerIsMadeToListen() {
        const QString repo = m_home.filePath(QStringLiteral("listening"));
        QVERIFY(QDir().mkpath(repo + QStringLiteral("/keystore")));
        const QByteArray before = "[API] # mine\n  #ListenAddress = \"/ip4/127.0.0.1/tcp/2345/http\"\n";
        const auto write = [&] {
            QFile file(repo + QStringLiteral("/config.toml"));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(before) > 0);
        };
        const auto content = [&] {
            QFile file(repo + QStringLiteral("/config.toml"));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        write();
        const auto listen = [&](const QStringList& more, const QMap<QString, QString>& environment = {}) {
            return miner(QStringList{QStringLiteral("listen"), QStringLiteral("--miner-repo"), repo} + more, {}, environment);
        };
        const ProgramRun shown = listen({});
        QVERIFY2(shown.exitCode == 0 && shown.out.contains("/ip4/127.0.0.1/tcp/2345/http (the default of lotus)"), shown.out.constData());
        const ProgramRun dry = listen({QStringLiteral("--loopback"), QStringLiteral("--port"), QStringLiteral("2346"), QStringLiteral("--dry-run")});
        QVERIFY2(dry.exitCode == 0 && dry.out.contains("+  ListenAddress = \"/ip4/127.0.0.1/tcp/2346/http\"\n"), dry.out.constData());
        const ProgramRun unasked = listen({QStringLiteral("--loopback"), QStringLiteral("--port"), QStringLiteral("2346")});
        QVERIFY2(unasked.exitCode == 2 && unasked.err.contains("--yes"), unasked.describe().constData());
        QCOMPARE(content(), before);
        const ProgramRun done = listen({QStringLiteral("--loopback"), QStringLiteral("--port"), QStringLiteral("2346"), QStringLiteral("--yes"), QStringLiteral("--json")});
        QVERIFY2(done.exitCode == 0 && done.jsonLines().value(0).value(QStringLiteral("written")).toBool(), done.describe().constData());
        QVERIFY(content().startsWith(QByteArray(before + "  ListenAddress = \"/ip4/127.0.0.1/tcp/2346/http\"\n")));
        QVERIFY(QFile::exists(done.jsonLines().value(0).value(QStringLiteral("backup")).toString()));
        const ProgramRun again = listen({QStringLiteral("--loopback"), QStringLiteral("--yes")}); // keeps the port
        QVERIFY2(again.exitCode == 0 && again.out.contains("Nothing to change"), again.out.constData());
        const ProgramRun beaten = listen({}, {{QStringLiteral("LOTUS_API_LISTENADDRESS"), QStringLiteral("/ip4/0.0.0.0/tcp/9/http")}});
        QVERIFY2(beaten.exitCode == 0 && beaten.err.contains("beats the file"), beaten.describe().constData());
        const ProgramRun nowhere = listen({QStringLiteral("--lan"), QStringLiteral("10.255.255.9"), QStringLiteral("--yes")});
        QVERIFY2(nowhere.exitCode == 2 && nowhere.err.contains("no address of this machine"), nowhere.describe().constData());
        QCOMPARE(listen({QStringLiteral("--all"), QStringLiteral("--loopback")}).exitCode, 2);
        QCOMPARE(miner({QStringLiteral("listen")}).exitCode, 6);
        QCOMPARE(miner({QStringLiteral("listen"), QStringLiteral("--miner-repo"), QStringLiteral("/nowhere")}).exitCode, 2);
    }
    void aPastedLineIsUnderstood() {
        const QByteArray pasted = "export MINER_API_INFO=“" + kToken + "：/ip4/192.168.1.5/tcp/2345/http”\n";
        const ProgramRun run = miner({QStringLiteral("understand")}, pasted);
        QVERIFY2(run.exitCode == 0, run.describe().constData());
        QCOMPARE(run.out, "TOKEN(…" + kToken.right(4) + "):/ip4/192.168.1.5/tcp/2345/http\n");
        QVERIFY2(run.err.contains("：") && run.err.contains("“") && !run.err.contains("eyJ"), run.describe().constData());
        const ProgramRun whole = miner({QStringLiteral("understand"), QStringLiteral("--reveal")}, pasted);
        QCOMPARE(whole.out, kToken + ":/ip4/192.168.1.5/tcp/2345/http\n");
        const QJsonObject json = miner({QStringLiteral("understand"), QStringLiteral("--json")}, pasted).jsonLines().value(0);
        QCOMPARE(json.value(QStringLiteral("schema")).toInt(), 1);
        QVERIFY(json.value(QStringLiteral("ok")).toBool());
        QCOMPARE(json.value(QStringLiteral("changes")).toArray().size(), 3);
        QCOMPARE(json.value(QStringLiteral("permissions")).toArray().size(), 4);
        QVERIFY(!QJsonDocument(json).toJson().contains("eyJ"));
    }
    void whatCannotBeUnderstoodIsSaid() {
        const ProgramRun run = miner({QStringLiteral("understand")}, kToken.left(100));
        QVERIFY2(run.exitCode == 2 && run.err.contains("cut off") && !run.err.contains("eyJhb"), run.describe().constData());
        const ProgramRun json = miner({QStringLiteral("understand"), QStringLiteral("--json")}, "/ip4/192.168.1.5/tcp/2345/http");
        QCOMPARE(json.exitCode, 2);
        QCOMPARE(json.jsonLines().value(0).value(QStringLiteral("fault")).toObject().value(QStringLiteral("kind")).toString(), QStringLiteral("no-token"));
        QCOMPARE(miner({QStringLiteral("understand")}).exitCode, 2);
        QCOMPARE(miner({QStringLiteral("understand")}, QByteArray(400000, 'x')).exitCode, 2);
    }
};

QTEST_GUILESS_MAIN(MinerCommandsTest)
#include "tst_miner_commands.moc"
