// SPDX-License-Identifier: MIT OR Apache-2.0
// `token …` with the real program, where there is no keychain.
#include "protocol/jwt.h"
#include "support/program.h"
#include "support/test_paths.h"

#include <sys/stat.h>

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
const QByteArray kReadToken = QByteArray::fromStdString(protocol::makeToken(Bytes(32, 7), {"read"}));

} // namespace

class TokenCommandsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;

    QString at(const char* name) const { return m_home->filePath(QString::fromLatin1(name)); }
    static void write(const QString& path, const QByteArray& content, unsigned mode = 0600) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        file.close();
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
    }
    /// A miner that was stopped, with the signing key of 32 times seven.
    void makeRepo() const {
        QVERIFY(QDir().mkpath(at("repo/keystore")));
        write(at("repo/keystore/MF2XI2BNNJ3XILLQOJUXMYLUMU"), "{\"Type\":\"jwt-hmac-secret\",\"PrivateKey\":\"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\"}");
        write(at("repo/config.toml"), "[API]\n  ListenAddress = \"/ip4/0.0.0.0/tcp/2399/http\"\n");
    }
    ProgramRun token(const QStringList& arguments, const QByteArray& input = {}, const QMap<QString, QString>& environment = {}) const {
        return runProgram(kProgram, QStringList{QStringLiteral("token")} + arguments, m_home->path(), environment, 120000, input);
    }
    QByteArray keptFile() const {
        QFile file(at(".config/lotus-seal-worker/token"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void aPastedConnectionIsKeptAndUsed() {
        QCOMPARE(token({QStringLiteral("show")}).exitCode, 6);
        const ProgramRun set = token({QStringLiteral("set")}, "export MINER_API_INFO=\"" + kToken + ":/ip4/192.168.1.5/tcp/2345/http\"\n");
        QVERIFY2(set.exitCode == 0 && set.err.contains("not encrypted") && !set.err.contains("eyJ") && !set.out.contains("eyJ"), set.describe().constData());
        QCOMPARE(keptFile(), kToken + ":/ip4/192.168.1.5/tcp/2345/http\n");
        const ProgramRun shown = token({QStringLiteral("show")});
        QVERIFY2(shown.exitCode == 0 && shown.out.contains("/ip4/192.168.1.5/tcp/2345/http") && shown.out.contains("TOKEN(…") && shown.out.contains("admin") && !shown.out.contains("eyJ"),
                 shown.out.constData());
        QVERIFY(token({QStringLiteral("show"), QStringLiteral("--reveal")}).out.contains(kToken));
        const QJsonObject json = token({QStringLiteral("show"), QStringLiteral("--json")}).jsonLines().value(0);
        QVERIFY(json.value(QStringLiteral("enough_for_worker")).toBool() && json.value(QStringLiteral("permissions")).toArray().size() == 4);
        const ProgramRun where = token({QStringLiteral("where")});
        QVERIFY2(where.exitCode == 0 && where.out.contains("token, not encrypted") && where.out.contains("no keychain"), where.out.constData());
        QCOMPARE(token({QStringLiteral("where"), QStringLiteral("--json")}).jsonLines().value(0).value(QStringLiteral("kept")).toString(), QStringLiteral("file"));
        QVERIFY(token({QStringLiteral("forget")}).err.contains("stays valid"));
        QVERIFY(token({QStringLiteral("forget")}).err.contains("No token was kept"));
        QCOMPARE(keptFile(), QByteArray());
    }
    void aTokenComesFromFileVariableOrArgument() {
        write(at("given"), kToken + '\n');
        const QStringList address{QStringLiteral("--address"), QStringLiteral("192.168.1.5:2345")};
        QCOMPARE(token(QStringList{QStringLiteral("set"), QStringLiteral("--token-file"), at("given")} + address).exitCode, 0);
        QCOMPARE(keptFile(), kToken + ":/ip4/192.168.1.5/tcp/2345/http\n");
        const ProgramRun variable = token(QStringList{QStringLiteral("set"), QStringLiteral("--env"), QStringLiteral("MINE"), QStringLiteral("--address"), QStringLiteral("/dns/miner/tcp/1")}, {},
                                          {{QStringLiteral("MINE"), QString::fromUtf8(kToken)}});
        QVERIFY2(variable.exitCode == 0, variable.describe().constData());
        QCOMPARE(keptFile(), kToken + ":/dns/miner/tcp/1/http\n");
        const ProgramRun argument = token(QStringList{QStringLiteral("set"), QString::fromUtf8(kReadToken)} + address);
        QVERIFY2(argument.exitCode == 0 && argument.err.contains("ps") && argument.err.contains("needs admin"), argument.describe().constData());
        // A token alone is for the miner that is known.
        const ProgramRun alone = token({QStringLiteral("set")}, kToken);
        QVERIFY2(alone.exitCode == 0 && keptFile() == kToken + ":/ip4/192.168.1.5/tcp/2345/http\n", alone.describe().constData());
    }
    void whatIsWrongIsSaidAndNothingIsKept_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("nothing") << QStringList{} << QByteArray() << QByteArray("there is no text");
        QTest::newRow("nonsense") << QStringList{} << QByteArray("hello there") << QByteArray("neither a token nor an address");
        QTest::newRow("no address") << QStringList{} << kToken << QByteArray("no address");
        QTest::newRow("cut off") << QStringList{} << QByteArray(kToken.left(99) + ":/ip4/1.2.3.4/tcp/1") << QByteArray("cut off");
        QTest::newRow("bytes") << QStringList{} << QByteArray("\0\xff\0\xfe", 4) << QByteArray("neither");
        QTest::newRow("no such file") << QStringList{QStringLiteral("--token-file"), QStringLiteral("/nowhere/token")} << QByteArray() << QByteArray("/nowhere/token");
        QTest::newRow("a folder") << QStringList{QStringLiteral("--token-file"), QStringLiteral("/etc")} << QByteArray() << QByteArray("folder");
        QTest::newRow("no such variable") << QStringList{QStringLiteral("--env"), QStringLiteral("NOT_SET")} << QByteArray() << QByteArray("NOT_SET");
        QTest::newRow("a file as an argument") << QStringList{QStringLiteral("/etc/passwd")} << QByteArray() << QByteArray("--token-file /etc/passwd");
        QTest::newRow("two sources") << QStringList{QStringLiteral("--env"), QStringLiteral("A"), QStringLiteral("--token-file"), QStringLiteral("b")} << QByteArray() << QByteArray("once");
        QTest::newRow("address nonsense") << QStringList{QStringLiteral("--address"), QStringLiteral("there")} << kToken << QByteArray("--address");
        QTest::newRow("address without port") << QStringList{QStringLiteral("--address"), QStringLiteral("1.2.3.4")} << kToken << QByteArray("port");
        QTest::newRow("no keychain") << QStringList{QStringLiteral("--place"), QStringLiteral("keychain")} << QByteArray(kToken + ":/ip4/1.2.3.4/tcp/1") << QByteArray("no keychain here");
    }
    void whatIsWrongIsSaidAndNothingIsKept() {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, words);
        const ProgramRun run = token(QStringList{QStringLiteral("set")} + arguments, input);
        QVERIFY2(run.exitCode > 0 && !run.crashed && run.err.contains(words) && !run.err.contains(kToken.left(30)), run.describe().constData());
        QCOMPARE(keptFile(), QByteArray());
    }

    void oneIsMadeFromTheKeystore() {
        makeRepo();
        const QMap<QString, QString> named{{QStringLiteral("LOTUS_MINER_PATH"), at("repo")}};
        const ProgramRun made = token({QStringLiteral("create"), QStringLiteral("--reveal")}, {}, named);
        QVERIFY2(made.exitCode == 0, made.describe().constData());
        QCOMPARE(made.out, kToken + ":/ip4/127.0.0.1/tcp/2399/http\n"); // all addresses are dialled as the loopback here
        QCOMPARE(keptFile(), made.out);
        const ProgramRun elsewhere = token({QStringLiteral("create"), QStringLiteral("--perm"), QStringLiteral("read"), QStringLiteral("--address"), QStringLiteral("10.0.0.9:2399"),
                                            QStringLiteral("--no-keep"), QStringLiteral("--reveal")}, {}, named);
        QVERIFY2(elsewhere.exitCode == 0 && elsewhere.err.contains("needs admin"), elsewhere.describe().constData());
        QCOMPARE(elsewhere.out, kReadToken + ":/ip4/10.0.0.9/tcp/2399/http\n");
        QCOMPARE(keptFile(), made.out);
        QVERIFY(!token({QStringLiteral("create"), QStringLiteral("--json")}, {}, named).out.contains("eyJ"));
        write(at("repo/keystore/MF2XI2BNNJ3XILLQOJUXMYLUMU"), "{}", 0644);
        const ProgramRun relaxed = token({QStringLiteral("create")}, {}, {{QStringLiteral("LOTUS_MINER_PATH"), at("repo")}});
        QVERIFY2(relaxed.exitCode == 4 && relaxed.err.contains("chmod 600"), relaxed.describe().constData());
        QCOMPARE(token({QStringLiteral("create"), QStringLiteral("--perm"), QStringLiteral("root")}, {}, named).exitCode, 2);
        QCOMPARE(token({QStringLiteral("create"), QStringLiteral("--from"), QStringLiteral("keystore")}, {}, {{QStringLiteral("LOTUS_MINER_PATH"), QStringLiteral("/nowhere")}}).exitCode, 2);
    }
    void theKeptTokenCompletesAnAddress() {
        QCOMPARE(token({QStringLiteral("set")}, kToken + ":/ip4/127.0.0.1/tcp/9/http").exitCode, 0);
        const ProgramRun same = token({QStringLiteral("show"), QStringLiteral("--reveal")}, {}, {{QStringLiteral("MINER_API_INFO"), QStringLiteral("/ip4/127.0.0.1/tcp/9/http")}});
        QVERIFY2(same.exitCode == 0 && same.out.contains(kToken), same.describe().constData());
        const ProgramRun other = token({QStringLiteral("show"), QStringLiteral("--reveal")}, {}, {{QStringLiteral("MINER_API_INFO"), QStringLiteral("/ip4/127.0.0.1/tcp/8/http")}});
        QVERIFY2(other.exitCode == 6 && other.err.contains("another address") && !other.out.contains("eyJ"), other.describe().constData());
        // Nobody listens there: the miner cannot be asked.
        QCOMPARE(token({QStringLiteral("show"), QStringLiteral("--test")}).exitCode, 10);
    }
};

QTEST_GUILESS_MAIN(TokenCommandsTest)
#include "tst_token_commands.moc"
