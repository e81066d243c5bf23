// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/spool_folder.h"
#include "storage/storage_config.h"
#include "storage/storage_fixture.h"
#include "tasks/call_journal.h"
#include "worker/stopped_leftovers.h"
#include "worker/worker_repo.h"

#include <future>

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::worker;
using lsw::test::writeFile;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

QString text(const char* latin) { return QString::fromLatin1(latin); }

/// The folder of a worker that has run and was killed, with its own storage path and another.
struct Killed {
    QTemporaryDir folder{test::fastFolder()};
    fs::path repo = fs::path(folder.path().toStdString()) / "worker", other = fs::path(folder.path().toStdString()) / "other";
    fs::path spool;
    std::unique_ptr<tasks::CallJournal> journal;

    Killed() {
        const auto held = WorkerRepo::open(repo, false);
        if (!held) qFatal("%s", held.error().message().c_str());
        spool = (*held)->spoolFolder();
        test::makeStoragePath(other, test::kStoreId, true, false);
        if (!storage::writeStorageConfig(repo, {repo.string(), other.string()})) qFatal("no storage.json");
        auto opened = tasks::CallJournal::open((*held)->journalFile());
        if (!opened) qFatal("%s", opened.error().message().c_str());
        journal = *std::move(opened);
        for (const char* name : {"body-input", "body-result", "body-returned", "body-nobody"}) writeFile(spool / name, name);
        writeFile(repo / "sealed/fetching/s-t01000-1", "of a call that is not over");
        writeFile(repo / "sealed/fetching/s-t01000-9", "of no call");
        writeFile(repo / "sealed/s-t01000-9", "the miner may know it");
        writeFile(repo / "cache/fetching/s-t01000-9.removed-1-0/p_aux", "x");
        writeFile(other / "sealed/fetching/s-t01000-9", "of no call here");
    }
    template <typename Ask>
    void wait(const Ask& ask) {
        std::promise<Expected<void>> done;
        ask([&done](Expected<void> result) { done.set_value(std::move(result)); });
        if (const auto result = done.get_future().get(); !result) qFatal("%s", result.error().message().c_str());
    }
    protocol::CallId begin(std::uint64_t sector, const std::string& uuid, const std::string& params) {
        tasks::CallRecord record;
        record.id = {{1000, sector}, uuid};
        record.method = "SealCommit2";
        record.params = params;
        wait([&](auto done) { journal->begin(record, done); });
        return record.id;
    }
    void finish(const protocol::CallId& id, const std::string& result) {
        wait([&](auto done) { journal->finish(id, result, true, {}, 0, done); });
    }
    /// "kind name sure|unsure", sorted; the error's text instead.
    QStringList now(const std::vector<std::string>& toDelete = {}) const {
        const auto answer = leftoversWhileStopped(repo, toDelete, {});
        if (!answer) return {QString::fromStdString(answer.error().message())};
        QStringList out;
        for (const json::value& one : answer->at("leftovers").as_array())
            out << QString::fromStdString(std::string(one.at("kind").as_string()) + ' ' +
                                          fs::relative(std::string(one.at("path").as_string()), repo).string() + (one.at("sure").as_bool() ? " sure" : " unsure"));
        out.sort();
        return out;
    }
};

} // namespace

class TestStoppedLeftovers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatNoUnfinishedCallNamesIsListedAndDeletedOnRequestAlone() {
        Killed worker;
        worker.begin(1, "00000000-0000-4000-8000-000000000001", '[' + protocol::spoolMark("body-input", 10) + ']');
        worker.finish(worker.begin(2, "00000000-0000-4000-8000-000000000002", "[]"), '[' + protocol::spoolMark("body-result", 11) + ']');
        const auto over = worker.begin(9, "00000000-0000-4000-8000-000000000003", "[]");
        worker.finish(over, '[' + protocol::spoolMark("body-returned", 13) + ']');
        worker.wait([&](auto done) { worker.journal->returned(over, done); });
        worker.journal.reset();

        const QStringList all{text("removed cache/fetching/s-t01000-9.removed-1-0 sure"), text("spool lotus-seal-worker/spool/body-nobody sure"),
                              text("spool lotus-seal-worker/spool/body-returned sure"), text("transfer ../other/sealed/fetching/s-t01000-9 unsure"),
                              text("transfer sealed/fetching/s-t01000-9 sure")};
        QCOMPARE(worker.now(), all);
        QCOMPARE(worker.now(), all); // to look changes nothing
        const std::string named = (worker.spool / "body-input").string();
        const auto answer = leftoversWhileStopped(worker.repo, {(worker.spool / "body-nobody").string(), named}, {});
        QVERIFY(answer);
        QCOMPARE(json::serialize(answer->at("deleted")), json::serialize(json::array{(worker.spool / "body-nobody").string()}));
        QCOMPARE(answer->at("failed").as_array().size(), std::size_t(1));
        QVERIFY(answer->at("failed").as_array()[0].at("path").as_string() == named);
        QVERIFY(!fs::exists(worker.spool / "body-nobody") && fs::exists(named) && fs::exists(worker.spool / "body-result"));

        QStringList rest = all;
        rest.removeAll(text("spool lotus-seal-worker/spool/body-nobody sure"));
        QCOMPARE(worker.now(), rest);
        QCOMPARE(worker.now({(worker.other / "sealed/fetching/s-t01000-9").string(), (worker.repo / "sealed/fetching/s-t01000-9").string(),
                             (worker.repo / "cache/fetching/s-t01000-9.removed-1-0").string(), (worker.spool / "body-returned").string()}),
                 QStringList());
        QVERIFY(fs::exists(worker.repo / "sealed/s-t01000-9") && fs::exists(worker.repo / "sealed/fetching/s-t01000-1"));
    }

    void theFolderIsHeldMeanwhileAndThenFree() {
        Killed worker;
        worker.journal.reset();
        {
            const auto held = WorkerRepo::open(worker.repo, false);
            QVERIFY(held);
            QVERIFY(leftoversWhileStopped(worker.repo, {}, {}).error().code() == ErrorCode::StorageUnavailable);
        }
        QVERIFY(leftoversWhileStopped(worker.repo, {}, {}).hasValue());
        QVERIFY(!fs::exists(worker.repo / "repo.lock"));
        QVERIFY(WorkerRepo::open(worker.repo, false).hasValue());
    }

    void whereNoneOfOursHasRunNothingIsTouched() {
        const QTemporaryDir folder;
        const fs::path stock = fs::path(folder.path().toStdString()) / "stock", none = fs::path(folder.path().toStdString()) / "none";
        writeFile(stock / "storage.json", "{}");
        for (const fs::path& place : {stock, none}) QVERIFY(leftoversWhileStopped(place, {}, {}).error().code() == ErrorCode::NotFound);
        QVERIFY(!fs::exists(none));
        QCOMPARE(std::distance(fs::directory_iterator(stock), fs::directory_iterator()), std::ptrdiff_t(1));
    }

    void aPathThatIsNotThereIsNamed() {
        Killed worker;
        worker.journal.reset();
        fs::remove_all(worker.other);
        QVERIFY(worker.now().value(0).contains(QString::fromStdString(worker.other.string())));
    }
};

QTEST_GUILESS_MAIN(TestStoppedLeftovers)
#include "tst_stopped_leftovers.moc"
