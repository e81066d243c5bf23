// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <fstream>

#include "history/history_keeper.h"
#include "some_records.h"

using namespace lsw;
using namespace lsw::history;
using lsw::test::doneRecord;

class HistoryKeeperTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::mutex m_mutex;
    std::vector<std::string> m_told;

    std::filesystem::path file() const { return m_dir->filePath(QStringLiteral("own/history.sqlite")).toStdString(); }
    std::unique_ptr<HistoryKeeper> keeper(std::size_t keep = 100) {
        return std::make_unique<HistoryKeeper>(HistoryKeeper::Settings{file(), keep, [this](const std::string& sentence) {
                                                   const std::lock_guard lock(m_mutex);
                                                   m_told.push_back(sentence);
                                               }});
    }
    std::size_t told() {
        const std::lock_guard lock(m_mutex);
        return m_told.size();
    }
    std::vector<TaskRecord> rows() const {
        const auto database = HistoryDatabase::openToRead(file());
        return database ? (*database)->rows().valueOr({}) : std::vector<TaskRecord>();
    }

private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        std::filesystem::create_directories(file().parent_path());
        m_told.clear();
    }

    void everythingIsWrittenBeforeItEnds() {
        {
            const auto one = keeper();
            for (int i = 1; i <= 40; ++i) one->add(doneRecord(i));
        }
        QCOMPARE(rows().size(), std::size_t{40});
        QCOMPARE(told(), std::size_t{0});
    }

    void earlierTasksAreKnownAfterAStart() {
        {
            const auto one = keeper();
            for (int i = 1; i <= 3; ++i) one->add(doneRecord(i));
        }
        const auto again = keeper();
        const TaskRecord like = doneRecord(9);
        const auto known = [&] { return again->pastRuns()->like(like.type, like.sectorSize, "native", 1).size(); };
        QTRY_COMPARE(known(), std::size_t{3});
        again->add(doneRecord(4));
        QCOMPARE(known(), std::size_t{4}); // at once
        QCOMPARE(again->pastRuns()->like(like.type, like.sectorSize, "official", 1).size(), std::size_t{0});
    }

    void aDamagedOneIsSetAsideAndToldOnce() {
        std::ofstream(file()) << "no database";
        {
            const auto one = keeper();
            one->add(doneRecord(1));
            one->add(doneRecord(2));
        }
        QCOMPARE(rows().size(), std::size_t{2});
        QVERIFY(std::filesystem::exists(file().string() + ".broken"));
        QCOMPARE(told(), std::size_t{1});
        QVERIFY(m_told.front().find(".broken") != std::string::npos);
    }

    void whatCannotBeWrittenIsToldOnceAndWrittenLater() {
        const auto away = file().parent_path().string() + "-away";
        std::filesystem::rename(file().parent_path(), away);
        {
            const auto one = keeper();
            one->add(doneRecord(1));
            QTRY_COMPARE(told(), std::size_t{1});
            one->add(doneRecord(2));
            one->add(doneRecord(3));
            std::filesystem::rename(away, file().parent_path());
            one->add(doneRecord(4));
            QTRY_COMPARE(rows().size(), std::size_t{4});
        }
        QCOMPARE(told(), std::size_t{1});
    }

    void aFileHeldByAnotherProgramCostsNoTask() {
        auto other = HistoryDatabase::openToWrite(file());
        QVERIFY(other.hasValue());
        const auto one = keeper();
        QVERIFY((*other)->add(doneRecord(1), 100).hasValue());
        one->add(doneRecord(2));
        QTRY_COMPARE(rows().size(), std::size_t{2});
    }

    void withoutRowsToKeepThereIsNoFile() {
        { keeper(0)->add(doneRecord(1)); }
        QVERIFY(!std::filesystem::exists(file()));
    }
};

QTEST_GUILESS_MAIN(HistoryKeeperTest)
#include "tst_history_keeper.moc"
