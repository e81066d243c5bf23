// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include "storage/storage_config.h"
#include "worker/worker_repo.h"

#include <sys/stat.h>
#include <unistd.h>

using namespace lsw;
using namespace lsw::worker;
namespace fs = std::filesystem;

namespace {

QByteArray contentOf(const fs::path& file) {
    QFile in(QString::fromStdString(file.string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("cannot be read");
}

mode_t modeOf(const fs::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

} // namespace

class TestWorkerRepo : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    fs::path fresh(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

private Q_SLOTS:
    void aNewFolderIsFilledAsLotusDoesIt() {
        const auto folder = fresh("new");
        auto repo = WorkerRepo::open(folder, false);
        QVERIFY2(repo, repo ? "" : repo.error().message().c_str());
        QVERIFY(fs::is_directory(folder / "datastore"));
        QCOMPARE(modeOf(folder / "keystore"), mode_t{0700});
        QCOMPARE(contentOf(folder / "config.toml"), QByteArray());
        QVERIFY(fs::exists(folder / "repo.lock"));
        const auto paths = storage::readStorageConfig(folder);
        QVERIFY(paths);
        QCOMPARE(*paths, std::vector<std::string>{folder.string()});
        const auto own = storage::readPathMetadata(folder);
        QVERIFY(own);
        QCOMPARE(own->id.size(), std::size_t{36});
        QCOMPARE(own->weight, std::uint64_t{10});
        QVERIFY(own->canSeal);
        QVERIFY(!own->canStore);
    }

    void withoutLocalStorageThereIsNoPath() {
        const auto folder = fresh("bare");
        auto repo = WorkerRepo::open(folder, true);
        QVERIFY(repo);
        QVERIFY(!fs::exists(folder / "sectorstore.json"));
        const auto paths = storage::readStorageConfig(folder);
        QVERIFY(paths);
        QVERIFY(paths->empty());
    }

    void anOldFolderStaysAsItIs() {
        const auto folder = fresh("old");
        QVERIFY(WorkerRepo::open(folder, false)); // opened and closed at once
        const auto id = storage::readPathMetadata(folder)->id;
        QVERIFY(storage::writeStorageConfig(folder, {"/elsewhere"}));
        auto again = WorkerRepo::open(folder, false);
        QVERIFY(again);
        QCOMPARE(storage::readPathMetadata(folder)->id, id);
        QCOMPARE(*storage::readStorageConfig(folder), std::vector<std::string>{"/elsewhere"});
    }

    void aSecondInstanceIsRefusedInOneSentence() {
        const auto folder = fresh("busy");
        auto first = WorkerRepo::open(folder, false);
        QVERIFY(first);
        auto second = WorkerRepo::open(folder, false);
        QVERIFY(!second);
        QCOMPARE(second.error().code(), ErrorCode::StorageUnavailable);
        QVERIFY2(second.error().message().find("another worker uses the folder") != std::string::npos, second.error().message().c_str());
        // The failed attempt has not taken the lock away from the first.
        QVERIFY(!WorkerRepo::open(folder, false));
        first->reset();
        QVERIFY(WorkerRepo::open(folder, false));
    }

    void aFolderThatCannotBeMadeIsNamed() {
        QFile blocker(m_folder.filePath(QStringLiteral("file")));
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        auto repo = WorkerRepo::open(fresh("file") / "inside", false);
        QVERIFY(!repo);
        QCOMPARE(repo.error().code(), ErrorCode::StorageUnavailable);
        QVERIFY(repo.error().message().find("file/inside") != std::string::npos);
    }

    void theAnnouncementIsThereWhileItRunsAndTheTokenIsPrivate() {
        const auto folder = fresh("told");
        auto repo = WorkerRepo::open(folder, false);
        QVERIFY(repo);
        protocol::Endpoint own;
        own.host = "127.0.0.1";
        own.port = 3456;
        QVERIFY((*repo)->announce(own, "secret"));
        QCOMPARE(contentOf(folder / "api"), QByteArray("/ip4/127.0.0.1/tcp/3456"));
        QCOMPARE(contentOf(folder / "token"), QByteArray("secret"));
        QCOMPARE(modeOf(folder / "token"), mode_t{0600});
        repo->reset();
        QVERIFY(!fs::exists(folder / "api"));
        QVERIFY(!fs::exists(folder / "repo.lock"));
        QVERIFY(fs::exists(folder / "token"));
    }
};

QTEST_GUILESS_MAIN(TestWorkerRepo)
#include "tst_worker_repo.moc"
