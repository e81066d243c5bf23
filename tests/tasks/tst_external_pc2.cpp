// SPDX-License-Identifier: MIT OR Apache-2.0
#include <set>
#include <thread>

#include <boost/json.hpp>

#include "support/test_paths.h"
#include "tasks/task_bench.h"

using namespace lsw;
using namespace lsw::tests;

namespace {

/// A bench with a sector that PC1 has left, and an external command in the place of PC2.
struct ExternalBench : TaskBench {
    ExternalBench() {
        lay(FileType::Sealed);
        lay(FileType::Cache);
    }
    Expected<TaskResult> preCommit2(const std::string& command, const TaskContext& with = {}) {
        const std::string phase1 = R"({"registered_proof":"StackedDrg2KiBV1"})"; // without a ticket: nothing is checked afterwards
        const TaskCall call = SealPreCommit2Call{sectorRef, Bytes(phase1.begin(), phase1.end())};
        return tasks::runTask(call, nullptr, {engine, store, command}, with);
    }
    static std::string official() { return std::string(lsw::test::kTestData) + "/sectors/2KiB-V1_1-pattern"; }
    /// What the stock programs make, as if the command had made it.
    static std::string copying() { return "cp " + official() + "/cache/* \"$EXTSEAL_PC2_CACHE\""; }
};

std::string readFile(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

class ExternalPc2Test : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void commitmentsAreThoseOfWhatItLeft() {
        ExternalBench bench;
        const auto result = bench.preCommit2(ExternalBench::copying());
        QVERIFY2(result, qPrintable(messageOf(result)));
        const auto& cids = std::get<SectorCids>(*result);
        const auto official = boost::json::parse(readFile(ExternalBench::official() + "/pc2.json"));
        for (std::size_t i = 0; i < 32; ++i) {
            QCOMPARE(int(cids.sealed[i]), official.at("comm_r").at(i).to_number<int>());
            QCOMPARE(int(cids.unsealed[i]), official.at("comm_d").at(i).to_number<int>());
        }
        QVERIFY(bench.engine.preCommit2s.empty());
    }
    void itsEnvironmentIsTheSectorAlone() {
        ExternalBench bench;
        const std::filesystem::path seen = bench.folder() / "environment";
        // Of a shell that was given no environment these are its own.
        const std::set<std::string> ofTheShell{"PWD", "_", "SHLVL", "OLDPWD"};
        (void)bench.preCommit2("/usr/bin/env > '" + seen.string() + "'; " + ExternalBench::copying());
        std::map<std::string, std::string> variables;
        std::ifstream in(seen);
        for (std::string line; std::getline(in, line);) {
            const auto equals = line.find('=');
            if (!ofTheShell.contains(line.substr(0, equals))) variables[line.substr(0, equals)] = line.substr(equals + 1);
        }
        const std::map<std::string, std::string> wanted{{"EXTSEAL_PC2_SECTOR_NUM", "1"},
                                                        {"EXTSEAL_PC2_SECTOR_MINER", "1000"},
                                                        {"EXTSEAL_PC2_PROOF_TYPE", "5"},
                                                        {"EXTSEAL_PC2_SECTOR_SIZE", "2048"},
                                                        {"EXTSEAL_PC2_CACHE", bench.file(FileType::Cache).string()},
                                                        {"EXTSEAL_PC2_SEALED", bench.file(FileType::Sealed).string()},
                                                        {"EXTSEAL_PC2_PC1OUT", toBase64(asBytes(R"({"registered_proof":"StackedDrg2KiBV1"})"))}};
        QVERIFY(variables == wanted);
    }
    void aFailureIsToldAsLotusTellsIt() {
        ExternalBench bench;
        const auto result = bench.preCommit2("exit 3");
        QVERIFY(!result);
        QCOMPARE(messageOf(result), QStringLiteral("presealing sector (extern-pc2) 1 (): external command error: exit status 3"));
        const auto killed = bench.preCommit2("kill -9 $$");
        QVERIFY2(messageOf(killed).contains(QStringLiteral("external command error: signal: ")), qPrintable(messageOf(killed)));
    }
    void whatItDidNotMakeIsNamed() {
        ExternalBench bench;
        const auto nothing = bench.preCommit2("true"); // the p_aux that lies there is none
        QVERIFY(!nothing);
        QVERIFY2(messageOf(nothing).contains(QStringLiteral("p_aux of the cache has 3 bytes instead of 64")), qPrintable(messageOf(nothing)));
        const auto half = bench.preCommit2("cp " + ExternalBench::official() + "/cache/p_aux \"$EXTSEAL_PC2_CACHE\"");
        QVERIFY2(messageOf(half).contains(QStringLiteral("sc-02-data-tree-d.dat")), qPrintable(messageOf(half)));
    }
    void stoppingEndsAllThatItStarted() {
        ExternalBench bench;
        const std::filesystem::path begun = bench.folder() / "begun";
        std::stop_source stop;
        std::jthread stopper([&] {
            while (!std::filesystem::exists(begun)) std::this_thread::yield();
            stop.request_stop();
        });
        const auto result = bench.preCommit2("sleep 1000 & : > '" + begun.string() + "'; wait", {stop.get_token(), [](const Progress&) {}});
        QVERIFY(!result);
        QCOMPARE(result.error().code(), ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(ExternalPc2Test)
#include "tst_external_pc2.moc"
