// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/resource_variables.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <map>
#include <set>

using namespace lsw::tasks;

namespace {

std::vector<ResourceVariable> variables(std::map<std::string, std::string> set = {}) {
    return resourceVariables([set = std::move(set)](const std::string& name) {
        const auto it = set.find(name);
        return it == set.end() ? std::string() : it->second;
    });
}
const ResourceVariable* named(const std::vector<ResourceVariable>& list, const char* name) {
    const auto it = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.name == name; });
    return it == list.end() ? nullptr : &*it;
}

} // namespace

class TestResourceVariables : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void allOfLotusAreThereWithTheirDefaults() {
        const auto list = variables();
        // 14 types, five sizes and none, 7 fields; and whether multicore SDR is used.
        QCOMPARE(list.size(), std::size_t{14 * 6 * 7 + 1});
        QVERIFY(std::is_sorted(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.name < b.name; }));
        QCOMPARE(named(list, "PC1_32G_MIN_MEMORY")->defaultValue, std::string("60129542144"));
        QCOMPARE(named(list, "C2_64G_MAX_PARALLELISM")->defaultValue, std::string("-1"));
        QCOMPARE(named(list, "PC2_32G_GPU_UTILIZATION")->defaultValue, std::string("1"));
        QCOMPARE(named(list, "PC2_2K_GPU_UTILIZATION")->defaultValue, std::string("0"));
        QCOMPARE(named(list, "DC_2K_MAX_MEMORY")->defaultValue, std::string("4294967296"));
        QCOMPARE(named(list, "PC1_MAX_MEMORY")->defaultValue, std::string("68719476736"));
        QVERIFY(!named(list, "FIN_MAX_MEMORY"));
        for (const auto& one : list) QVERIFY(one.value.empty());
    }

    void whatIsSetIsTold() {
        const auto list = variables({{"PC1_32G_MAX_CONCURRENT", "2"}, {"FIL_PROOFS_USE_MULTICORE_SDR", "1"}, {"FIL_PROOFS_MULTICORE_SDR_PRODUCERS", "1"}});
        std::set<std::string> set;
        for (const auto& one : list)
            if (!one.value.empty()) set.insert(one.name + '=' + one.value);
        QCOMPARE(set, (std::set<std::string>{"FIL_PROOFS_MULTICORE_SDR_PRODUCERS=1", "FIL_PROOFS_USE_MULTICORE_SDR=1", "PC1_32G_MAX_CONCURRENT=2"}));
        QVERIFY(!named(variables({{"FIL_PROOFS_MULTICORE_SDR_PRODUCERS", "1"}}), "FIL_PROOFS_MULTICORE_SDR_PRODUCERS"));
    }

    void theRightNamesAreNoMistakes() {
        std::vector<std::string> names;
        for (const auto& one : variables())
            if (!one.name.starts_with("DC_")) names.push_back(one.name);
        names.emplace_back("DC_MAX_MEMORY");
        names.emplace_back("FIL_PROOFS_MULTICORE_SDR_PRODUCERS");
        const auto notes = misspeltResources(names);
        QVERIFY2(notes.empty(), notes.empty() ? "" : notes.front().c_str());
    }

    void whatOthersUseIsNoMistake_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {"PATH", "HOME", "LANG", "TERM", "PWD", "_", "", "LOTUS_WORKER_PATH", "MINER_API_INFO", "GOMAXPROCS", "NODE_MAX_MEMORY",
                                 "CMAKE_BUILD_PARALLEL_LEVEL", "QT_GPU_MEMORY", "FIL_PROOFS_MAX_GPU_COLUMN_BATCH_SIZE", "FIL_PROOFS_SDR_PARENTS_CACHE_SIZE",
                                 "BELLMAN_NO_GPU", "PR_NUMBER", "GET_URL", "DC_HOST", "AP_NAME", "MAX_CONCURRENT", "MALLOC_ARENA_MAX", "PS1", "C2"})
            QTest::newRow(name) << QByteArray(name);
    }
    void whatOthersUseIsNoMistake() {
        QFETCH(QByteArray, name);
        const auto notes = misspeltResources({name.toStdString()});
        QVERIFY2(notes.empty(), notes.empty() ? "" : notes.front().c_str());
    }

    void aMisspeltNameIsToldWithTheNearestRightOne_data() {
        QTest::addColumn<QByteArray>("nearest");
        const auto row = [](const char* name, const char* nearest) { QTest::newRow(name) << QByteArray(nearest); };
        row("PC1_32GiB_MAX_CONCURRENT", "PC1_32G_MAX_CONCURRENT");
        row("PC1_32GB_MAX_CONCURRENT", "PC1_32G_MAX_CONCURRENT");
        row("PC1_32g_MAX_CONCURRENT", "PC1_32G_MAX_CONCURRENT");
        row("pc1_32g_max_concurrent", "PC1_32G_MAX_CONCURRENT");
        row("PC1_32G_MAX_CONCURENT", "PC1_32G_MAX_CONCURRENT");
        row("PC1_32G_MAX_CONCURRENCY", "PC1_32G_MAX_CONCURRENT");
        row("PC1_32G_MAXCONCURRENT", "PC1_32G_MAX_CONCURRENT");
        row("PC1_MAX_CONCURRENTS", "PC1_MAX_CONCURRENT");
        row("PC2_MAX_MEM", "PC2_MAX_MEMORY");
        row("C2_MIN_MEM", "C2_MIN_MEMORY");
        row("C2_64G_MAX_PARALELLISM_GPU", "C2_64G_MAX_PARALLELISM_GPU");
        row("C2_GPU_UTILISATION", "C2_GPU_UTILIZATION");
        row("PRECOMMIT1_32G_MAX_CONCURRENT", "PC1_32G_MAX_CONCURRENT");
        row("ADDPIECE_MAX_CONCURRENT", "AP_MAX_CONCURRENT");
        row("PC_32G_MAX_CONCURRENT", "PC1_32G_MAX_CONCURRENT");
        row("UNS_512MiB_BASE_MIN_MEMORY", "UNS_512M_BASE_MIN_MEMORY");
        row("PC1-32G-MAX-CONCURRENT", "PC1_32G_MAX_CONCURRENT");
        row("AP_16G_MAX_CONCURRENT", "AP_64G_MAX_CONCURRENT");
        row("PC1_BASE_MEMORY", "PC1_BASE_MIN_MEMORY");
        row("PC3_32G_MAX_CONCURRENT", "PC1_32G_MAX_CONCURRENT");
        row("DC_2KiB_MAX_MEMORY", "DC_MAX_MEMORY");
        row("DC_32GiB_BASE_MIN_MEMORY", "DC_BASE_MIN_MEMORY");
        row("DC_64G_MAX_PARALLELISM_GPU", "DC_MAX_PARALLELISM_GPU");
        row("WDP_32GiB_MAX_CONCURRENT", "WDP_32G_MAX_CONCURRENT");
        row("FIN_32G_MAX_CONCURRENT", "");
        row("DL_MAX_CONCURRENT", "");
    }
    void aMisspeltNameIsToldWithTheNearestRightOne() {
        QFETCH(QByteArray, nearest);
        const std::string name = QTest::currentDataTag();
        const auto notes = misspeltResources({name});
        QCOMPARE(notes.size(), std::size_t{1});
        QVERIFY2(notes[0].starts_with(name), notes[0].c_str());
        if (nearest.isEmpty()) QVERIFY2(notes[0].find("has no effect") != std::string::npos, notes[0].c_str());
        else QVERIFY2(notes[0].find(' ' + nearest.toStdString() + '.') != std::string::npos, notes[0].c_str());
    }
};

QTEST_GUILESS_MAIN(TestResourceVariables)
#include "tst_resource_variables.moc"
