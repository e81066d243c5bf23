// SPDX-License-Identifier: MIT OR Apache-2.0
// The command line seals what the official crate seals: the inputs and digests are those of tests/data/sectors/README.md.
#include "support/program.h"
#include "support/test_paths.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using lsw::test::ProgramRun;
using lsw::test::runProgram;

namespace {

const QString kProgram = QString::fromUtf8(lsw::test::kProgramFile);
const QString kTicket = QStringLiteral("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
const QString kSeed = QStringLiteral("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
const QString kCommD = QStringLiteral("b682593c1ed2734c9e9f96cac76bda565b722b8f1b567d68f6fcedd67804fb1b");

/// 2 KiB of field elements: byte i is 7·i + 3, the two top bits of each 32 cleared.
QByteArray pattern() {
    QByteArray bytes(2048, '\0');
    for (int i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>((7 * i + 3) & (i % 32 == 31 ? 0x3f : 0xff));
    return bytes;
}

void write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QByteArray read(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) qWarning("%s cannot be read", qPrintable(path));
    return file.readAll();
}

QByteArray digest(const QString& path) { return QCryptographicHash::hash(read(path), QCryptographicHash::Sha256).toHex(); }

} // namespace

class SealCommandTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_home;
    QString m_padded;

    QStringList seal(const QString& proof, const QString& out, const QStringList& more) const {
        return QStringList{QStringLiteral("seal"), QStringLiteral("--proof"), proof, QStringLiteral("--miner"), QStringLiteral("f01000"),
                           QStringLiteral("--sector"), QStringLiteral("1"), QStringLiteral("--ticket"), kTicket, QStringLiteral("--out"),
                           m_home.filePath(out), QStringLiteral("--json")} + more;
    }
    QJsonObject phase(const ProgramRun& run, const QString& name) const {
        for (const QJsonObject& line : run.jsonLines())
            if (line.value(QStringLiteral("phase")).toString() == name) return line;
        return {};
    }

private Q_SLOTS:
    void initTestCase() {
        m_padded = m_home.filePath(QStringLiteral("padded"));
        write(m_padded, pattern());
    }

    void sealsWhatTheOfficialCrateSeals_data() {
        QTest::addColumn<QString>("proof");
        QTest::addColumn<QString>("commR");
        QTest::newRow("V1") << QStringLiteral("0") << QStringLiteral("87e2f6d115f1b80bbc8ec73d8e64c17b4fec1635145cfe44ddcec9429734e86f");
        QTest::newRow("V1_1") << QStringLiteral("StackedDrg2KiBV1_1") << QStringLiteral("44b5ab3124ececb873468b41109584bbd24455305df6c3331736319e0ba5a726");
        QTest::newRow("synthetic") << QStringLiteral("10") << QStringLiteral("92d53fe6c5ef387a4e7484397a6cf5291274b670b3ee56d92dd29086b1286c1f");
        QTest::newRow("non-interactive") << QStringLiteral("15") << QStringLiteral("935a3387e68e399c4d55974788ba9cfa563569bbeed45f0a69743d5e27609b43");
    }
    void sealsWhatTheOfficialCrateSeals() {
        QFETCH(QString, proof);
        QFETCH(QString, commR);
        const ProgramRun run = runProgram(kProgram, seal(proof, QStringLiteral("out-") + QLatin1String(QTest::currentDataTag()),
                                                         {QStringLiteral("--padded"), m_padded, QStringLiteral("--through"), QStringLiteral("pc2")}), m_home.path());
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QCOMPARE(phase(run, QStringLiteral("pc2")).value(QStringLiteral("comm_r")).toString(), commR);
        QCOMPARE(phase(run, QStringLiteral("pc2")).value(QStringLiteral("comm_d")).toString(), kCommD);
        if (proof != QLatin1String("10")) QVERIFY(phase(run, QStringLiteral("check")).value(QStringLiteral("ok")).toBool()); // by the official crate, for our engine computes
        QVERIFY(phase(run, QStringLiteral("pc1")).value(QStringLiteral("peak_memory")).toDouble() > 1e6);
    }

    void theFilesAreByteForByteTheSameAndASecondRunChangesNothing() {
        const QString out = m_home.filePath(QStringLiteral("twice"));
        const QMap<QString, QByteArray> expected{
            {QStringLiteral("unsealed"), "eee53f9c79bd3eafc21a44f885f1b58208d25448b7b43f3a803082dc84291e05"},
            {QStringLiteral("sealed"), "932db56eff0754ab482f70662b2b0bfee444a11bbaf0a71da4c6e05e409598b3"},
            {QStringLiteral("cache/sc-02-data-tree-d.dat"), "348b36c140e8c89e8e812da7b9f0072d3bcb059919a1e0ac24c0a4810a45908a"},
            {QStringLiteral("cache/sc-02-data-layer-1.dat"), "76d7890c5f9cf95a716a34afff0ff2bfd1608fac5b3283ab1bef5c0c5e7364f0"},
            {QStringLiteral("cache/sc-02-data-layer-2.dat"), "04a62f56df0603cc3c6d045dea6721294f1527ae4be765d6ea93cb30780b860f"},
            {QStringLiteral("cache/sc-02-data-tree-c.dat"), "a78e99b1b87516059a09029645b311d33fea775eb992ed693008e63c340c373e"},
            {QStringLiteral("cache/sc-02-data-tree-r-last.dat"), "02ac9c01fda0f8eca51092c14239de3af6aae00ad2ea8606c117e2514410b4ce"},
            {QStringLiteral("cache/p_aux"), "4509ddc1f743d2c49732c2f273643568805e20f15190be8b1ea79247246e67ee"}};
        for (int round = 0; round < 2; ++round) {
            const ProgramRun run = runProgram(kProgram, seal(QStringLiteral("5"), QStringLiteral("twice"), {QStringLiteral("--padded"), m_padded}), m_home.path());
            QVERIFY2(run.exitCode == 0, run.err.constData());
            for (auto it = expected.begin(); it != expected.end(); ++it) QCOMPARE(digest(out + QLatin1Char('/') + it.key()), it.value());
        }
    }

    void severalSectorsAreLabelledTogether() {
        const QStringList more{QStringLiteral("--padded"), m_padded, QStringLiteral("--through"), QStringLiteral("pc2"), QStringLiteral("--no-check")};
        for (const QStringList& how : {QStringList{}, QStringList{QStringLiteral("--pc1-memory"), QStringLiteral("1KiB")}}) {
            const ProgramRun run = runProgram(kProgram, seal(QStringLiteral("5"), QStringLiteral("several"), more + QStringList{QStringLiteral("--sectors"), QStringLiteral("3")} + how), m_home.path());
            QVERIFY2(run.exitCode == 0, run.err.constData());
            QStringList sectors;
            for (const QJsonObject& line : run.jsonLines())
                if (line.value(QStringLiteral("phase")).toString() == QLatin1String("pc2")) sectors << line.value(QStringLiteral("sector")).toString();
            QCOMPARE(sectors, QStringList({QStringLiteral("s-t01000-1"), QStringLiteral("s-t01000-2"), QStringLiteral("s-t01000-3")}));
            const QString out = m_home.filePath(QStringLiteral("several")) + QLatin1Char('/');
            QCOMPARE(digest(out + sectors[0] + QStringLiteral("/sealed")), QByteArray("932db56eff0754ab482f70662b2b0bfee444a11bbaf0a71da4c6e05e409598b3"));
            QVERIFY(digest(out + sectors[1] + QStringLiteral("/sealed")) != digest(out + sectors[2] + QStringLiteral("/sealed")));
            QVERIFY(QDir(m_home.filePath(QStringLiteral("several"))).removeRecursively());
        }
        const ProgramRun refused = runProgram(kProgram, seal(QStringLiteral("5"), QStringLiteral("several"), more + QStringList{QStringLiteral("--sectors"), QStringLiteral("2"), QStringLiteral("--engine"), QStringLiteral("official")}), m_home.path());
        QVERIFY2(refused.exitCode == 2 && refused.err.contains("one sector at a time"), refused.describe().constData());
    }

    void aStockWorkerHasItsPc2DoneHere() {
        const ProgramRun pc1 = runProgram(kProgram, seal(QStringLiteral("5"), QStringLiteral("external"), {QStringLiteral("--padded"), m_padded,
                                                         QStringLiteral("--through"), QStringLiteral("pc1")}), m_home.path());
        QVERIFY2(pc1.exitCode == 0, pc1.err.constData());
        const QString out = m_home.filePath(QStringLiteral("external"));
        QMap<QString, QString> order{{QStringLiteral("EXTSEAL_PC2_SECTOR_NUM"), QStringLiteral("1")},
                                     {QStringLiteral("EXTSEAL_PC2_SECTOR_MINER"), QStringLiteral("1000")},
                                     {QStringLiteral("EXTSEAL_PC2_PROOF_TYPE"), QStringLiteral("5")},
                                     {QStringLiteral("EXTSEAL_PC2_SECTOR_SIZE"), QStringLiteral("2048")},
                                     {QStringLiteral("EXTSEAL_PC2_CACHE"), out + QStringLiteral("/cache")},
                                     {QStringLiteral("EXTSEAL_PC2_SEALED"), out + QStringLiteral("/sealed")},
                                     {QStringLiteral("EXTSEAL_PC2_PC1OUT"), QString::fromLatin1(read(out + QStringLiteral("/pc1.json")).toBase64())}};
        const QStringList command{QStringLiteral("pc2"), QStringLiteral("--lotus-external"), QStringLiteral("--json")};
        const ProgramRun run = runProgram(kProgram, command, m_home.path(), order);
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QCOMPARE(digest(out + QStringLiteral("/sealed")), QByteArray("932db56eff0754ab482f70662b2b0bfee444a11bbaf0a71da4c6e05e409598b3"));
        QCOMPARE(digest(out + QStringLiteral("/cache/p_aux")), QByteArray("4509ddc1f743d2c49732c2f273643568805e20f15190be8b1ea79247246e67ee"));
        QVERIFY(run.jsonLines().value(0).value(QStringLiteral("comm_r_cid")).toString().startsWith(QLatin1String("bagboea4b5abc")));

        order[QStringLiteral("EXTSEAL_PC2_SECTOR_SIZE")] = QStringLiteral("8388608");
        const ProgramRun wrongSize = runProgram(kProgram, command, m_home.path(), order);
        QVERIFY2(wrongSize.exitCode == 2 && wrongSize.err.contains("EXTSEAL_PC2_SECTOR_SIZE"), wrongSize.describe().constData());
        order.remove(QStringLiteral("EXTSEAL_PC2_CACHE"));
        const ProgramRun missing = runProgram(kProgram, command, m_home.path(), order);
        QVERIFY2(missing.exitCode == 2 && missing.err.contains("EXTSEAL_PC2_CACHE is not set"), missing.describe().constData());
    }

    void userBytesComeBackByUnseal() {
        QByteArray data(1500, '\0');
        for (int i = 0; i < data.size(); ++i) data[i] = static_cast<char>(i * 31 + 5);
        write(m_home.filePath(QStringLiteral("data")), data);
        const QString out = m_home.filePath(QStringLiteral("round"));
        const ProgramRun run = runProgram(kProgram, seal(QStringLiteral("5"), QStringLiteral("round"), {QStringLiteral("--data"), m_home.filePath(QStringLiteral("data")),
                                                         QStringLiteral("--seed"), kSeed, QStringLiteral("--finalize")}), m_home.path());
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QVERIFY(!phase(run, QStringLiteral("c1")).isEmpty());
        QCOMPARE(QDir(out + QStringLiteral("/cache")).entryList(QDir::Files),
                 QStringList({QStringLiteral("p_aux"), QStringLiteral("sc-02-data-tree-r-last.dat"), QStringLiteral("t_aux")}));
        const QString commD = phase(run, QStringLiteral("pc2")).value(QStringLiteral("comm_d_cid")).toString();
        const auto unseal = [&](const QStringList& more) {
            return runProgram(kProgram, QStringList{QStringLiteral("unseal"), QStringLiteral("--proof"), QStringLiteral("5"), QStringLiteral("--miner"), QStringLiteral("1000"),
                                                    QStringLiteral("--sector"), QStringLiteral("1"), QStringLiteral("--ticket"), kTicket, QStringLiteral("--commd"), commD,
                                                    QStringLiteral("--sealed"), out + QStringLiteral("/sealed"), QStringLiteral("--cache"), out + QStringLiteral("/cache"),
                                                    QStringLiteral("--out"), m_home.filePath(QStringLiteral("back"))} + more, m_home.path());
        };
        const ProgramRun whole = unseal({});
        QVERIFY2(whole.exitCode == 0, whole.err.constData());
        QCOMPARE(read(m_home.filePath(QStringLiteral("back"))), data + QByteArray(2032 - data.size(), '\0'));
        const ProgramRun part = unseal({QStringLiteral("--offset"), QStringLiteral("254"), QStringLiteral("--size"), QStringLiteral("127")});
        QVERIFY2(part.exitCode == 0, part.err.constData());
        QCOMPARE(read(m_home.filePath(QStringLiteral("back"))), data.mid(254, 127));
        QVERIFY(!QFile::exists(m_home.filePath(QStringLiteral("back.scratch"))));
        QCOMPARE(unseal({QStringLiteral("--offset"), QStringLiteral("2032")}).exitCode, 2);
        QCOMPARE(QDir(out + QStringLiteral("/cache")).entryList(QDir::Files).size(), 3); // unsealing leaves the sector's cache alone
    }

    void aWordThatIsNoFieldElementIsRefused() {
        QByteArray bytes = pattern();
        bytes.replace(64, 32, QByteArray(32, '\xff'));
        write(m_home.filePath(QStringLiteral("bad")), bytes);
        const ProgramRun run = runProgram(kProgram, seal(QStringLiteral("5"), QStringLiteral("bad-out"), {QStringLiteral("--padded"), m_home.filePath(QStringLiteral("bad"))}), m_home.path());
        QVERIFY2(run.exitCode == 2, run.describe().constData());
        QVERIFY2(run.err.contains("64"), run.err.constData()); // says where
    }

    void theOfficialVerifierIsAsked() {
        const QString vectors = QString::fromUtf8(lsw::test::kTestData) + QStringLiteral("/sectors/2KiB-V1_1-full");
        const QString parameters = m_home.filePath(QStringLiteral("parameters"));
        QVERIFY(QDir().mkpath(parameters));
        const QDir sectors(QString::fromUtf8(lsw::test::kTestData) + QStringLiteral("/sectors"));
        for (const QString& key : sectors.entryList({QStringLiteral("*.vk")})) QVERIFY(QFile::copy(sectors.filePath(key), parameters + QLatin1Char('/') + key));
        QByteArray proof = read(vectors + QStringLiteral("/proof"));
        QCOMPARE(proof.size(), 192);
        const auto verify = [&](const QByteArray& bytes) {
            write(m_home.filePath(QStringLiteral("proof")), bytes);
            return runProgram(kProgram, {QStringLiteral("verify"), QStringLiteral("--proof"), QStringLiteral("5"), QStringLiteral("--miner"), QStringLiteral("1000"),
                                         QStringLiteral("--sector"), QStringLiteral("1"), QStringLiteral("--ticket"), kTicket, QStringLiteral("--seed"), kSeed,
                                         QStringLiteral("--commr"), QStringLiteral("44b5ab3124ececb873468b41109584bbd24455305df6c3331736319e0ba5a726"),
                                         QStringLiteral("--commd"), kCommD, QStringLiteral("--proof-file"), m_home.filePath(QStringLiteral("proof")),
                                         QStringLiteral("--parameter-cache"), parameters, QStringLiteral("--json")}, m_home.path());
        };
        const ProgramRun good = verify(proof);
        QVERIFY2(good.exitCode == 0, good.err.constData());
        QVERIFY(good.jsonLines().value(0).value(QStringLiteral("ok")).toBool());
        proof[5] = static_cast<char>(proof[5] ^ 1);
        QCOMPARE(verify(proof).exitCode, 13);
        QCOMPARE(verify(QByteArray()).exitCode, 13);
    }
};

QTEST_GUILESS_MAIN(SealCommandTest)
#include "tst_seal_command.moc"
