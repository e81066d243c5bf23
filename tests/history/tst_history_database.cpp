// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <fstream>

#include <sqlite3.h>

#include "history/history_database.h"
#include "some_records.h"

using namespace lsw;
using namespace lsw::history;
using lsw::test::doneRecord;

class HistoryDatabaseTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::filesystem::path file() const { return m_dir->filePath(QStringLiteral("history.sqlite")).toStdString(); }
    std::unique_ptr<HistoryDatabase> opened() const {
        auto out = HistoryDatabase::openToWrite(file());
        if (!out) qFatal("%s", out.error().message().c_str());
        return std::move(*out);
    }
    void run(const char* sql) const {
        sqlite3* database = nullptr;
        QCOMPARE(sqlite3_open(file().c_str(), &database), SQLITE_OK);
        QCOMPARE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
    }

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void aRowComesBackAsItWasGiven() {
        TaskRecord failed = doneRecord(2);
        failed.outcome = Outcome::Failed;
        failed.errorCode = "NoSpace";
        failed.error = "no space on /a\nand \"b\"";
        failed.resumedAt = "layer 8 of 11";
        failed.keptMs = 7'740'000;
        {
            const auto database = opened();
            QVERIFY(database->add(doneRecord(1), 100).hasValue());
            QVERIFY(database->add(failed, 100).hasValue());
        }
        const auto database = HistoryDatabase::openToRead(file());
        QVERIFY(database.hasValue());
        const auto rows = (*database)->rows();
        QVERIFY(rows.hasValue());
        QVERIFY((*rows == std::vector<TaskRecord>{failed, doneRecord(1)}));
    }

    void aCallThatIsThereStaysAsItIs() {
        const auto database = opened();
        QVERIFY(database->add(doneRecord(1), 100).hasValue());
        TaskRecord again = doneRecord(1);
        again.outcome = Outcome::Interrupted;
        QVERIFY(database->add(again, 100).hasValue());
        QVERIFY((*database->rows() == std::vector<TaskRecord>{doneRecord(1)}));
    }

    void onlyTheNewestRowsAreKept() {
        const auto database = opened();
        for (int i = 1; i <= 12; ++i) QVERIFY(database->add(doneRecord(i), 5).hasValue());
        const auto rows = database->rows();
        QCOMPARE(rows->size(), std::size_t{5});
        QCOMPARE(rows->front().call, std::string("call-12"));
        QCOMPARE(rows->back().call, std::string("call-8"));
        QCOMPARE(rows->back().phases.size(), std::size_t{2});
    }

    void filtersNarrowTheRows() {
        const auto database = opened();
        for (int i = 1; i <= 3; ++i) QVERIFY(database->add(doneRecord(i), 100).hasValue());
        TaskRecord other = doneRecord(13);
        other.type = "seal/v0/commit/2";
        other.shortName = "C2";
        other.outcome = Outcome::Failed;
        QVERIFY(database->add(other, 100).hasValue());
        const auto count = [&](const Filter& filter) { return database->rows(filter)->size(); };
        QCOMPARE(count({.sector = "s-t01000-3"}), std::size_t{1});
        QCOMPARE(count({.sector = "3"}), std::size_t{1}); // not 13
        QCOMPARE(count({.type = "pc1"}), std::size_t{3});
        QCOMPARE(count({.type = "seal/v0/commit/2"}), std::size_t{1});
        QCOMPARE(count({.outcome = Outcome::Done}), std::size_t{3});
        QCOMPARE(count({.sinceMs = doneRecord(3).endedMs}), std::size_t{2});
        QCOMPARE(count({.limit = 2}), std::size_t{2});
        QCOMPARE(count({.sector = "x' OR '1'='1"}), std::size_t{0});
    }

    void whatIsNoHistoryIsRefusedAndLeftAsItIs_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("text") << QByteArray("this is a letter, not a database; it is longer than a header");
        QTest::newRow("short") << QByteArray("SQLite");
        QTest::newRow("damaged") << QByteArray("SQLite format 3\0", 16).append(QByteArray(4096, '\x7f'));
    }
    void whatIsNoHistoryIsRefusedAndLeftAsItIs() {
        QFETCH(QByteArray, content);
        std::ofstream(file(), std::ios::binary).write(content.data(), content.size());
        QCOMPARE(HistoryDatabase::openToWrite(file()).error().code(), ErrorCode::Corrupt);
        std::ifstream in(file(), std::ios::binary);
        QCOMPARE(QByteArray::fromStdString(std::string(std::istreambuf_iterator<char>(in), {})), content);
        const auto aside = setAside(file());
        QVERIFY(aside.hasValue());
        QVERIFY(std::filesystem::exists(*aside));
        QVERIFY(HistoryDatabase::openToWrite(file()).hasValue());
    }

    void anotherDatabaseIsNoHistory() {
        run("CREATE TABLE other (a)");
        QCOMPARE(HistoryDatabase::openToWrite(file()).error().code(), ErrorCode::Corrupt);
    }

    void theHistoryOfANewerProgramIsLeftAlone() {
        opened().reset();
        run("PRAGMA user_version = 7");
        QCOMPARE(HistoryDatabase::openToWrite(file()).error().code(), ErrorCode::IncompatibleVersion);
        QCOMPARE(HistoryDatabase::openToRead(file()).error().code(), ErrorCode::IncompatibleVersion);
    }

    void withoutAHistoryReadersAreToldSo() {
        QCOMPARE(HistoryDatabase::openToRead(file()).error().code(), ErrorCode::NotFound);
        QVERIFY(!std::filesystem::exists(file()));
    }

    void readersAndTheWriterDoNotDisturbEachOther() {
        const auto writer = opened();
        QVERIFY(writer->add(doneRecord(1), 100).hasValue());
        const auto reader = HistoryDatabase::openToRead(file());
        QVERIFY(reader.hasValue());
        QVERIFY(writer->add(doneRecord(2), 100).hasValue());
        QCOMPARE((*reader)->rows()->size(), std::size_t{2});
    }
};

QTEST_GUILESS_MAIN(HistoryDatabaseTest)
#include "tst_history_database.moc"
