// SPDX-License-Identifier: MIT OR Apache-2.0
// `miner …` with the real program.
#include "protocol/jwt.h"
#include "support/program.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::test;

namespace {

const QString kProgram = QStringLiteral(LSW_PROGRAM);
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
