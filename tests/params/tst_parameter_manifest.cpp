// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/parameter_digest.h"
#include "params/parameter_manifest.h"

#include "parameter_set.h"

#include <set>

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::params;

class TestParameterManifest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theListIsThatOfLotus() {
        const auto& all = parameterManifest();
        QCOMPARE(all.size(), std::size_t{40});
        std::set<std::string> names, cids;
        for (const ParameterFile& file : all) {
            names.insert(file.name);
            cids.insert(file.cid);
            QCOMPARE(file.digest.size(), std::size_t{32});
            QVERIFY(file.cid.starts_with("Qm") && file.cid.size() == 46);
            QVERIFY(file.circuit && file.about > 0);
        }
        QVERIFY(names.size() == 40 && cids.size() == 40);
    }

    void whatIsNeededDependsOnTheWork() {
        const auto c2 = neededFiles(parameterManifest(), {32ULL << 30}, {Circuit::PoRep});
        QCOMPARE(c2.size(), std::size_t{2});
        QVERIFY(c2[0].isKey() && !c2[1].isKey());
        QCOMPARE(c2[1].digest, std::string("6a388072a518cf46ebd661f5cc46900a"));
        const auto all = neededFiles(parameterManifest(), {32ULL << 30}, {});
        QCOMPARE(all.size(), std::size_t{8});
        std::uint64_t sum = 0;
        for (const auto& file : all) sum += file.about;
        QVERIFY(sum >> 30 == 132 || sum >> 30 == 133); // as forest counts it
        QVERIFY(neededFiles(parameterManifest(), {1024}, {}).empty());
    }

    void wordsForTheWork() {
        const auto two = circuitsFor("c2,windowpost");
        QVERIFY(two && *two == (std::vector<Circuit>{Circuit::PoRep, Circuit::WindowPost}));
        QVERIFY(circuitsFor("all") && circuitsFor("all")->empty());
        QCOMPARE(circuitsFor("pc1").error().code(), ErrorCode::InvalidArgument);
    }

    void theDigestIsTheBeginningOfBlake2b512() {
        ParameterDigest nothing;
        QCOMPARE(nothing.finish(), std::string("786a02f742015903c6c6fd852552d272")); // of an empty file, as users have seen it
        ParameterDigest abc;
        abc.add(asBytes("a"));
        abc.add(asBytes("bc"));
        QCOMPARE(abc.finish(), std::string("ba80a53f981c4d0d6a2797b69f12f6e9")); // RFC 7693, appendix A
    }

    void aListInTheFormOfLotusIsRead() {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("list.json")).toStdString();
        const test::ParameterSet set({100}, {1000}, 1);
        test::putFile(file, asBytes(set.asManifest()));
        const auto read = readManifest(file);
        QVERIFY(read && read->size() == 2);
        QCOMPARE(read->front().digest, set.manifest.front().digest);
        QVERIFY(!read->front().circuit);
        QCOMPARE(neededFiles(*read, {2048}, {Circuit::WindowPost}).size(), std::size_t{2}); // unknown ones are needed for everything
    }

    void aWrongListIsRefused_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("array") << QByteArray("[]");
        QTest::newRow("way out") << QByteArray(R"({"../x": {"cid": "Qm1", "digest": "00000000000000000000000000000000", "sector_size": 2048}})");
        QTest::newRow("digest") << QByteArray(R"({"x": {"cid": "Qm1", "digest": "0", "sector_size": 2048}})");
        QTest::newRow("cid") << QByteArray(R"({"x": {"cid": "Qm1?a=b", "digest": "00000000000000000000000000000000", "sector_size": 2048}})");
        QTest::newRow("size") << QByteArray(R"({"x": {"cid": "Qm1", "digest": "00000000000000000000000000000000", "sector_size": -1}})");
        QTest::newRow("no size") << QByteArray(R"({"x": {"cid": "Qm1", "digest": "00000000000000000000000000000000"}})");
    }
    void aWrongListIsRefused() {
        QFETCH(QByteArray, text);
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("list.json")).toStdString();
        test::putFile(file, asBytes(text.toStdString()));
        const auto read = readManifest(file);
        QVERIFY(!read);
        QCOMPARE(read.error().code(), ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestParameterManifest)
#include "tst_parameter_manifest.moc"
