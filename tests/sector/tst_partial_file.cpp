// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector/partial_file.h"

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::sector;

class TestPartialFile : public QObject {
    Q_OBJECT

    static QByteArray readAll(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void runsRoundTrip() {
        RunSet set;
        QVERIFY(encodeRlePlus(set).empty());
        set.add({0, 2048});
        QCOMPARE(toHex(encodeRlePlus(set)), std::string("041002"));
        std::uint64_t seed = 1;
        for (int round = 0; round < 500; ++round) {
            RunSet random;
            for (int i = 0; i < 12; ++i) {
                seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
                const std::uint64_t begin = (seed >> 33) % 5000, length = (seed >> 20) % 40;
                if (seed & 1) random.add({begin, begin + length});
                else random.remove({begin, begin + length});
            }
            const auto back = decodeRlePlus(encodeRlePlus(random));
            QVERIFY(back.hasValue());
            QVERIFY(*back == random);
        }
    }
    void decodingSurvivesAnyBytes() {
        std::uint64_t seed = 7;
        for (int round = 0; round < 5000; ++round) {
            Bytes bytes(static_cast<std::size_t>(round % 24));
            for (auto& b : bytes) {
                seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
                b = static_cast<std::uint8_t>(seed >> 40);
            }
            if (const auto set = decodeRlePlus(bytes)) {
                for (const Run& run : set->runs()) QVERIFY(run.begin < run.end);
            }
        }
        const Bytes wrongVersion{0x05};
        QVERIFY(!decodeRlePlus(wrongVersion).hasValue());
    }
    void aFullFileEndsAsLotusWritesIt() {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("s-t01000-1"));
        auto file = PartialFile::create(path.toStdString(), PaddedBytes{2048});
        QVERIFY(file.hasValue());
        QCOMPARE(readAll(path).size(), qsizetype(2052));
        QVERIFY(file->markAllocated(PaddedBytes{0}, PaddedBytes{1024}).hasValue());
        QVERIFY(file->isAllocated(PaddedBytes{0}, PaddedBytes{1024}));
        QVERIFY(!file->isAllocated(PaddedBytes{0}, PaddedBytes{2048}));
        QVERIFY(file->markAllocated(PaddedBytes{1024}, PaddedBytes{1024}).hasValue());
        QCOMPARE(readAll(path).mid(2048).toHex(), QByteArray("04100203000000"));
        const auto again = PartialFile::open(path.toStdString(), PaddedBytes{2048});
        QVERIFY(again.hasValue());
        QVERIFY(again->isAllocated(PaddedBytes{0}, PaddedBytes{2048}));
    }
    void releasedRangesAreGone() {
        QTemporaryDir dir;
        const auto path = dir.filePath(QStringLiteral("u")).toStdString();
        auto file = PartialFile::create(path, PaddedBytes{8192});
        QVERIFY(file->markAllocated(PaddedBytes{0}, PaddedBytes{8192}).hasValue());
        QVERIFY(file->release(PaddedBytes{4096}, PaddedBytes{4096}).hasValue());
        const auto again = PartialFile::open(path, PaddedBytes{8192});
        QVERIFY(again->isAllocated(PaddedBytes{0}, PaddedBytes{4096}));
        QVERIFY(!again->isAllocated(PaddedBytes{4096}, PaddedBytes{128}));
    }
    void aFileOfTheSectorSizeIsFull() {
        QTemporaryDir dir;
        QFile plain(dir.filePath(QStringLiteral("full")));
        QVERIFY(plain.open(QIODevice::WriteOnly));
        plain.write(QByteArray(2048, 'x'));
        plain.close();
        const auto file = PartialFile::open(plain.fileName().toStdString(), PaddedBytes{2048});
        QVERIFY(file.hasValue());
        QVERIFY(file->isAllocated(PaddedBytes{0}, PaddedBytes{2048}));
    }
    void contradictionsAreRefused_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("short") << QByteArray(2047, 'x');
        QTest::newRow("no whole trailer") << QByteArray(2050, '\0');
        QTest::newRow("length too big") << QByteArray(2048, 'x') + QByteArray::fromHex("ff000000");
        QTest::newRow("beyond the sector") << QByteArray(2048, 'x') + QByteArray::fromHex("04200203000000");
        QTest::newRow("absurd length") << QByteArray(2048, 'x') + QByteArray::fromHex("ffffffff");
    }
    void contradictionsAreRefused() {
        QFETCH(QByteArray, content);
        QTemporaryDir dir;
        QFile file(dir.filePath(QStringLiteral("bad")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto opened = PartialFile::open(file.fileName().toStdString(), PaddedBytes{2048});
        QVERIFY(!opened.hasValue());
        QCOMPARE(opened.error().code(), ErrorCode::Corrupt);
    }
};

QTEST_APPLESS_MAIN(TestPartialFile)
#include "tst_partial_file.moc"
