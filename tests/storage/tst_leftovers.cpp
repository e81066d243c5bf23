// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/leftovers.h"
#include "storage/durable_files.h"
#include "storage_fixture.h"

#include <fcntl.h>
#include <sys/file.h>

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::storage;
using namespace lsw::test;

namespace {

constexpr auto kSealed = FileType::Sealed, kCache = FileType::Cache;

/// "kind name-in-the-path sure|unsure", sorted.
QStringList described(const Expected<std::vector<Leftover>>& found, const fs::path& root) {
    if (!found) return {QString::fromStdString(found.error().message())};
    QStringList out;
    for (const Leftover& one : *found)
        out << QString::fromStdString(std::string(leftoverKindName(one.kind)) + ' ' + fs::relative(one.path, root).string() + (one.isSure ? " sure" : " unsure"));
    out.sort();
    return out;
}

QString text(const char* latin) { return QString::fromLatin1(latin); }

/// One of each kind in a sealing path, beside files that belong to somebody.
struct Littered : Bench {
    Littered() {
        makeStoragePath(sealing(), kSealingId, true, false);
        makeStoragePath(store(), kStoreId, false, true);
        writeFile(sealing() / "sealed/s-t01000-1", "declared");
        writeFile(sealing() / "cache/s-t01000-1/p_aux", "declared");
        writeFile(store() / "sealed/s-t01000-2", "for good");
        writeFile(sealing() / "sealed/s-t01000-2", "a copy");
        makeLocal();
        for (const fs::path& path : {sealing(), store()})
            if (const auto opened = local->openPath(path, false, {}); !opened) qFatal("%s", opened.error().message().c_str());
        writeFile(sealing() / "sealed/fetching/s-t01000-3", std::string(10000, 'x'));
        writeFile(sealing() / "sealed/fetching/s-t01000-3.part", "{}");
        writeFile(sealing() / "cache/fetching/s-t01000-3/p_aux", "x");
        writeFile(sealing() / "cache/fetching/s-t01000-9.removed-1-0/p_aux", "x");
        writeFile(sealing() / "cache/fetching/whatever", "x");
        writeFile(sealing() / "sealed/s-t01000-4", "undeclared");
        writeFile(sealing() / "sealed/s-t01000-4.tmp", "stranger");
        writeFile(sealing() / "cache/s-t01000-4", "a file, not a folder");
        writeFile(sealing() / "lsw-unseal-abc123/labels", "x");
        writeFile(sealing() / "sectorstore.json.new-999999999", "{");
        writeFile(sealing() / "of-the-operator/file", "x");
    }
    QStringList all() const {
        return {text("copy sealed/s-t01000-2 sure"),
                text("removed cache/fetching/s-t01000-9.removed-1-0 sure"),
                text("scratch lsw-unseal-abc123 sure"),
                text("scratch sectorstore.json.new-999999999 sure"),
                text("stranger cache/fetching/whatever unsure"),
                text("stranger cache/s-t01000-4 unsure"),
                text("stranger sealed/s-t01000-4.tmp unsure"),
                text("transfer cache/fetching/s-t01000-3 sure"),
                text("transfer sealed/fetching/s-t01000-3 sure"),
                text("undeclared sealed/s-t01000-4 unsure")};
    }
    QStringList now(const std::set<SectorId>& owned = {}) const { return described(local->leftovers(owned, {}), sealing()); }
};

} // namespace

class TestLeftovers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachKindIsFoundAndWhatBelongsToSomebodyIsNot() {
        const Littered bench;
        QCOMPARE(bench.now(), bench.all());
        const auto found = bench.local->leftovers({}, {});
        for (const Leftover& one : *found) {
            QCOMPARE(one.storageId, kSealingId);
            QVERIFY(!one.owner.empty());
            QVERIFY(one.bytes > 0);
            QVERIFY(one.modifiedMs > 1'600'000'000'000);
            if (one.kind == Leftover::Kind::Copy) QVERIFY2(one.owner.find(kStoreId) != std::string::npos, one.owner.c_str());
        }
    }
    void whatACallOwnsIsNone() {
        const Littered bench;
        QStringList expected = bench.all();
        expected.removeAll(text("copy sealed/s-t01000-2 sure"));
        expected.removeAll(text("transfer cache/fetching/s-t01000-3 sure"));
        expected.removeAll(text("transfer sealed/fetching/s-t01000-3 sure"));
        expected.removeAll(text("undeclared sealed/s-t01000-4 unsure"));
        QCOMPARE(bench.now({{1000, 2}, {1000, 3}, {1000, 4}}), expected);
    }
    void aScratchFolderInUseIsNone() {
        const Littered bench;
        const fs::path folder = bench.sealing() / "lsw-unseal-abc123";
        const FileHandle task(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        QVERIFY(::flock(task.get(), LOCK_EX | LOCK_NB) == 0);
        QVERIFY(!bench.now().contains(text("scratch lsw-unseal-abc123 sure")));
        Leftover stale;
        stale.kind = Leftover::Kind::Scratch;
        stale.path = folder;
        QVERIFY(bench.local->removeLeftover(stale, {}).error().code() == ErrorCode::AlreadyExists);
        QVERIFY(fs::exists(folder / "labels"));
    }
    void deletingTakesEachAndNothingElse() {
        Littered bench;
        const auto found = bench.local->leftovers({}, {});
        bench.index.forgetCalls();
        for (const Leftover& one : *found) {
            const auto removed = bench.local->removeLeftover(one, {});
            QVERIFY2(removed.hasValue(), one.path.c_str());
            QVERIFY2(!fs::exists(fs::symlink_status(one.path)), one.path.c_str());
        }
        QCOMPARE(bench.now(), QStringList());
        QVERIFY(!fs::exists(bench.sealing() / "sealed/fetching/s-t01000-3.part"));
        QCOMPARE(readFile(bench.sealing() / "sealed/s-t01000-1"), std::string("declared"));
        QCOMPARE(readFile(bench.sealing() / "cache/s-t01000-1/p_aux"), std::string("declared"));
        QCOMPARE(readFile(bench.store() / "sealed/s-t01000-2"), std::string("for good"));
        QVERIFY(fs::exists(bench.sealing() / "of-the-operator/file"));
        QVERIFY(fs::exists(bench.sealing() / "sectorstore.json"));
        // The copy is out of the index, and the index was told before the file went.
        QCOMPARE(bench.index.holders({1000, 2}, kSealed), kStoreId + '*');
        QVERIFY(bench.index.calls().front().starts_with("StorageDropSector"));
    }
    void inAPathThatOthersHaveNothingIsSure() {
        Littered bench;
        StorageInfo again = *bench.index.info(kSealingId, {});
        again.urls = {"http://127.0.0.1:9/remote"};
        QVERIFY(bench.index.attach(again, {}, {}).hasValue());
        QStringList expected = bench.all();
        expected.replaceInStrings(text(" sure"), text(" unsure"));
        QCOMPARE(bench.now(), expected);
    }
    void aCopyThatIsTheOnlyOneIsNone() {
        Littered bench;
        QVERIFY(bench.index.drop(kStoreId, {1000, 2}, kSealed, {}).hasValue());
        QVERIFY(!bench.now().contains(text("copy sealed/s-t01000-2 sure")));
        // Nor is one beside another that is not for good either.
        QVERIFY(bench.index.declare(kStoreId, {1000, 2}, kSealed, false, {}).hasValue());
        QVERIFY(!bench.now().contains(text("copy sealed/s-t01000-2 sure")));
    }
    void anIndexThatDoesNotAnswerIsAnError() {
        Littered bench;
        bench.index.before = [](const std::string& line) -> std::optional<Error> {
            if (line.starts_with("StorageList")) return Error(ErrorCode::MinerUnreachable, "no miner");
            return std::nullopt;
        };
        QVERIFY(bench.local->leftovers({}, {}).error().code() == ErrorCode::MinerUnreachable);
    }
};

QTEST_GUILESS_MAIN(TestLeftovers)
#include "tst_leftovers.moc"
