// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fstream>
#include <map>
#include <string>

#include <QtTest/QtTest>

#include "practice/practice_index.h"
#include "support/test_paths.h"

using namespace lsw;
using namespace lsw::practice;

namespace {

constexpr SectorId kSector{1000, 1};
const std::string kId = "00000000-0000-4000-8000-000000000001";

StorageInfo path(const std::string& id, const std::string& url) {
    StorageInfo info;
    info.id = id;
    info.urls = {url};
    info.weight = 10;
    info.canSeal = true;
    return info;
}

FsStat room(std::int64_t bytes) {
    FsStat stat;
    stat.capacity = stat.available = stat.fsAvailable = bytes;
    return stat;
}

} // namespace

class TestPracticeIndex : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void answersRecordedCallsAsTheMinerDid_data();
    void answersRecordedCallsAsTheMinerDid();
    void aSecondAttachAddsTheUrlAndReplacesTheRest();
    void unknownTypesInFiltersAreDropped();
    void detachTakesOneUrlOfSeveralAndThePathWithTheLast();
    void detachOfAnotherUrlIsRefused();
    void primaryIsOnlyRaised();
    void findCountsTheTypesInTheWeight();
    void findSkipsAPathThatIsNotAttached();
    void fetchCandidatesHaveNoWeight();
    void bestAllocIsSortedBySpaceTimesWeight();
    void bestAllocFiltersByKindSpaceMinerAndHealth();
    void aPathWithoutHealthReportFor50SecondsIsNotChosen();
    void spaceFollowsTheTable();
    void healthOfAnUnknownPathIsAnError();
    void groupsDecideWhereAFileMayGo();
    void nobodyMayReceiveWhatNobodyHas();
    void fetchCandidatesAreFilteredByMinerTypeAndHealth();
    void aListThatIsNoMinersAddressStopsTheSearch();
    void manyReadOrOneWrites();
    void whoWaitsForALockGetsItInTurn();
    void locksAreToldAsByTheMiner();

private:
    std::vector<std::string> receivers(FileType types, SectorId sector = kSector);

    std::int64_t m_now = 0;
    std::unique_ptr<PracticeIndex> m_index;
};

void TestPracticeIndex::init() {
    m_now = 1000;
    m_index = std::make_unique<PracticeIndex>([this] { return m_now; });
}

void TestPracticeIndex::answersRecordedCallsAsTheMinerDid_data() {
    QTest::addColumn<QString>("scenario");
    QTest::newRow("detach, add, redeclare, remove") << QStringLiteral("storage");
    QTest::newRow("a storage path of the worker") << QStringLiteral("worker-store");
}

void TestPracticeIndex::answersRecordedCallsAsTheMinerDid() {
    QFETCH(QString, scenario);
    protocol::MethodTable table;
    addIndexMethods(table, *m_index);
    std::ifstream lines(std::string(lsw::test::kTestData) + "/practice/index-exchanges.jsonl");
    std::string line;
    int compared = 0;
    while (std::getline(lines, line)) {
        const boost::json::object exchange = boost::json::parse(line).as_object();
        if (exchange.at("scenario").as_string() != scenario.toStdString()) continue;
        const std::string recorded(exchange.at("answer").as_string());
        const boost::json::object answer = boost::json::parse(recorded).as_object();
        const boost::json::object request{
            {"jsonrpc", "2.0"}, {"id", answer.at("id")}, {"method", exchange.at("method")}, {"params", exchange.at("params")}};
        std::string given;
        table.dispatch(boost::json::serialize(request), {"read", "write", "sign", "admin"},
                       [&](const protocol::RpcReply& reply) { given = reply.body; });
        QCOMPARE(QString::fromStdString(given), QString::fromStdString(recorded));
        ++compared;
    }
    QVERIFY(compared > 20);
}

void TestPracticeIndex::aSecondAttachAddsTheUrlAndReplacesTheRest() {
    QVERIFY(m_index->attach(path(kId, "http://127.0.0.1:1/remote"), room(1000)));
    StorageInfo again = path(kId, "http://127.0.0.1:2/remote");
    again.weight = 3;
    again.canStore = true;
    QVERIFY(m_index->attach(again, room(5)));
    const auto info = m_index->info(kId);
    QVERIFY(info);
    QCOMPARE(info->urls, (std::vector<std::string>{"http://127.0.0.1:1/remote", "http://127.0.0.1:2/remote"}));
    QCOMPARE(info->weight, 3U);
    QVERIFY(info->canStore);
    QCOMPARE(m_index->stat(kId)->available, 1000); // the first one's: only a health report refreshes it
}

void TestPracticeIndex::unknownTypesInFiltersAreDropped() {
    StorageInfo info = path(kId, "http://127.0.0.1:1/remote");
    info.allowTypes = {"sealed", "nonsense"};
    info.denyTypes = {"more nonsense"};
    QVERIFY(m_index->attach(info, room(1000)));
    QCOMPARE(m_index->info(kId)->allowTypes, std::vector<std::string>{"sealed"});
    QVERIFY(m_index->info(kId)->denyTypes.empty());
}

void TestPracticeIndex::detachTakesOneUrlOfSeveralAndThePathWithTheLast() {
    QVERIFY(m_index->attach(path(kId, "http://127.0.0.1:1/remote"), room(1000)));
    QVERIFY(m_index->attach(path(kId, "http://127.0.0.1:2/remote"), room(1000)));
    m_index->declare(kId, kSector, FileType::Sealed, true);
    QVERIFY(m_index->detach(kId, "http://127.0.0.1:1/remote"));
    QCOMPARE(m_index->find(kSector, FileType::Sealed, 0, false)->front().urls,
             std::vector<std::string>{"http://127.0.0.1:2/remote/sealed/s-t01000-1"});
    QVERIFY(m_index->detach(kId, "http://127.0.0.1:2/remote"));
    QVERIFY(!m_index->info(kId));
    QVERIFY(m_index->find(kSector, FileType::Sealed, 0, false)->empty());
    QCOMPARE(QString::fromStdString(m_index->detach(kId, "x").error().message()),
             QStringLiteral("storage '%1' isn't registered").arg(QString::fromStdString(kId)));
}

void TestPracticeIndex::detachOfAnotherUrlIsRefused() {
    QVERIFY(m_index->attach(path(kId, "http://127.0.0.1:1/remote"), room(1000)));
    const auto detached = m_index->detach(kId, "http://127.0.0.1:9/remote");
    QVERIFY(!detached);
    QVERIFY(QString::fromStdString(detached.error().message())
                .startsWith(QStringLiteral("not dropping path, requested and index urls don't match")));
    QVERIFY(m_index->info(kId));
}

void TestPracticeIndex::primaryIsOnlyRaised() {
    QVERIFY(m_index->attach(path(kId, "http://127.0.0.1:1/remote"), room(1000)));
    m_index->declare(kId, kSector, FileType::Cache, false);
    QVERIFY(!m_index->find(kSector, FileType::Cache, 0, false)->front().primary);
    m_index->declare(kId, kSector, FileType::Cache, true);
    m_index->declare(kId, kSector, FileType::Cache, false);
    QVERIFY(m_index->find(kSector, FileType::Cache, 0, false)->front().primary);
}

void TestPracticeIndex::findCountsTheTypesInTheWeight() {
    QVERIFY(m_index->attach(path(kId, "http://127.0.0.1:1/remote"), room(1000)));
    m_index->declare(kId, kSector, FileType::Cache | FileType::Sealed, false);
    const auto found = *m_index->find(kSector, FileType::Cache | FileType::Sealed | FileType::Unsealed, 0, false);
    QCOMPARE(found.size(), 1U);
    QCOMPARE(found.front().weight, 20U);
    m_index->drop(kId, kSector, FileType::Cache);
    QCOMPARE(m_index->find(kSector, FileType::Cache | FileType::Sealed, 0, false)->front().weight, 10U);
    QVERIFY(m_index->find({1000, 2}, FileType::Sealed, 0, false)->empty());
}

void TestPracticeIndex::findSkipsAPathThatIsNotAttached() {
    m_index->declare(kId, kSector, FileType::Sealed, true);
    QVERIFY(m_index->find(kSector, FileType::Sealed, 0, false)->empty());
}

void TestPracticeIndex::fetchCandidatesHaveNoWeight() {
    QVERIFY(m_index->attach(path("a", "http://127.0.0.1:1/remote"), room(1 << 20)));
    QVERIFY(m_index->attach(path("b", "http://127.0.0.1:2/remote"), room(1 << 20)));
    QVERIFY(m_index->attach(path("small", "http://127.0.0.1:3/remote"), room(100)));
    m_index->declare("a", kSector, FileType::Sealed, true);
    const auto found = *m_index->find(kSector, FileType::Sealed, 2048, true);
    QCOMPARE(found.size(), 2U);
    QCOMPARE(found[0].id, std::string("a"));
    QCOMPARE(found[1].id, std::string("b"));
    QCOMPARE(found[1].weight, 0U);
}

void TestPracticeIndex::bestAllocIsSortedBySpaceTimesWeight() {
    StorageInfo light = path("light", "http://127.0.0.1:1/remote");
    light.weight = 1;
    QVERIFY(m_index->attach(light, room(5 << 20)));
    QVERIFY(m_index->attach(path("heavy", "http://127.0.0.1:2/remote"), room(1 << 20)));
    const auto best = m_index->bestAlloc(FileType::Sealed, 2048, PathType::Sealing, 1000);
    QVERIFY(best);
    QCOMPARE(best->size(), 2U);
    QCOMPARE(best->front().id, std::string("heavy"));
}

void TestPracticeIndex::bestAllocFiltersByKindSpaceMinerAndHealth() {
    QVERIFY(m_index->attach(path("seals", "http://127.0.0.1:1/remote"), room(2048)));
    StorageInfo store = path("stores", "http://127.0.0.1:2/remote");
    store.canSeal = false;
    store.canStore = true;
    store.denyMiners = {"f01001"};
    QVERIFY(m_index->attach(store, room(2048)));
    QCOMPARE(m_index->bestAlloc(FileType::Sealed, 2048, PathType::Sealing, 1000)->front().id, std::string("seals"));
    QCOMPARE(m_index->bestAlloc(FileType::Sealed, 2048, PathType::Storage, 1000)->front().id, std::string("stores"));
    QVERIFY(!m_index->bestAlloc(FileType::Sealed, 2048, PathType::Storage, 1001));
    const auto tooLarge = m_index->bestAlloc(FileType::Cache, 2048, PathType::Sealing, 1000);
    QVERIFY(!tooLarge);
    QCOMPARE(QString::fromStdString(tooLarge.error().message()), QStringLiteral("no good path found"));
    QVERIFY(m_index->reportHealth("seals", {room(2048), "disk on fire"}));
    QVERIFY(!m_index->bestAlloc(FileType::Sealed, 2048, PathType::Sealing, 1000));
}

void TestPracticeIndex::aPathWithoutHealthReportFor50SecondsIsNotChosen() {
    QVERIFY(m_index->attach(path(kId, "http://127.0.0.1:1/remote"), room(1 << 20)));
    m_now += 49999;
    QVERIFY(m_index->bestAlloc(FileType::Sealed, 2048, PathType::Sealing, 1000));
    m_now += 1;
    QVERIFY(!m_index->bestAlloc(FileType::Sealed, 2048, PathType::Sealing, 1000));
    QVERIFY(m_index->reportHealth(kId, {room(1 << 20), {}}));
    QVERIFY(m_index->bestAlloc(FileType::Sealed, 2048, PathType::Sealing, 1000));
}

void TestPracticeIndex::spaceFollowsTheTable() {
    const std::uint64_t size = 34359738368ULL;
    QCOMPARE(PracticeIndex::spaceNeeded(FileType::Cache, size, PathType::Sealing), 484472310988ULL);
    QCOMPARE(PracticeIndex::spaceNeeded(FileType::UpdateCache, size, PathType::Sealing), 72155450572ULL);
    QCOMPARE(PracticeIndex::spaceNeeded(FileType::Cache, size, PathType::Storage), 3435973836ULL);
    QCOMPARE(PracticeIndex::spaceNeeded(FileType::Sealed | FileType::Unsealed, 2048, PathType::Storage), 4096ULL);
}

void TestPracticeIndex::healthOfAnUnknownPathIsAnError() {
    const auto reported = m_index->reportHealth(kId, {room(1), {}});
    QVERIFY(!reported);
    QCOMPARE(QString::fromStdString(reported.error().message()),
             QStringLiteral("health report for unknown storage: %1").arg(QString::fromStdString(kId)));
}

std::vector<std::string> TestPracticeIndex::receivers(FileType types, SectorId sector) {
    std::vector<std::string> out;
    const auto found = m_index->find(sector, types, 2048, true);
    if (!found) return {found.error().message()};
    for (const SectorStorageInfo& one : *found) out.push_back(one.id);
    return out;
}

void TestPracticeIndex::groupsDecideWhereAFileMayGo() {
    const auto add = [&](const char* id, std::vector<std::string> groups, std::vector<std::string> allowTo) {
        StorageInfo info = path(id, std::string("http://127.0.0.1:1/") + id);
        info.groups = std::move(groups);
        info.allowTo = std::move(allowTo);
        QVERIFY(m_index->attach(info, room(1 << 20)));
    };
    add("a-holder", {}, {"grp1"});
    add("b-member", {"grp0", "grp1"}, {});
    add("c-other", {"grp2"}, {});
    add("d-none", {}, {});
    m_index->declare("a-holder", kSector, FileType::Sealed, true);
    QCOMPARE(receivers(FileType::Sealed), (std::vector<std::string>{"a-holder", "b-member"}));
    QCOMPARE(m_index->find(kSector, FileType::Sealed, 2048, false)->size(), 1U);
    // What several hold may go where one of them lets it; and anywhere when one of them lets it go anywhere.
    add("e-holder", {}, {"grp2"});
    m_index->declare("e-holder", kSector, FileType::Sealed, false);
    QCOMPARE(receivers(FileType::Sealed), (std::vector<std::string>{"a-holder", "e-holder", "b-member", "c-other"}));
    m_index->declare("d-none", kSector, FileType::Sealed, false);
    QCOMPARE(receivers(FileType::Sealed), (std::vector<std::string>{"a-holder", "d-none", "e-holder", "b-member", "c-other"}));
}

void TestPracticeIndex::nobodyMayReceiveWhatNobodyHas() {
    QVERIFY(m_index->attach(path("a", "http://127.0.0.1:1/remote"), room(1 << 20)));
    QVERIFY(m_index->attach(path("b", "http://127.0.0.1:2/remote"), room(1 << 20)));
    QCOMPARE(receivers(FileType::Sealed), std::vector<std::string>());
    m_index->declare("a", kSector, FileType::Sealed, true);
    QCOMPARE(receivers(FileType::Sealed), (std::vector<std::string>{"a", "b"}));
}

void TestPracticeIndex::fetchCandidatesAreFilteredByMinerTypeAndHealth() {
    QVERIFY(m_index->attach(path("a", "http://127.0.0.1:1/remote"), room(1 << 20)));
    m_index->declare("a", kSector, FileType::Sealed, true);
    StorageInfo other = path("b", "http://127.0.0.1:2/remote");
    const auto receives = [&](const StorageInfo& info) {
        if (!m_index->attach(info, room(1 << 20))) return false;
        return receivers(FileType::Sealed).size() == 2;
    };
    QVERIFY(receives(other));
    other.denyTypes = {"sealed"};
    QVERIFY(!receives(other));
    other.denyTypes = {"cache"};
    QVERIFY(receives(other));
    other.allowTypes = {"unsealed"};
    QVERIFY(!receives(other));
    other.allowTypes = {"no such type"}; // nothing remains of it, and nothing restricts nothing
    QVERIFY(receives(other));
    other.allowMiners = {"f02000"};
    QVERIFY(!receives(other));
    other.allowMiners = {"f02000", "t01000"};
    QVERIFY(receives(other));
    other.canSeal = false;
    other.canStore = true;
    QVERIFY(!receives(other));
    other.canSeal = true;
    QVERIFY(receives(other));
    QVERIFY(m_index->reportHealth("b", {room(1 << 20), "broken"}));
    QVERIFY(!receives(other));
    QVERIFY(m_index->reportHealth("b", {room(2047), {}}));
    QVERIFY(!receives(other));
    QVERIFY(m_index->reportHealth("b", {room(2048), {}}));
    QVERIFY(receives(other));
    m_now += 50000;
    QVERIFY(!receives(other));
}

void TestPracticeIndex::aListThatIsNoMinersAddressStopsTheSearch() {
    StorageInfo info = path("a", "http://127.0.0.1:1/remote");
    info.denyMiners = {"1000"};
    QVERIFY(m_index->attach(info, room(1 << 20)));
    QVERIFY(m_index->find(kSector, FileType::Sealed, 2048, false).hasValue());
    QVERIFY(m_index->find(kSector, FileType::Sealed, 2048, true).error().message().starts_with("parsing miner address: "));
    QVERIFY(m_index->bestAlloc(FileType::Sealed, 2048, PathType::Sealing, 1000).error().message().starts_with("parsing miner address: "));
}

void TestPracticeIndex::manyReadOrOneWrites() {
    SectorLocks& locks = m_index->locks();
    const auto sealed = FileType::Sealed, cache = FileType::Cache, none = FileType::None;
    QVERIFY(*locks.tryLock(kSector, sealed, none));
    QVERIFY(*locks.tryLock(kSector, sealed, cache));
    QVERIFY(!*locks.tryLock(kSector, none, sealed));
    QVERIFY(!*locks.tryLock(kSector, cache, none));
    QVERIFY(!*locks.tryLock(kSector, none, cache));
    QVERIFY(*locks.tryLock({1000, 2}, none, cache));
    locks.unlock(kSector, sealed, cache);
    QVERIFY(*locks.tryLock(kSector, cache, none));
    QVERIFY(!*locks.tryLock(kSector, none, sealed));
    locks.unlock(kSector, sealed, none);
    QVERIFY(*locks.tryLock(kSector, none, sealed));
    QVERIFY(!*locks.tryLock(kSector, none, none));
    QCOMPARE(locks.tryLock(kSector, static_cast<FileType>(64), none).error().message(), std::string("unknown file types specified"));
    QCOMPARE(locks.lock(kSector, none, none, [] {}).error().message(), std::string("failed to acquire lock"));
}

void TestPracticeIndex::whoWaitsForALockGetsItInTurn() {
    SectorLocks& locks = m_index->locks();
    std::string order;
    QVERIFY(locks.lock(kSector, FileType::None, FileType::Cache, [&] { order += 'a'; }));
    for (const char who : {'b', 'c'})
        QVERIFY(locks.lock(kSector, FileType::None, FileType::Cache, [&, who] {
            order += who;
            locks.unlock(kSector, FileType::None, FileType::Cache);
        }));
    QCOMPARE(order, std::string("a"));
    locks.unlock(kSector, FileType::None, FileType::Cache);
    QCOMPARE(order, std::string("abc"));
    QVERIFY(locks.held().empty());
}

void TestPracticeIndex::locksAreToldAsByTheMiner() {
    protocol::MethodTable table;
    addIndexMethods(table, *m_index);
    const auto call = [&](const std::string& method, const std::string& params) {
        std::string given;
        table.dispatch(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.)" + method + R"(","params":)" + params + '}', {"admin"},
                       [&](const protocol::RpcReply& reply) { given = reply.body; });
        return given;
    };
    QVERIFY(call("StorageGetLocks", "[]").find(R"({"Locks":[]})") != std::string::npos);
    const auto [reads, writes] = locksOf(protocol::SealPreCommit1Call{});
    QVERIFY(*m_index->locks().tryLock(kSector, reads, writes));
    QVERIFY(*m_index->locks().tryLock(kSector, reads, FileType::None));
    const std::string told = call("StorageGetLocks", "[]");
    QVERIFY2(told.find(R"({"Locks":[{"Sector":{"Miner":1000,"Number":1},"Write":[0,1,1,0,0,0],"Read":[2,0,0,0,0,0]}]})") != std::string::npos, told.c_str());
    const std::string sector = R"({"Miner":1000,"Number":1})";
    QVERIFY(call("StorageTryLock", '[' + sector + ",4,0]").find("\"result\":false") != std::string::npos);
    QVERIFY(call("StorageTryLock", '[' + sector + ",8,16]").find("\"result\":true") != std::string::npos);
    QVERIFY(call("StorageLock", '[' + sector + ",8,16]").find("\"result\":null") != std::string::npos);
    QCOMPARE(call("StorageLock", '[' + sector + ",4,0]"), std::string()); // waits
    QCOMPARE(told, call("StorageGetLocks", "[]")); // and over HTTP none outlives its request
}

QTEST_GUILESS_MAIN(TestPracticeIndex)
#include "tst_practice_index.moc"
