// SPDX-License-Identifier: MIT OR Apache-2.0
// Machines made of files.
#include "setup/disk_facts.h"
#include "setup/disk_speed.h"
#include "setup/machine_check.h"
#include "setup/machine_facts.h"

#include <fstream>

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

struct Stage {
    QTemporaryDir folder;
    MachineQuestion question;

    Stage() {
        question.root = at("root");
        question.sectorSize = 2048;
        question.temporaryFolder = at("tmp");
        fs::create_directories(at("tmp"));
        fs::create_directories(at("seal"));
        question.sealingPaths = {at("seal")};
        memory(256, 0);
        question.tasks = {{"PC1", "--precommit1=false", 56 * kGiB, 64 * kGiB}, {"C2", "--commit=false", 62 * kGiB, 182 * kGiB}};
    }
    fs::path at(const std::string& name) const { return fs::path(folder.path().toStdString()) / name; }
    void put(const std::string& name, const std::string& text) const {
        fs::create_directories(at("root/" + name).parent_path());
        std::ofstream(at("root/" + name)) << text;
    }
    void memory(std::uint64_t gibibytes, std::uint64_t swap) const {
        put("proc/meminfo", "MemTotal: " + std::to_string(gibibytes << 20U) + " kB\nMemAvailable: 1 kB\nSwapTotal: " + std::to_string(swap << 20U) + " kB\nHugePages_Total: 36\n");
    }
    /// The disk that the sealing path lies on.
    void disk(const std::string& fileSystem, const char* turns) const {
        struct stat info {};
        QCOMPARE(::stat(at("seal").c_str(), &info), 0);
        const std::string numbers = std::to_string(major(info.st_dev)) + ':' + std::to_string(minor(info.st_dev));
        put("proc/self/mountinfo", "36 35 " + numbers + " / /mnt rw,noatime master:1 - " + fileSystem + " /dev/sda2 rw\n");
        put("sys/block/sda/queue/rotational", std::string(turns) + '\n');
        put("sys/devices/sda/sda2/partition", "2\n");
        fs::create_directories(at("root/sys/dev/block"));
        fs::remove(at("root/sys/dev/block/" + numbers));
        fs::create_directory_symlink(at("root/sys/devices/sda/sda2"), at("root/sys/dev/block/" + numbers));
    }
    Found of(std::string_view key) const {
        for (const MachineResult& one : checkMachine(question, {}))
            if (one.key == key) return one.found;
        return {};
    }
};

std::string said(const Found& found) { return std::string(found.key()) + ": " + found.sentence(); }

} // namespace

class TestMachineCheck : public QObject {
    Q_OBJECT

    static void compare(const Found& found, Finding wanted) { QVERIFY2(found.finding == wanted, said(found).c_str()); }

private Q_SLOTS:
    void memoryIsJudgedByTheHungriestTask() {
        Stage stage;
        compare(stage.of("memory"), Finding::MemoryEnough);
        stage.memory(128, 64);
        compare(stage.of("memory"), Finding::MemoryEnough); // what lotus calls most may be swap
        stage.memory(128, 8);
        compare(stage.of("memory"), Finding::MemoryTight);
        QVERIFY(stage.of("memory").command().find("-l 47G") != std::string::npos);
        stage.memory(60, 500);
        compare(stage.of("memory"), Finding::MemoryShort);
        QVERIFY(stage.of("memory").command().ends_with("run --commit=false"));
        stage.question.tasks.pop_back();
        compare(stage.of("memory"), Finding::MemoryEnough);
        stage.question.tasks.push_back({"UNS", "--unseal=false", 61 * kGiB, 64 * kGiB});
        stage.memory(50, 0);
        QCOMPARE(stage.of("memory").arguments.at(2), std::string("PC1, UNS"));
        QVERIFY(stage.of("memory").command().ends_with("--precommit1=false --unseal=false"));
    }

    void disksAreToldApart() {
        Stage stage;
        stage.disk("ext4", "0");
        compare(stage.of("path"), Finding::PathFit);
        QVERIFY2(stage.of("path").sentence().find("ext4 on sda,") != std::string::npos, said(stage.of("path")).c_str());
        stage.disk("ext4", "1");
        compare(stage.of("path"), Finding::PathTurns);
        stage.question.labels = false;
        compare(stage.of("path"), Finding::PathFit);
        stage.disk("nfs4", "0");
        compare(stage.of("path"), Finding::PathOnNetwork);
        stage.disk("tmpfs", "0");
        compare(stage.of("path"), Finding::PathInMemory);
        stage.disk("ext4", "0");
        stage.question.sectorSize = std::uint64_t{1} << 50U;
        compare(stage.of("path"), Finding::PathTooSmall);
        stage.question.sealingPaths = {stage.at("seal/not/there/yet")};
        stage.question.sectorSize = 2048;
        compare(stage.of("path"), Finding::PathFit);
    }

    void whatASectorTakesIsExplained() {
        QCOMPARE(bytesInWork(32 * kGiB) / kGiB, std::uint64_t{515});
        QCOMPARE(bytesInWorkText(32 * kGiB), std::string("32 GiB of data, 32 GiB of replica and 451 GiB of layers and trees, together 515 GiB"));
    }

    void parametersShareTheDiskWithASector() {
        Stage stage;
        stage.question.parameterFolder = stage.at("parameters");
        compare(stage.of("parameters"), Finding::NoParameters);
        stage.question.missingParameters = 4096;
        compare(stage.of("parameters"), Finding::ParametersFit);
        stage.question.missingParameters = diskFacts(stage.at("seal"))->free - (64 << 20);
        stage.question.sectorSize = 64 << 20;
        compare(stage.of("parameters"), Finding::ParametersNoRoom);
        compare(stage.of("parents"), Finding::Stopped); // all there: nothing is said
        stage.question.parentFolder = stage.at("parents");
        stage.question.missingParents = 4096;
        compare(stage.of("parents"), Finding::ParentsFit);
        stage.question.missingParents = std::uint64_t{1} << 60U;
        compare(stage.of("parents"), Finding::ParentsNoRoom);
    }

    void theRestIsReadFromTheSystem() {
        Stage stage;
        compare(stage.of("gpu"), Finding::NoGpu);
        stage.put("proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.161.07  Sat Feb 17\n");
        stage.put("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t NVIDIA GeForce RTX 3080\n");
        stage.put("etc/OpenCL/vendors/nvidia.icd", "libnvidia-opencl.so.1\n");
        QCOMPARE(stage.of("gpu").sentence(), std::string("GPU: NVIDIA GeForce RTX 3080 (NVIDIA 535.161.07, OpenCL: nvidia). This worker computes on the processor and leaves it to others."));
        for (int cpu = 0; cpu < 16; ++cpu) {
            const std::string cache = "sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/cache/index";
            stage.put(cache + "2/level", "2\n");
            stage.put(cache + "2/shared_cpu_list", std::to_string(cpu) + '\n');
            stage.put(cache + "3/level", "3\n");
            stage.put(cache + "3/shared_cpu_list", cpu < 8 ? "0-7\n" : "8-15\n");
            stage.put(cache + "3/size", "32768K\n");
        }
        QCOMPARE(stage.of("caches").arguments, (std::vector<std::string>{"2", "32768K"}));
        stage.put("sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
        compare(stage.of("huge-pages"), Finding::HugePagesOff);
        stage.put("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
        QCOMPARE(stage.of("huge-pages").arguments, (std::vector<std::string>{"madvise", "36"}));
        compare(stage.of("sleep"), Finding::StaysAwake);
        stage.put("etc/systemd/logind.conf", "[Login]\n#IdleAction=suspend\n");
        compare(stage.of("sleep"), Finding::StaysAwake);
        stage.put("etc/systemd/logind.conf", "[Login]\nIdleAction=hibernate\n");
        compare(stage.of("sleep"), Finding::SleepsWhenIdle);
    }

    void desktopsSleepToo() {
        Stage stage;
        const std::string power = "usr/share/glib-2.0/schemas/org.gnome.settings-daemon.plugins.power.gschema.xml";
        stage.put(power, "<key name=\"idle-dim\" type=\"b\">\n<default>true</default>\n</key>\n"
                         "<key name=\"sleep-inactive-ac-type\" enum=\"x\">\n  <default>'suspend'</default>\n</key>\n"
                         "<key name=\"sleep-inactive-battery-type\" enum=\"x\">\n  <default>'hibernate'</default>\n</key>\n");
        QCOMPARE(stage.of("sleep").sentence(), std::string("This PC goes to sleep when nobody uses it (GNOME: sleep-inactive-ac-type=suspend), and sealing stops then."));
        stage.put("usr/share/glib-2.0/schemas/10_distro.gschema.override", "[org.gnome.settings-daemon.plugins.power]\nsleep-inactive-ac-type='nothing'\n");
        compare(stage.of("sleep"), Finding::StaysAwake);
        stage.put("etc/dconf/db/local.d/01-power", "[org/gnome/settings-daemon/plugins/power]\nsleep-inactive-ac-type='suspend'\n");
        compare(stage.of("sleep"), Finding::SleepsWhenIdle);
        // What the finding itself says to do.
        fs::create_directories(stage.at("root/etc/systemd/system"));
        fs::create_symlink("/dev/null", stage.at("root/etc/systemd/system/sleep.target"));
        compare(stage.of("sleep"), Finding::StaysAwake);
        stage.put("etc/systemd/logind.conf", "[Login]\nIdleAction=hibernate\n");
        compare(stage.of("sleep"), Finding::StaysAwake);
    }

    void disksAreMeasuredWhenThatIsWanted() {
        Stage stage;
        compare(stage.of("disk-speed"), Finding::Stopped); // not asked for
        stage.question.measureDisks = true;
        stage.question.sealingPaths.push_back(stage.at("seal")); // the same disk: once
        int speeds = 0;
        std::vector<std::string> evidence;
        for (const MachineResult& one : checkMachine(stage.question, {})) {
            if (one.key != "disk-speed") continue;
            ++speeds;
            compare(one.found, Finding::DiskSpeedGood);
            evidence = one.evidence;
        }
        QCOMPARE(speeds, 1);
        QVERIFY(evidence.size() == 1 && evidence[0].starts_with("Measured with "));
        QVERIFY(fs::is_empty(stage.at("seal")));
        stage.question.sectorSize = std::uint64_t{1} << 50U; // of no sector: not judged
        compare(stage.of("disk-speed"), Finding::DiskSpeedGood);
        stage.disk("tmpfs", "0");
        compare(stage.of("disk-speed"), Finding::Stopped);

        const auto speed = measureDiskSpeed(stage.at("seal"), {});
        QVERIFY(speed && speed->write > 0 && speed->read > 0 && speed->bytes > 0 && speed->bytes <= 256ULL << 20);
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = measureDiskSpeed(stage.at("seal"), stop.get_token());
        QVERIFY(!stopped && stopped.error().code() == ErrorCode::Cancelled);
        QVERIFY(!measureDiskSpeed(stage.at("nowhere"), {}));
        QVERIFY(fs::is_empty(stage.at("seal")));
    }

    void parentsThatAreThereAreLookedAt() {
        Stage stage;
        const fs::path file = stage.at("v28-sdr-parent-x.cache");
        std::ofstream(file) << "abc";
        stage.question.parentFile = file;
        stage.question.parentDigest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        compare(stage.of("parents"), Finding::ParentsUnchecked);
        stage.question.wereParentsChecked = true;
        compare(stage.of("parents"), Finding::ParentsThere);
        stage.question.readParents = true;
        compare(stage.of("parents"), Finding::ParentsRight);
        std::ofstream(file) << "abd";
        compare(stage.of("parents"), Finding::ParentsWrong);
        QCOMPARE(stage.of("parents").command(), "rm '" + file.string() + '\'');
    }

    void temporaryFiles() {
        Stage stage;
        compare(stage.of("temporary"), Finding::TemporaryGood);
        compare(stage.of("bellman-lock"), Finding::BellmanLockGood);
        std::ofstream(stage.at("tmp/bellman.gpu.lock")) << "";
        compare(stage.of("bellman-lock"), Finding::BellmanLockGood);
        if (::geteuid() == 0) {
            QCOMPARE(::chown(stage.at("tmp/bellman.gpu.lock").c_str(), 65534, 65534), 0);
            compare(stage.of("bellman-lock"), Finding::BellmanLockForeign);
        }
        stage.question.temporaryFolder = stage.at("nowhere");
        compare(stage.of("temporary"), Finding::TemporaryBad);
    }

    void firewallsAreSeen() {
        Stage stage;
        QVERIFY(activeFirewall(stage.question.root).empty());
        stage.put("etc/ufw/ufw.conf", "# x\nENABLED=no\n");
        QVERIFY(activeFirewall(stage.question.root).empty());
        stage.put("etc/ufw/ufw.conf", "ENABLED=yes\n");
        QCOMPARE(activeFirewall(stage.question.root), std::string("ufw"));
    }

    void itCanBeStopped() {
        std::stop_source stop;
        int count = 0;
        Stage stage;
        checkMachine(stage.question, stop.get_token(), [&](const MachineResult&) { ++count; stop.request_stop(); });
        QCOMPARE(count, 1);
    }
};

QTEST_GUILESS_MAIN(TestMachineCheck)
#include "tst_machine_check.moc"
