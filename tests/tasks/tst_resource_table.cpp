// SPDX-License-Identifier: MIT OR Apache-2.0
#include "support/test_paths.h"
#include "tasks/resource_table.h"

#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::tasks;
using protocol::TaskResources;
using sector::SealProof;

namespace {

constexpr std::uint64_t kGiB = 1ULL << 30;

std::function<std::string(const std::string&)> environment(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const std::string& name) {
        const auto it = values.find(name);
        return it == values.end() ? std::string() : it->second;
    };
}

TaskResources row(const std::map<std::string, std::string>& variables, const char* type, int proof) {
    return resourcesOf(resourceTable(environment(variables)), type, SealProof{proof});
}

} // namespace

class TestResourceTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTheRecordedTableOfLotus() {
        QFile file(QString::fromUtf8(lsw::test::kTestData) + QStringLiteral("/tasks/lotus-resource-table.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject recorded = QJsonDocument::fromJson(file.readAll()).object();
        const ResourceTable table = resourceTable(environment({}));
        QCOMPARE(table.size(), static_cast<std::size_t>(recorded.size()));
        for (const auto& [type, proofs] : table) {
            const QJsonObject recordedProofs = recorded.value(QString::fromStdString(type)).toObject();
            QCOMPARE(proofs.size(), static_cast<std::size_t>(recordedProofs.size()));
            for (const auto& [proof, r] : proofs) {
                const QJsonObject want = recordedProofs.value(QString::number(proof)).toObject();
                const QByteArray where = QByteArray::fromStdString(type + " of proof " + std::to_string(proof));
                QVERIFY2(want.size() == 7, where);
                QVERIFY2(static_cast<qint64>(r.minMemory) == want.value(QStringLiteral("MinMemory")).toInteger(-1), where);
                QVERIFY2(static_cast<qint64>(r.maxMemory) == want.value(QStringLiteral("MaxMemory")).toInteger(-1), where);
                QVERIFY2(static_cast<qint64>(r.baseMinMemory) == want.value(QStringLiteral("BaseMinMemory")).toInteger(-1), where);
                QVERIFY2(qFuzzyCompare(1 + r.gpuUtilization, 1 + want.value(QStringLiteral("GPUUtilization")).toDouble(-1)), where);
                QVERIFY2(r.maxParallelism == want.value(QStringLiteral("MaxParallelism")).toInt(-9), where);
                QVERIFY2(r.maxParallelismGpu == want.value(QStringLiteral("MaxParallelismGPU")).toInt(-9), where);
                QVERIFY2(r.maxConcurrent == want.value(QStringLiteral("MaxConcurrent")).toInt(-9), where);
            }
        }
    }
    void whatHasNoRowNeedsNothing() {
        QCOMPARE(row({}, "seal/v0/finalize", 8).minMemory, 0U);
        QCOMPARE(row({}, "seal/v0/precommit/1", 18).maxMemory, 0U); // non-interactive
        QCOMPARE(row({}, "no such type", 8).maxParallelism, 0);
    }
    void theVariableOfASizeWinsOverThatOfTheType() {
        const std::map<std::string, std::string> variables{{"PC1_32G_MIN_MEMORY", "4096"},
                                                           {"PC1_MIN_MEMORY", "8192"},
                                                           {"PC1_32G_MAX_CONCURRENT", "2"},
                                                           {"C2_MAX_PARALLELISM_GPU", "12"},
                                                           {"PC2_32G_GPU_UTILIZATION", "0.5"}};
        for (const int proof : {3, 8, 13}) {
            QCOMPARE(row(variables, "seal/v0/precommit/1", proof).minMemory, 4096U);
            QCOMPARE(row(variables, "seal/v0/precommit/1", proof).maxConcurrent, 2);
            QCOMPARE(row(variables, "seal/v0/precommit/1", proof).maxMemory, 64 * kGiB);
            QCOMPARE(row(variables, "seal/v0/precommit/2", proof).gpuUtilization, 0.5);
            QCOMPARE(row(variables, "seal/v0/commit/2", proof).maxParallelismGpu, 12);
        }
        QCOMPARE(row(variables, "seal/v0/precommit/1", 9).minMemory, 8192U);
        QCOMPARE(row(variables, "seal/v0/precommit/1", 9).maxConcurrent, 0);
        QCOMPARE(row(variables, "seal/v0/precommit/2", 9).gpuUtilization, 1.0);
        QCOMPARE(row(variables, "seal/v0/commit/2", 5).maxParallelismGpu, 12);
        QCOMPARE(row(variables, "seal/v0/unseal", 8).minMemory, 56 * kGiB);
    }
    void dataCidAlsoHearsTheLongSizes() {
        QCOMPARE(row({{"DC_2KiB_MIN_MEMORY", "777"}}, "seal/v0/datacid", 5).minMemory, 777U);
        QCOMPARE(row({{"DC_2KiB_MIN_MEMORY", "777"}}, "seal/v0/datacid", 8).minMemory, 777U);
        QCOMPARE(row({{"DC_2KiB_MIN_MEMORY", "777"}, {"DC_64GiB_MIN_MEMORY", "5"}, {"DC_MIN_MEMORY", "3"}}, "seal/v0/datacid", 5).minMemory,
                 5U);
        QCOMPARE(row({{"DC_2K_MIN_MEMORY", "9"}, {"DC_MIN_MEMORY", "3"}}, "seal/v0/datacid", 5).minMemory, 9U);
        QCOMPARE(row({{"PC1_2KiB_MIN_MEMORY", "777"}}, "seal/v0/precommit/1", 5).minMemory, 2048U);
    }
    void multicoreSdrCountsItsProducers() {
        QCOMPARE(row({{"FIL_PROOFS_USE_MULTICORE_SDR", "1"}}, "seal/v0/precommit/1", 8).maxParallelism, 4);
        QCOMPARE(
            row({{"FIL_PROOFS_USE_MULTICORE_SDR", "1"}, {"FIL_PROOFS_MULTICORE_SDR_PRODUCERS", "1"}}, "seal/v0/unseal", 5).maxParallelism,
            2);
        QCOMPARE(row({{"FIL_PROOFS_USE_MULTICORE_SDR", "true"}}, "seal/v0/precommit/1", 8).maxParallelism, 1);
        QCOMPARE(row({{"FIL_PROOFS_USE_MULTICORE_SDR", "1"}, {"PC1_MAX_PARALLELISM", "6"}}, "seal/v0/precommit/1", 8).maxParallelism, 6);
        QCOMPARE(row({{"FIL_PROOFS_USE_MULTICORE_SDR", "1"}}, "seal/v0/addpiece", 8).maxParallelism, 1);
    }
    void aValueThatCannotBeReadLeavesTheDefaultAndIsNamed_data() {
        QTest::addColumn<QString>("variable");
        QTest::addColumn<QString>("value");
        QTest::newRow("unit") << QStringLiteral("PC1_32G_MIN_MEMORY") << QStringLiteral("56GiB");
        QTest::newRow("negative bytes") << QStringLiteral("PC1_MIN_MEMORY") << QStringLiteral("-1");
        QTest::newRow("overflow") << QStringLiteral("PC1_MAX_MEMORY") << QStringLiteral("99999999999999999999");
        QTest::newRow("blank") << QStringLiteral("PC1_MAX_CONCURRENT") << QStringLiteral(" ");
        QTest::newRow("no finite number") << QStringLiteral("PC1_GPU_UTILIZATION") << QStringLiteral("nan");
        QTest::newRow("producers") << QStringLiteral("FIL_PROOFS_MULTICORE_SDR_PRODUCERS") << QStringLiteral("many");
    }
    void aValueThatCannotBeReadLeavesTheDefaultAndIsNamed() {
        QFETCH(QString, variable);
        QFETCH(QString, value);
        const std::map<std::string, std::string> sdr{{"FIL_PROOFS_USE_MULTICORE_SDR", "1"}};
        auto variables = sdr;
        variables[variable.toStdString()] = value.toStdString();
        std::vector<std::string> notes;
        const ResourceTable table = resourceTable(environment(variables), &notes);
        const TaskResources r = resourcesOf(table, "seal/v0/precommit/1", SealProof{8}), usual = row(sdr, "seal/v0/precommit/1", 8);
        QCOMPARE(r.minMemory, usual.minMemory);
        QCOMPARE(r.maxMemory, usual.maxMemory);
        QCOMPARE(r.maxConcurrent, usual.maxConcurrent);
        QCOMPARE(r.gpuUtilization, usual.gpuUtilization);
        QCOMPARE(r.maxParallelism, usual.maxParallelism);
        QCOMPARE(notes.size(), std::size_t(1));
        QVERIFY(notes.front().starts_with(variable.toStdString()));
    }
    void lessMemoryForLabelsIsLessNeed() {
        ResourceTable table = resourceTable(environment({}));
        limitLabels(table, 0);
        QCOMPARE(resourcesOf(table, "seal/v0/precommit/1", SealProof{8}).maxMemory, 64ULL << 30);
        limitLabels(table, 24ULL << 30);
        const TaskResources limited = resourcesOf(table, "seal/v0/precommit/1", SealProof{8});
        QCOMPARE(limited.minMemory, 24ULL << 30);
        QCOMPARE(limited.maxMemory, 24ULL << 30);
        QCOMPARE(resourcesOf(table, "seal/v0/precommit/1", SealProof{7}).maxMemory, 1ULL << 30); // needs no more anyway
        QCOMPARE(resourcesOf(table, "seal/v0/unseal", SealProof{8}).maxMemory, 64ULL << 30);
    }
    void threadsFollowTheRuleOfLotus_data() {
        QTest::addColumn<int>("parallelism");
        QTest::addColumn<int>("parallelismGpu");
        QTest::addColumn<double>("gpu");
        QTest::addColumn<int>("cpus");
        QTest::addColumn<int>("gpus");
        QTest::addColumn<int>("threads");
        QTest::newRow("one") << 1 << 0 << 0.0 << 8 << 0 << 1;
        QTest::newRow("none") << 0 << 0 << 0.0 << 8 << 0 << 0;
        QTest::newRow("92 % of 8") << -1 << 0 << 0.0 << 8 << 0 << 7;
        QTest::newRow("92 % of 100") << -1 << 0 << 0.0 << 100 << 0 << 92;
        QTest::newRow("one core stays one") << -1 << 0 << 0.0 << 1 << 0 << 1;
        QTest::newRow("with a GPU") << -1 << 6 << 1.0 << 8 << 1 << 6;
        QTest::newRow("without a GPU") << -1 << 6 << 1.0 << 8 << 0 << 7;
        QTest::newRow("a GPU that the task does not use") << -1 << 6 << 0.0 << 8 << 1 << 7;
        QTest::newRow("no rule for GPUs") << 3 << 0 << 1.0 << 8 << 1 << 3;
        QTest::newRow("all cores beside the GPU") << 1 << -1 << 1.0 << 50 << 2 << 46;
    }
    void threadsFollowTheRuleOfLotus() {
        QFETCH(int, parallelism);
        QFETCH(int, parallelismGpu);
        QFETCH(double, gpu);
        QFETCH(int, cpus);
        QFETCH(int, gpus);
        TaskResources r;
        r.maxParallelism = parallelism;
        r.maxParallelismGpu = parallelismGpu;
        r.gpuUtilization = gpu;
        QTEST(threadsOf(r, cpus, gpus), "threads");
    }
};

QTEST_GUILESS_MAIN(TestResourceTable)
#include "tst_resource_table.moc"
