// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/parameter_folder.h"
#include "params/part_file.h"

#include "parameter_set.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::params;
using namespace lsw::test;
namespace fs = std::filesystem;

class TestParameterFolder : public QObject {
    Q_OBJECT

    struct Bench {
        QTemporaryDir temporary;
        ParameterSet set{{3000}, {200000}, 3};
        fs::path root() const { return temporary.path().toStdString(); }
        void put(std::size_t index) const { putFile(root() / set.manifest[index].name, set.bytesOf(index)); }
    };

private Q_SLOTS:
    void whatWasHashedIsRemembered() {
        Bench bench;
        bench.put(0);
        const ParameterFile& file = bench.set.manifest[0];
        {
            ParameterFolder folder(bench.root());
            QCOMPARE(folder.status(file).state, FileState::Unchecked);
            QCOMPARE(folder.status(bench.set.manifest[1]).state, FileState::Missing);
            const auto checked = folder.check(file, false, {});
            QVERIFY(checked && checked->state == FileState::Right && checked->bytes == 3000);
        }
        ParameterFolder again(bench.root());
        QCOMPARE(again.status(file).state, FileState::Right);
        // Another content of the same length is another file.
        Bytes other = bench.set.bytesOf(0);
        other[17] ^= 1;
        fs::remove(bench.root() / file.name);
        putFile(bench.root() / file.name, other);
        QCOMPARE(again.status(file).state, FileState::Unchecked);
        QCOMPARE(again.check(file, false, {})->state, FileState::Wrong);
        QCOMPARE(again.check(bench.set.manifest[1], false, {}).error().code(), ErrorCode::NotFound);
    }

    void aChangeBehindTheClocksBackIsFoundAnew() {
        Bench bench;
        bench.put(0);
        const ParameterFile& file = bench.set.manifest[0];
        ParameterFolder folder(bench.root());
        QCOMPARE(folder.check(file, false, {})->state, FileState::Right);
        struct stat before {};
        QCOMPARE(::stat((bench.root() / file.name).c_str(), &before), 0);
        {
            std::fstream change(bench.root() / file.name, std::ios::in | std::ios::out | std::ios::binary);
            change.put(static_cast<char>(bench.set.bytesOf(0)[0] ^ 1));
        }
        const timespec times[2] = {before.st_atim, before.st_mtim};
        QCOMPARE(::utimensat(AT_FDCWD, (bench.root() / file.name).c_str(), times, 0), 0);
        QCOMPARE(folder.status(file).state, FileState::Right); // nobody can know
        QCOMPARE(folder.check(file, true, {})->state, FileState::Wrong);
    }

    void importTakesWhatIsRight() {
        Bench bench;
        bench.put(0);
        Bytes damaged = bench.set.bytesOf(1);
        damaged.back() ^= 1;
        putFile(bench.root() / bench.set.manifest[1].name, damaged);
        QTemporaryDir to;
        ParameterFolder folder(to.path().toStdString());
        const auto right = folder.import(bench.set.manifest[0], bench.root(), {});
        QVERIFY(right && *right);
        QCOMPARE(folder.status(bench.set.manifest[0]).state, FileState::Right);
        QCOMPARE(fs::hard_link_count(folder.placeOf(bench.set.manifest[0])), std::uintmax_t{2}); // one file system: no second copy
        const auto wrong = folder.import(bench.set.manifest[1], bench.root(), {});
        QVERIFY(wrong && !*wrong);
        const auto missing = folder.import(bench.set.manifest[1], bench.root() / "nowhere", {});
        QVERIFY(missing && !*missing);
        QCOMPARE(QDir(to.path()).entryList(QDir::Files, QDir::Name),
                 QStringList({QStringLiteral("lotus-seal-worker-checked"), QString::fromStdString(bench.set.manifest[0].name)}));
    }

    void onlyOneFetches() {
        QTemporaryDir folder;
        int ready[2];
        QCOMPARE(::pipe(ready), 0);
        const fs::path lockFile = fs::path(folder.path().toStdString()) / "fetch.lock";
        const pid_t other = ::fork();
        if (other == 0) { // as lotus' fetcher does it
            const int descriptor = ::open(lockFile.c_str(), O_RDWR | O_CREAT, 0644);
            struct flock lock {};
            lock.l_type = F_WRLCK;
            const char done = ::fcntl(descriptor, F_SETLK, &lock) == 0 ? 'y' : 'n';
            if (::write(ready[1], &done, 1) == 1) ::pause();
            ::_exit(0);
        }
        char said = 0;
        QCOMPARE(::read(ready[0], &said, 1), ssize_t{1});
        QCOMPARE(said, 'y');
        const auto refused = FetchLock::take(folder.path().toStdString());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::StorageUnavailable);
        QVERIFY2(refused.error().message().find("process " + std::to_string(other)) != std::string::npos, refused.error().message().c_str());
        ::kill(other, SIGKILL);
        ::waitpid(other, nullptr, 0);
        QVERIFY(FetchLock::take(folder.path().toStdString()).hasValue());
        ::close(ready[0]);
        ::close(ready[1]);
    }

    void aBegunFileGoesOnWithWhatWasWritten() {
        Bench bench;
        const ParameterFile& file = bench.set.manifest[1];
        const Bytes& bytes = bench.set.bytesOf(1);
        {
            auto part = PartFile::create(bench.root(), file, bytes.size(), 1 << 16);
            QVERIFY(part && part->chunks() == 4 && part->end(3) == bytes.size());
            for (const std::size_t chunk : {std::size_t{0}, std::size_t{3}}) {
                QVERIFY(part->write(part->begin(chunk), std::span(bytes).subspan(part->begin(chunk), part->end(chunk) - part->begin(chunk))).hasValue());
                part->nowHas(chunk);
                if (chunk == 0) QVERIFY(part->flush().hasValue());
            }
        }
        {
            auto resumed = PartFile::resume(bench.root(), file);
            QVERIFY(resumed && *resumed);
            QVERIFY((*resumed)->has(0) && !(*resumed)->has(1) && (*resumed)->has(3));
        }
        // After another start of the system nobody may count on what was never flushed, nor later on.
        Bytes map = contentOf(bench.root() / (file.name + ".part.map"));
        const auto lineEnd = std::find(map.begin(), map.end(), '\n');
        *(lineEnd - 1) = *(lineEnd - 1) == 'a' ? 'b' : 'a';
        putFile(bench.root() / (file.name + ".part.map"), map);
        for (int start = 0; start < 2; ++start) {
            auto resumed = PartFile::resume(bench.root(), file);
            QVERIFY(resumed && *resumed);
            QVERIFY((*resumed)->has(0) && !(*resumed)->has(1) && !(*resumed)->has(3));
            QCOMPARE((*resumed)->bytesThere(), std::uint64_t{1 << 16});
        }
        // A chunk that is not to be counted any more is not counted after a kill either.
        {
            auto resumed = PartFile::resume(bench.root(), file);
            (*resumed)->nowHas(1);
            (*resumed)->drop(1);
        }
        QVERIFY(!(*PartFile::resume(bench.root(), file))->has(1));
    }

    void aMapThatDoesNotFitIsNotBelieved_data() {
        QTest::addColumn<QByteArray>("map");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("torn line") << QByteArray("lotus-seal-worker part 2 QmTest1 2000");
        QTest::newRow("other file") << QByteArray("lotus-seal-worker part 2 QmTest9 200000 65536 b\n1111");
        QTest::newRow("other length") << QByteArray("lotus-seal-worker part 2 QmTest1 200001 65536 b\n1111");
        QTest::newRow("too few chunks") << QByteArray("lotus-seal-worker part 2 QmTest1 200000 65536 b\n111");
        QTest::newRow("no chunks") << QByteArray("lotus-seal-worker part 2 QmTest1 200000 0 b\n");
        QTest::newRow("another version") << QByteArray("lotus-seal-worker part 1 QmTest1 200000 65536\n1111");
    }
    void aMapThatDoesNotFitIsNotBelieved() {
        QFETCH(QByteArray, map);
        Bench bench;
        const ParameterFile& file = bench.set.manifest[1];
        putFile(bench.root() / (file.name + ".part"), Bytes(200000));
        putFile(bench.root() / (file.name + ".part.map"), asBytes(map.toStdString()));
        const auto resumed = PartFile::resume(bench.root(), file);
        QVERIFY(resumed && !*resumed);
        QVERIFY(!fs::exists(bench.root() / (file.name + ".part")));
    }
};

QTEST_GUILESS_MAIN(TestParameterFolder)
#include "tst_parameter_folder.moc"
