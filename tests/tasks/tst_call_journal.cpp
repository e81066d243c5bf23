// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/call_journal.h"

#include <csignal>
#include <cstdio>
#include <future>
#include <map>
#include <set>
#include <thread>

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QRandomGenerator>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::tasks;

namespace {

std::string uuidOf(int i) {
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012d", i);
    return text;
}

/// What the call with that uuid returns: long enough for several pages, and different for each.
std::string resultOf(const std::string& uuid) {
    std::string out = "[";
    for (int i = 0; i < 200; ++i) out += '"' + uuid + "\",";
    return out + "null]";
}

CallRecord call(int i) {
    CallRecord record;
    record.id = {{1000, static_cast<std::uint64_t>(i)}, uuidOf(i)};
    record.method = "SealPreCommit1";
    record.params = "[" + std::to_string(i) + "]";
    record.taskType = "seal/v0/precommit/1";
    record.proof = 5;
    return record;
}

/// Calls a method of the journal and waits for its answer.
Expected<void> wait(const std::function<void(CallJournal::Done)>& ask) {
    std::promise<Expected<void>> answer;
    ask([&answer](Expected<void> result) { answer.set_value(std::move(result)); });
    return answer.get_future().get();
}
Expected<void> begin(CallJournal& journal, const CallRecord& record) {
    return wait([&](CallJournal::Done done) { journal.begin(record, std::move(done)); });
}
Expected<void> finish(CallJournal& journal, const CallRecord& record, const std::string& result) {
    return wait([&](CallJournal::Done done) { journal.finish(record.id, result, true, "", 4711, std::move(done)); });
}
Expected<void> returned(CallJournal& journal, const CallRecord& record) {
    return wait([&](CallJournal::Done done) { journal.returned(record.id, std::move(done)); });
}
std::vector<CallRecord> unfinished(CallJournal& journal) {
    std::promise<std::vector<CallRecord>> answer;
    journal.unfinished([&](Expected<std::vector<CallRecord>> records) { answer.set_value(std::move(records).value()); });
    return answer.get_future().get();
}
std::vector<CallRecord> history(CallJournal& journal, std::size_t limit) {
    std::promise<std::vector<CallRecord>> answer;
    journal.history(limit, [&](Expected<std::vector<CallRecord>> records) { answer.set_value(std::move(records).value()); });
    return answer.get_future().get();
}

void say(const char* what, const std::string& uuid) {
    const std::string line = std::string(what) + ' ' + uuid + '\n';
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) ::_exit(3);
}

/// The second process of the kill test: writes calls without end and says of each step that it is on disk once it is.
int writeUntilKilled(const char* file, int first) {
    auto journal = CallJournal::open(file);
    if (!journal) {
        say("error", journal.error().message());
        return 1;
    }
    for (int i = first;; ++i) {
        const CallRecord record = call(i);
        const std::string uuid = record.id.uuid;
        const auto told = [uuid](const char* what) { return [uuid, what](Expected<void> result) { say(result ? what : "error", uuid); }; };
        (*journal)->begin(record, told("begun"));
        (*journal)->finish(record.id, resultOf(uuid), true, "", 1, told("finished"));
        if (i % 2) (*journal)->returned(record.id, told("returned"));
        if (i % 8 == 0) (*journal)->flush();
    }
}

/// The second process of the lock test: has the journal until its standard input ends.
int holdUntilEof(const char* file) {
    auto journal = CallJournal::open(file);
    say(journal ? "open" : "error", "");
    char byte;
    return ::read(STDIN_FILENO, &byte, 1) == 0 ? 0 : 2;
}

} // namespace

class TestCallJournal : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_next = 0;
    std::filesystem::path newFile() { return m_dir.filePath(QStringLiteral("journal-%1.sqlite").arg(++m_next)).toStdString(); }
    static QByteArray bytesOf(const std::filesystem::path& path) {
        QFile file(QString::fromStdString(path.string()));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static void sql(const std::filesystem::path& path, const char* text) {
        sqlite3* database = nullptr;
        QCOMPARE(sqlite3_open(path.c_str(), &database), SQLITE_OK);
        QCOMPARE(sqlite3_exec(database, text, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
    }

private Q_SLOTS:
    void aCallGoesThroughItsStatesAndSurvivesReopening() {
        const auto file = newFile();
        CallRecord record = call(7);
        record.id.sector = {18446744073709551615ULL, 9223372036854775808ULL};
        record.params = "[\"text with \xe4\xb8\xad and a quote '\"]";
        {
            auto journal = CallJournal::open(file);
            QVERIFY2(journal.hasValue(), journal ? "" : journal.error().message().c_str());
            QVERIFY(begin(**journal, record));
            const auto first = unfinished(**journal);
            QCOMPARE(first.size(), std::size_t(1));
            QVERIFY(first[0].id == record.id);
            QVERIFY(first[0].state == CallState::Begun);
            QVERIFY(first[0].begunMs > 1'600'000'000'000);
            QCOMPARE(first[0].finishedMs, std::int64_t(0));
            (*journal)->started(record.id, 123);
            QVERIFY(
                wait([&](CallJournal::Done done) { (*journal)->finish(record.id, "[null,{}]", false, "it broke", 99, std::move(done)); }));
        }
        {
            auto journal = CallJournal::open(file);
            QVERIFY(journal.hasValue());
            const auto records = unfinished(**journal);
            QCOMPARE(records.size(), std::size_t(1));
            QVERIFY(records[0].id == record.id);
            QCOMPARE(records[0].method, record.method);
            QCOMPARE(records[0].params, record.params);
            QCOMPARE(records[0].taskType, record.taskType);
            QCOMPARE(records[0].proof, std::int64_t(5));
            QVERIFY(records[0].state == CallState::Finished);
            QCOMPARE(records[0].returnParams, std::string("[null,{}]"));
            QVERIFY(!records[0].succeeded);
            QCOMPARE(records[0].error, std::string("it broke"));
            QCOMPARE(records[0].startedMs, std::int64_t(123));
            QVERIFY(records[0].finishedMs >= records[0].begunMs);
            QCOMPARE(records[0].peakMemory, std::uint64_t(99));
            QVERIFY(history(**journal, 10).empty());
            QVERIFY(returned(**journal, record));
            QVERIFY(returned(**journal, record)); // twice is no error
            QVERIFY(unfinished(**journal).empty());
        }
        auto journal = CallJournal::open(file);
        const auto records = history(**journal, 10);
        QCOMPARE(records.size(), std::size_t(1));
        QVERIFY(records[0].state == CallState::Returned);
        QVERIFY(records[0].returnedMs >= records[0].finishedMs);
        QCOMPARE(records[0].returnParams, std::string("[null,{}]"));
    }
    void unfinishedIsOldestFirstAndHistoryNewestFirst() {
        auto journal = CallJournal::open(newFile());
        for (int i = 9; i > 0; --i) {
            QVERIFY(begin(**journal, call(i)));
            if (i % 3 == 0) QVERIFY(finish(**journal, call(i), "[]") && returned(**journal, call(i)));
        }
        QStringList open, closed;
        for (const auto& record : unfinished(**journal)) open << QString::number(record.id.sector.number);
        for (const auto& record : history(**journal, 2)) closed << QString::number(record.id.sector.number);
        QCOMPARE(open.join(QLatin1Char(' ')), QStringLiteral("8 7 5 4 2 1"));
        QCOMPARE(closed.join(QLatin1Char(' ')), QStringLiteral("3 6"));
    }
    void stepsOutOfOrderAreRefusedAndChangeNothing() {
        auto journal = CallJournal::open(newFile());
        QVERIFY(begin(**journal, call(1)));
        QCOMPARE(begin(**journal, call(1)).error().code(), ErrorCode::AlreadyExists);
        QCOMPARE(finish(**journal, call(2), "[]").error().code(), ErrorCode::NotFound);
        QCOMPARE(returned(**journal, call(2)).error().code(), ErrorCode::NotFound);
        QCOMPARE(returned(**journal, call(1)).error().code(), ErrorCode::Internal);
        QVERIFY(finish(**journal, call(1), "[1]"));
        QCOMPARE(finish(**journal, call(1), "[2]").error().code(), ErrorCode::AlreadyExists);
        const auto records = unfinished(**journal);
        QCOMPARE(records.size(), std::size_t(1));
        QCOMPARE(records[0].returnParams, std::string("[1]"));
    }
    void largeResultsAreKeptWholeUntilTheyAreReturned() {
        const auto file = newFile();
        auto journal = CallJournal::open(file);
        const std::string large(40 << 20, 'x');
        QVERIFY(begin(**journal, call(1)));
        QVERIFY(finish(**journal, call(1), large));
        QVERIFY(unfinished(**journal).at(0).returnParams == large);
        QVERIFY(returned(**journal, call(1)));
        QVERIFY(history(**journal, 1).at(0).returnParams.empty());
        QCOMPARE(history(**journal, 1).at(0).params, std::string("[1]"));
    }
    void callbacksComeOnTheJournalsThreadInTheOrderOfTheCalls() {
        auto journal = CallJournal::open(newFile());
        std::vector<int> order;
        std::set<std::thread::id> threads;
        for (int i = 0; i < 50; ++i)
            (*journal)->begin(call(i), [&, i](Expected<void>) {
                order.push_back(i);
                threads.insert(std::this_thread::get_id());
                (*journal)->flush(); // from a callback: returns at once instead of waiting for itself
            });
        (*journal)->flush();
        QCOMPARE(order.size(), std::size_t(50));
        QVERIFY(std::is_sorted(order.begin(), order.end()));
        QCOMPARE(threads.size(), std::size_t(1));
        QVERIFY(!threads.contains(std::this_thread::get_id()));
    }
    void destroyingItFinishesWhatWasAsked() {
        const auto file = newFile();
        int answered = 0;
        {
            auto journal = CallJournal::open(file);
            for (int i = 0; i < 20; ++i) (*journal)->begin(call(i), [&](Expected<void> result) { answered += result.hasValue(); });
        }
        QCOMPARE(answered, 20);
        QCOMPARE(unfinished(**CallJournal::open(file)).size(), std::size_t(20));
    }
    void noRecordedStepIsLostWhenTheProcessIsKilled() {
        const auto file = newFile();
        std::map<std::string, CallState> told;
        int first = 0;
        for (int round = 0; round < 20; ++round) {
            QProcess writer;
            writer.start(QCoreApplication::applicationFilePath(),
                         {QStringLiteral("--write-until-killed"), QString::fromStdString(file.string()), QString::number(first)});
            const int lines = 1 + QRandomGenerator::global()->bounded(60);
            QByteArray output;
            while (output.count('\n') < lines) {
                QVERIFY2(writer.waitForReadyRead(60000), output);
                output += writer.readAllStandardOutput();
            }
            QCOMPARE(::kill(static_cast<pid_t>(writer.processId()), SIGKILL), 0);
            QVERIFY(writer.waitForFinished(60000));
            output += writer.readAllStandardOutput();
            for (const QByteArray& line : output.split('\n')) {
                if (line.isEmpty()) continue;
                const QList<QByteArray> words = line.split(' ');
                QCOMPARE(words.size(), 2);
                QVERIFY2(words[0] != "error", line);
                told[words[1].toStdString()] = words[0] == "begun"      ? CallState::Begun
                                               : words[0] == "finished" ? CallState::Finished
                                                                        : CallState::Returned;
            }
            auto journal = CallJournal::open(file);
            QVERIFY2(journal.hasValue(), journal ? "" : journal.error().message().c_str());
            std::map<std::string, CallRecord> kept;
            for (auto& record : unfinished(**journal)) kept[record.id.uuid] = record;
            for (auto& record : history(**journal, 1'000'000)) kept[record.id.uuid] = record;
            for (const auto& [uuid, state] : told) {
                QVERIFY2(kept.contains(uuid), uuid.c_str());
                QVERIFY2(kept[uuid].state >= state, uuid.c_str());
            }
            for (const auto& [uuid, record] : kept) {
                QCOMPARE(record.returnParams, record.state == CallState::Begun ? std::string() : resultOf(uuid));
                first = std::max(first, static_cast<int>(record.id.sector.number) + 1);
            }
        }
        QVERIFY(told.size() >= 20);
    }
    void aSecondProcessIsRefusedAndTheHolderNamed() {
        const auto file = newFile();
        QProcess holder;
        holder.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--hold"), QString::fromStdString(file.string())});
        QVERIFY(holder.waitForReadyRead(60000));
        QVERIFY(holder.readAllStandardOutput().startsWith("open"));
        const auto refused = CallJournal::open(file);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::StorageUnavailable);
        QVERIFY2(refused.error().message().find("process " + std::to_string(holder.processId()) + " (tst_call_journa") != std::string::npos,
                 refused.error().message().c_str());
        QVERIFY(refused.error().message().find(file.string()) != std::string::npos);
        holder.closeWriteChannel();
        QVERIFY(holder.waitForFinished(60000));
        QVERIFY(CallJournal::open(file).hasValue());
    }
    void asSecondInTheSameProcessIsRefusedToo() {
        const auto file = newFile();
        auto journal = CallJournal::open(file);
        QVERIFY(journal.hasValue());
        QCOMPARE(CallJournal::open(file).error().code(), ErrorCode::StorageUnavailable);
        QVERIFY(begin(**journal, call(1))); // and the first is none the worse
    }
    void aDamagedFileIsKeptAndNamed_data() {
        QTest::addColumn<QByteArray>("damage");
        QTest::newRow("text") << QByteArray(
            "this is no database, but it is longer than the header of one would be, so that it is looked at: "
            "................................................................");
        QTest::newRow("zeros") << QByteArray(8192, '\0');
        QTest::newRow("short") << QByteArray("x");
        QTest::newRow("torn") << QByteArray();
    }
    void aDamagedFileIsKeptAndNamed() {
        QFETCH(QByteArray, damage);
        const auto file = newFile();
        if (damage.isEmpty()) { // a real journal with a page overwritten
            {
                auto journal = CallJournal::open(file);
                for (int i = 0; i < 20; ++i) QVERIFY(begin(**journal, call(i)) && finish(**journal, call(i), resultOf(uuidOf(i))));
            }
            damage = bytesOf(file);
            QVERIFY(damage.size() > 3 * 4096);
            damage.replace(4096, 4096, QByteArray(4096, '\x5a'));
        }
        QFile out(QString::fromStdString(file.string()));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(damage);
        out.close();
        const auto journal = CallJournal::open(file);
        QVERIFY(!journal);
        QCOMPARE(journal.error().code(), ErrorCode::Corrupt);
        QVERIFY(journal.error().message().find(file.string()) != std::string::npos);
        QVERIFY(bytesOf(file) == damage);
    }
    void aDatabaseOfAnotherProgramIsLeftAlone() {
        const auto file = newFile();
        sql(file, "CREATE TABLE holiday (day TEXT)");
        const QByteArray before = bytesOf(file);
        const auto journal = CallJournal::open(file);
        QVERIFY(!journal);
        QCOMPARE(journal.error().code(), ErrorCode::Corrupt);
        QVERIFY(bytesOf(file) == before);
    }
    void aNewerSchemaIsRefused() {
        const auto file = newFile();
        QVERIFY(CallJournal::open(file).hasValue());
        sql(file, "PRAGMA user_version = 99");
        const auto journal = CallJournal::open(file);
        QVERIFY(!journal);
        QCOMPARE(journal.error().code(), ErrorCode::IncompatibleVersion);
        QVERIFY(journal.error().message().find("99") != std::string::npos);
    }
    void aFolderThatIsNotThereIsSaid() {
        const auto journal = CallJournal::open(m_dir.filePath(QStringLiteral("none/journal.sqlite")).toStdString());
        QVERIFY(!journal);
        QCOMPARE(journal.error().code(), ErrorCode::StorageUnavailable);
    }
    void itsFilesAreOursAlone() {
        const auto file = newFile();
        auto journal = CallJournal::open(file);
        QVERIFY(begin(**journal, call(1)));
        for (const char* suffix : {"", "-wal", ".lock"}) {
            struct stat info {};
            QCOMPARE(::stat((file.string() + suffix).c_str(), &info), 0);
            QCOMPARE(info.st_mode & 0777U, 0600U);
        }
    }
    void aFullDiskIsAnErrorAndLeavesTheRecordAsItWas() {
        const auto file = newFile();
        auto journal = CallJournal::open(file);
        QVERIFY(begin(**journal, call(1)));
        QVERIFY(begin(**journal, call(2)));
        // A file may grow no further than this: writes then fail in the middle of a transaction, as on a full disk.
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        const rlimit small{256 << 10, before.rlim_max};
        const std::string large(4 << 20, 'x');
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto finished = finish(**journal, call(1), large);
        CallRecord third = call(3);
        third.params = large;
        const auto begun = begin(**journal, third);
        const auto meanwhile = unfinished(**journal);
        ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!finished);
        QVERIFY2(finished.error().code() == ErrorCode::NoSpace, finished.error().message().c_str());
        QVERIFY(!begun);
        QCOMPARE(meanwhile.size(), std::size_t(2));
        QVERIFY(meanwhile[0].state == CallState::Begun);
        QVERIFY(meanwhile[0].returnParams.empty());
        // With room again the same steps succeed.
        QVERIFY(finish(**journal, call(1), large));
        QVERIFY(begin(**journal, third));
        journal->reset();
        auto again = CallJournal::open(file);
        QVERIFY(again.hasValue());
        QCOMPARE(unfinished(**again).size(), std::size_t(3));
        QVERIFY(unfinished(**again)[0].returnParams == large);
    }
};

int main(int argc, char** argv) {
    if (argc == 4 && std::string_view(argv[1]) == "--write-until-killed") return writeUntilKilled(argv[2], std::atoi(argv[3]));
    if (argc == 3 && std::string_view(argv[1]) == "--hold") return holdUntilEof(argv[2]);
    QCoreApplication application(argc, argv);
    TestCallJournal test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_call_journal.moc"
