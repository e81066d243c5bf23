// SPDX-License-Identifier: MIT OR Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <sched.h>

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include "base/processor_groups.h"

using namespace lsw;
namespace fs = std::filesystem;

namespace {

Processors own() {
    cpu_set_t set;
    CPU_ZERO(&set);
    ::sched_getaffinity(0, sizeof set, &set);
    Processors out;
    for (int one = 0; one < CPU_SETSIZE; ++one)
        if (CPU_ISSET(one, &set)) out.push_back(static_cast<std::uint64_t>(one));
    return out;
}

} // namespace

class TestProcessorGroups : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void groupsAreThoseOfTheThirdLevel() {
        const QTemporaryDir dir;
        const auto write = [&](std::uint64_t processor, const std::string& index, const std::string& level, const std::string& shared) {
            const fs::path cache = fs::path(dir.path().toStdString()) / "sys/devices/system/cpu" / ("cpu" + std::to_string(processor)) / "cache" / index;
            fs::create_directories(cache);
            std::ofstream(cache / "level") << level << '\n';
            std::ofstream(cache / "shared_cpu_list") << shared << '\n';
        };
        const Processors mine = own();
        for (const std::uint64_t one : mine) {
            write(one, "index0", "1", std::to_string(one));
            write(one, "index3", "3", "0-" + std::to_string(CPU_SETSIZE - 1)); // processors that are not ours are left out
        }
        QVERIFY(processorGroups(dir.path().toStdString()) == std::vector<Processors>{mine});
        if (mine.size() < 2) QSKIP("one processor makes no two groups");
        for (const std::uint64_t one : mine) write(one, "index3", "3", one == mine[0] ? std::to_string(one) + ",1000-1010" : std::to_string(mine[1]) + '-' + std::to_string(mine.back()));
        const auto groups = processorGroups(dir.path().toStdString());
        QCOMPARE(groups.size(), std::size_t{2});
        QVERIFY(groups[0] == Processors{mine[0]});
        QVERIFY(groups[1] == Processors(mine.begin() + 1, mine.end()));
        for (const std::uint64_t one : mine) write(one, "index3", "3", "1-");
        QVERIFY(processorGroups(dir.path().toStdString()).empty());
        QVERIFY(processorGroups("/is/not/there").empty());
    }

    void aThreadIsKeptAndLetGo() {
        const Processors before = own();
        {
            const KeptToProcessors kept({before.back()});
            QVERIFY(own() == Processors{before.back()});
            Processors elsewhere;
            std::thread([&] { elsewhere = own(); }).join(); // threads that it starts stay beside it
            QVERIFY(elsewhere == Processors{before.back()});
        }
        QVERIFY(own() == before);
        const KeptToProcessors nowhere({}), notThere({1023});
        QVERIFY(own() == before);
    }
};

QTEST_GUILESS_MAIN(TestProcessorGroups)
#include "tst_processor_groups.moc"
