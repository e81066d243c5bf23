// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/storage_config.h"
#include "storage_fixture.h"

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::storage;
using namespace lsw::test;

class TestStorageConfig : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void metadataAreWrittenAsLotusWritesThem() {
        const QTemporaryDir folder;
        const fs::path path = folder.path().toStdString();
        PathMetadata metadata;
        metadata.id = "76f1988b-ef30-4d7e-b3ec-9a627f4ba5a8";
        QVERIFY(writePathMetadata(path, metadata).hasValue());
        QCOMPARE(readFile(path / "sectorstore.json"), std::string("{\n"
                                                                  "  \"ID\": \"76f1988b-ef30-4d7e-b3ec-9a627f4ba5a8\",\n"
                                                                  "  \"Weight\": 10,\n"
                                                                  "  \"CanSeal\": true,\n"
                                                                  "  \"CanStore\": false,\n"
                                                                  "  \"MaxStorage\": 0,\n"
                                                                  "  \"Groups\": null,\n"
                                                                  "  \"AllowTo\": null,\n"
                                                                  "  \"AllowTypes\": null,\n"
                                                                  "  \"DenyTypes\": null,\n"
                                                                  "  \"AllowMiners\": null,\n"
                                                                  "  \"DenyMiners\": null\n"
                                                                  "}"));
        // Nothing but the file itself remains.
        QCOMPARE(std::distance(fs::directory_iterator(path), fs::directory_iterator()), std::ptrdiff_t(1));
    }
    void metadataRoundTrip() {
        const QTemporaryDir folder;
        const fs::path path = folder.path().toStdString();
        PathMetadata metadata;
        metadata.id = "abc";
        metadata.weight = 18446744073709551615ULL;
        metadata.canSeal = false;
        metadata.canStore = true;
        metadata.maxStorage = 9007199254740993ULL;
        metadata.groups = {"a \"quoted\" one", "b"};
        metadata.allowTypes = {"sealed"};
        metadata.denyMiners = {"t01000"};
        QVERIFY(writePathMetadata(path, metadata).hasValue());
        const auto read = readPathMetadata(path);
        QVERIFY(read.hasValue());
        QCOMPARE(read->id, metadata.id);
        QCOMPARE(read->weight, metadata.weight);
        QCOMPARE(read->maxStorage, metadata.maxStorage);
        QVERIFY(!read->canSeal && read->canStore);
        QVERIFY(read->groups == metadata.groups && read->allowTypes == metadata.allowTypes && read->denyMiners == metadata.denyMiners);
        QVERIFY(read->allowTo.empty());
    }
    void whatTheFileLeavesOutIsZero() {
        const QTemporaryDir folder;
        const fs::path path = folder.path().toStdString();
        writeFile(path / "sectorstore.json", "{\"ID\":\"abc\",\"Unknown\":[1]}");
        const auto read = readPathMetadata(path);
        QVERIFY(read.hasValue());
        QCOMPARE(read->weight, std::uint64_t(0));
        QVERIFY(!read->canSeal && !read->canStore);
    }
    void letterCaseOfFieldsDoesNotMatter() {
        const QTemporaryDir folder;
        const fs::path path = folder.path().toStdString();
        writeFile(path / "sectorstore.json", R"({"id":"abc","weight":7,"canseal":true,"CANSTORE":true,"MaxStorage":5,"maxstorage":6})");
        const auto read = readPathMetadata(path);
        QVERIFY(read.hasValue());
        QCOMPARE(read->id, std::string("abc"));
        QCOMPARE(read->weight, std::uint64_t(7));
        QVERIFY(read->canSeal && read->canStore);
        QCOMPARE(read->maxStorage, std::uint64_t(5));
        writeFile(path / "storage.json", R"({"storagepaths":[{"path":"/a"}]})");
        QVERIFY(*readStorageConfig(path) == std::vector<std::string>{"/a"});
    }
    void charactersAreEscapedAsGoDoes() {
        const QTemporaryDir folder;
        const fs::path path = folder.path().toStdString();
        QVERIFY(writeStorageConfig(path, {"/a&b<c>d"}).hasValue());
        QCOMPARE(readFile(path / "storage.json"), std::string("{\n  \"StoragePaths\": [\n    {\n      \"Path\": \"/a\\u0026b\\u003cc\\u003ed\"\n    }\n  ]\n}"));
        QVERIFY(*readStorageConfig(path) == std::vector<std::string>{"/a&b<c>d"});
    }
    void badMetadataNameFileAndField_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("names");
        QTest::newRow("no JSON") << QByteArray("{") << QByteArray("is not JSON");
        QTest::newRow("empty") << QByteArray("") << QByteArray("is not JSON");
        QTest::newRow("a list") << QByteArray("[]") << QByteArray("not a JSON object");
        QTest::newRow("no ID") << QByteArray("{\"Weight\":1}") << QByteArray("ID is missing");
        QTest::newRow("ID with a slash") << QByteArray("{\"ID\":\"a/b\"}") << QByteArray("ID has other characters");
        QTest::newRow("ID with a dot") << QByteArray("{\"ID\":\"a.b\"}") << QByteArray("ID has other characters");
        QTest::newRow("weight text") << QByteArray("{\"ID\":\"a\",\"Weight\":\"1\"}") << QByteArray("Weight");
        QTest::newRow("weight below zero") << QByteArray("{\"ID\":\"a\",\"Weight\":-1}") << QByteArray("Weight");
        QTest::newRow("weight fraction") << QByteArray("{\"ID\":\"a\",\"Weight\":1.5}") << QByteArray("Weight");
        QTest::newRow("flag number") << QByteArray("{\"ID\":\"a\",\"CanSeal\":1}") << QByteArray("CanSeal");
        QTest::newRow("list text") << QByteArray("{\"ID\":\"a\",\"Groups\":\"x\"}") << QByteArray("Groups");
        QTest::newRow("list of numbers") << QByteArray("{\"ID\":\"a\",\"DenyTypes\":[1]}") << QByteArray("DenyTypes");
    }
    void badMetadataNameFileAndField() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, names);
        const QTemporaryDir folder;
        const fs::path path = folder.path().toStdString();
        writeFile(path / "sectorstore.json", text.toStdString());
        const auto read = readPathMetadata(path);
        QVERIFY(!read.hasValue());
        QVERIFY(read.error().code() == ErrorCode::Corrupt);
        const QByteArray message = QByteArray::fromStdString(read.error().message());
        QVERIFY2(message.contains(names) && message.contains("sectorstore.json"), message.constData());
    }
    void missingMetadataAreNotFound() {
        const QTemporaryDir folder;
        const auto read = readPathMetadata(folder.path().toStdString());
        QVERIFY(!read.hasValue());
        QVERIFY(read.error().code() == ErrorCode::NotFound);
        QVERIFY(readStorageConfig(folder.path().toStdString()).error().code() == ErrorCode::NotFound);
    }
    void storageConfigRoundTrips() {
        const QTemporaryDir folder;
        const fs::path repo = folder.path().toStdString();
        QVERIFY(writeStorageConfig(repo, {"~/.lotusworker", "/mnt/a b"}).hasValue());
        QCOMPARE(readFile(repo / "storage.json"), std::string("{\n  \"StoragePaths\": [\n    {\n      \"Path\": \"~/.lotusworker\"\n    },\n"
                                                              "    {\n      \"Path\": \"/mnt/a b\"\n    }\n  ]\n}"));
        QVERIFY(*readStorageConfig(repo) == (std::vector<std::string>{"~/.lotusworker", "/mnt/a b"}));
        QVERIFY(writeStorageConfig(repo, {}).hasValue());
        QCOMPARE(readFile(repo / "storage.json"), std::string("{\n  \"StoragePaths\": null\n}"));
        QVERIFY(readStorageConfig(repo)->empty());
    }
    void badStorageConfigIsCorrupt() {
        const QTemporaryDir folder;
        const fs::path repo = folder.path().toStdString();
        for (const char* text : {"{\"StoragePaths\":1}", "{\"StoragePaths\":[{}]}", "{\"StoragePaths\":[{\"Path\":3}]}", "nothing"}) {
            writeFile(repo / "storage.json", text);
            const auto read = readStorageConfig(repo);
            QVERIFY2(!read && read.error().code() == ErrorCode::Corrupt, text);
        }
    }
    void theHomeFolderIsExpandedAtTheBeginningOnly() {
        qputenv("HOME", "/home/somebody");
        QCOMPARE(expandHome("~").string(), std::string("/home/somebody"));
        QCOMPARE(expandHome("~/.lotusworker").string(), std::string("/home/somebody/.lotusworker"));
        QCOMPARE(expandHome("~other/x").string(), std::string("~other/x"));
        QCOMPARE(expandHome("/a/~/b").string(), std::string("/a/~/b"));
    }
};

QTEST_GUILESS_MAIN(TestStorageConfig)
#include "tst_storage_config.moc"
