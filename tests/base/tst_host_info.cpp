// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include "base/host_info.h"

using namespace lsw;

namespace {

constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * kKiB, kGiB = 1024 * kMiB;

/// A machine made of files: 8 GiB of memory with 6 available, 4 GiB of swap with 3 free.
class FakeRoot {
public:
    FakeRoot() {
        write("proc/meminfo", "MemTotal:        8388608 kB\nMemFree:          100 kB\nMemAvailable:    6291456 kB\n"
                              "SwapTotal:       4194304 kB\nSwapFree:        3145728 kB\n");
    }
    void write(const char* name, const QByteArray& text) {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    HostInfo read(bool noSwap = false) const { return readHostInfo(noSwap, m_folder.path().toStdString()); }

private:
    QTemporaryDir m_folder;
};

} // namespace

class TestHostInfo : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void memoryIsWhatTheKernelSays() {
        FakeRoot root;
        const auto host = root.read();
        QCOMPARE(host.memPhysical, 8 * kGiB);
        QCOMPARE(host.memUsed, 2 * kGiB);
        QCOMPARE(host.memSwap, 4 * kGiB);
        QCOMPARE(host.memSwapUsed, 1 * kGiB);
        QVERIFY(host.cpus >= 1);
        QVERIFY(!host.hostname.empty());
        QVERIFY(host.gpus.empty());
    }

    void noSwapReportsNone() {
        FakeRoot root;
        const auto host = root.read(true);
        QCOMPARE(host.memSwap, std::uint64_t{0});
        QCOMPARE(host.memSwapUsed, std::uint64_t{0});
        QCOMPARE(host.memPhysical, 8 * kGiB);
    }

    void theSmallestLimitOfVersion2Wins() {
        FakeRoot root;
        root.write("proc/self/cgroup", "0::/user.slice/worker.service\n");
        root.write("sys/fs/cgroup/user.slice/worker.service/memory.max", "max\n");
        root.write("sys/fs/cgroup/user.slice/worker.service/memory.current", "1\n");
        root.write("sys/fs/cgroup/user.slice/memory.max", "3221225472\n");
        root.write("sys/fs/cgroup/user.slice/memory.current", "1610612736\n");
        root.write("sys/fs/cgroup/user.slice/memory.stat", "anon 5\nfile 536870912\nkernel 3\n");
        root.write("sys/fs/cgroup/user.slice/memory.swap.max", "0\n");
        const auto host = root.read();
        QCOMPARE(host.memPhysical, 3 * kGiB);
        QCOMPARE(host.memUsed, 1 * kGiB);
        QCOMPARE(host.memSwap, std::uint64_t{0});
    }

    void aLimitAboveTheMachineIsNone() {
        FakeRoot root;
        root.write("proc/self/cgroup", "0::/a\n");
        root.write("sys/fs/cgroup/a/memory.max", "99999999999999\n");
        root.write("sys/fs/cgroup/a/memory.current", "1\n");
        QCOMPARE(root.read().memPhysical, 8 * kGiB);
        QCOMPARE(root.read().memUsed, 2 * kGiB);
    }

    void aLimitOfVersion1Wins() {
        FakeRoot root;
        root.write("proc/self/cgroup", "12:cpu,cpuacct:/x\n5:memory:/docker/7\n");
        root.write("sys/fs/cgroup/memory/docker/7/memory.limit_in_bytes", "2147483648\n");
        root.write("sys/fs/cgroup/memory/docker/7/memory.usage_in_bytes", "1073741824\n");
        root.write("sys/fs/cgroup/memory/docker/7/memory.stat", "cache 9\ntotal_inactive_file 104857600\ntotal_active_file 104857600\n");
        root.write("sys/fs/cgroup/memory/docker/7/memory.memsw.limit_in_bytes", "3221225472\n");
        root.write("sys/fs/cgroup/memory/docker/7/memory.memsw.usage_in_bytes", "1342177280\n");
        const auto host = root.read();
        QCOMPARE(host.memPhysical, 2 * kGiB);
        QCOMPARE(host.memUsed, 824 * kMiB);
        QCOMPARE(host.memSwap, 1 * kGiB);
        QCOMPARE(host.memSwapUsed, 256 * kMiB);
    }

    void cardsAreNamedInTheOrderOfTheirBus() {
        FakeRoot root;
        root.write("proc/driver/nvidia/gpus/0000:41:00.0/information", "Model: \t\t NVIDIA A100-PCIE-40GB\nIRQ:   1\n");
        root.write("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA GeForce RTX 3090\n");
        QCOMPARE(root.read().gpus, (std::vector<std::string>{"NVIDIA GeForce RTX 3090", "NVIDIA A100-PCIE-40GB"}));
    }

    void nothingReadableIsNoCrash() {
        const auto host = readHostInfo(false, "/nowhere-at-all");
        QCOMPARE(host.memPhysical, std::uint64_t{0});
        QVERIFY(host.cpus >= 1);
    }

    void thisMachineHasMemory() { QVERIFY(readHostInfo(false).memPhysical > 64 * kMiB); }
};

QTEST_GUILESS_MAIN(TestHostInfo)
#include "tst_host_info.moc"
