// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/parent_cache_file.h"

#include <atomic>
#include <thread>

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "base/bytes.h"

using namespace lsw;
using namespace lsw::proofs;

namespace {

const sector::ProofInfo& proof(int number) { return **sector::proofInfo(static_cast<sector::SealProof>(number)); }

/// What a whole file looks like, with made-up expander parents.
QByteArray wholeFile(const sector::ProofInfo& info) {
    QByteArray out;
    const auto put = [&out](std::uint64_t value) {
        for (unsigned shift = 0; shift < 32; shift += 8) out.append(static_cast<char>(value >> shift & 0xff));
    };
    for (std::uint64_t node = 0; node < info.nodes(); ++node)
        for (int parent = 0; parent < 14; ++parent) {
            const bool isBefore = parent == (info.apiMinor == 0 ? 5 : 0);
            put(parent >= 6 ? 7 : node >= 2 && isBefore ? node - 1 : 0);
        }
    return out;
}

} // namespace

class TestParentCacheFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_made = 0;

    static void write(const std::filesystem::path& path, const QByteArray& content) {
        QFile file(QString::fromStdString(path.string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    Expected<void> ensure(const sector::ProofInfo& info) {
        return ensureParentCache(info, "pc1",
                                 [&]() -> Expected<void> {
                                     ++m_made;
                                     write(parentCachePath(info), wholeFile(info));
                                     return {};
                                 },
                                 {});
    }

private Q_SLOTS:
    void init() {
        qputenv("FIL_PROOFS_PARENT_CACHE", m_dir.path().toLocal8Bit());
        for (const auto& entry : std::filesystem::directory_iterator(m_dir.path().toStdString())) std::filesystem::remove(entry.path());
        m_made = 0;
    }
    void filesAreNamedAsTheCrateNamesThem_data() {
        QTest::addColumn<int>("number");
        QTest::addColumn<QByteArray>("stem");
        QTest::newRow("2KiB V1") << 0 << QByteArray("3f0eef38bb48af1f48ad65e14eb85b4ebfc167cec18cd81764f6d998836c9899");
        QTest::newRow("2KiB V1_1") << 5 << QByteArray("494d91dc80f2df5272c4b9e129bc7ade9405225993af9fe34e6542a39a47554b");
        QTest::newRow("8MiB V1_1") << 6 << QByteArray("5eed212119fd91aa6220a27f31a8966444a9381842bceb3a1ea61525bd47a5b5");
        QTest::newRow("512MiB V1_1") << 7 << QByteArray("7ba215a1d2345774ab90b8cb1158d296e409d6068819d7b8c7baf0b25d63dc34");
        QTest::newRow("32GiB V1") << 3 << QByteArray("e1fa5d5b811ddbd118be3412c4a8c329156b8b8acc72632bca459455b5a05a13");
        QTest::newRow("32GiB V1_1") << 8 << QByteArray("21981246c370f9d76c7a77ab273d94bde0ceb4e938292334960bce05585dc117");
        QTest::newRow("64GiB V1_1") << 9 << QByteArray("4905486b7af19558ac3649bc6261411858b6add534438878c4ee3b29d8b9de0b");
        QTest::newRow("2KiB synthetic") << 10 << QByteArray("1aa0c04f9b6b2ba6ece696274b0f0b53438c9acd1ae1b3943d837bacb65ad66b");
        QTest::newRow("2KiB non-interactive") << 15 << QByteArray("896a357165f80a0aedd30a419e412a4ef3e8d95718896655dd42fd415eab41a2");
    }
    void filesAreNamedAsTheCrateNamesThem() {
        QFETCH(int, number);
        QFETCH(QByteArray, stem);
        const auto path = parentCachePath(proof(number));
        QCOMPARE(path.filename().string(), "v28-sdr-parent-" + stem.toStdString() + ".cache");
        QCOMPARE(path.parent_path().string(), m_dir.path().toStdString());
    }
    void aMissingFileIsMadeOnce() {
        QVERIFY(ensure(proof(5)).hasValue());
        QCOMPARE(m_made, 1);
        QVERIFY(ensure(proof(5)).hasValue());
        QCOMPARE(m_made, 1);
    }
    void aWholeFileOfAnotherProgramIsKept() {
        for (const int number : {0, 5}) {
            write(parentCachePath(proof(number)), wholeFile(proof(number)));
            QVERIFY(ensure(proof(number)).hasValue());
        }
        QCOMPARE(m_made, 0);
    }
    void aTornFileIsMadeAgain_data() {
        QTest::addColumn<QByteArray>("content");
        const QByteArray whole = wholeFile(proof(5));
        QByteArray hole = whole, tail = whole;
        hole.replace(20 * 56, 56, QByteArray(56, '\0'));
        tail.replace(63 * 56 + 24, 32, QByteArray(32, '\0'));
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("all zeros") << QByteArray(whole.size(), '\0');
        QTest::newRow("one entry missing") << hole;
        QTest::newRow("half of the last entry missing") << tail;
        QTest::newRow("short") << whole.left(whole.size() - 56);
    }
    void aTornFileIsMadeAgain() {
        QFETCH(QByteArray, content);
        write(parentCachePath(proof(5)), content);
        QVERIFY(ensure(proof(5)).hasValue());
        QCOMPARE(m_made, 1);
        QVERIFY(*parentCacheIsWhole(parentCachePath(proof(5)), proof(5), {}));
    }
    void aFileChangedAfterItsCheckIsCheckedAgain() {
        QVERIFY(ensure(proof(5)).hasValue());
        write(parentCachePath(proof(5)), QByteArray(64 * 56 + 1, '\0'));
        QVERIFY(ensure(proof(5)).hasValue());
        QCOMPARE(m_made, 2);
    }
    void whoComesSecondWaitsForTheFirst() {
        std::atomic<bool> waits = false;
        std::atomic<int> made = 0;
        TaskContext second;
        second.report = [&](const Progress& progress) {
            if (progress.step.starts_with("waiting")) waits = true;
        };
        std::thread other;
        const auto generate = [&]() -> Expected<void> {
            ++made;
            write(parentCachePath(proof(5)), wholeFile(proof(5)));
            return {};
        };
        Expected<void> secondIs = Error(ErrorCode::Internal, "did not run");
        const auto first = ensureParentCache(proof(5), "pc1",
                                             [&]() -> Expected<void> {
                                                 other =
                                                     std::thread([&] { secondIs = ensureParentCache(proof(5), "pc1", generate, second); });
                                                 while (!waits) std::this_thread::yield();
                                                 return generate();
                                             },
                                             {});
        other.join();
        QVERIFY(first.hasValue() && secondIs.hasValue());
        QCOMPARE(made.load(), 1);
    }
    void aFailureLeavesNoFile() {
        const auto failed = ensureParentCache(proof(5), "pc1",
                                              [&]() -> Expected<void> {
                                                  write(parentCachePath(proof(5)), QByteArray(100, '\0'));
                                                  return Error(ErrorCode::NoSpace, "full");
                                              },
                                              {});
        QCOMPARE(failed.error().code(), ErrorCode::NoSpace);
        QVERIFY(!std::filesystem::exists(parentCachePath(proof(5))));
    }
};

QTEST_APPLESS_MAIN(TestParentCacheFile)
#include "tst_parent_cache_file.moc"
