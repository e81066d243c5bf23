// SPDX-License-Identifier: MIT OR Apache-2.0
// checkpoint_lives [--kills N] [--seed S]: PC1, alone and of several sectors together, and PC2 in child processes that are killed (-9) at random moments, again and again, until they end.
// What they leave is compared byte for byte with what an undisturbed run left, and what each had to do again is counted.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <random>
#include <string>

#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proofs/native/native_engine.h"
#include "proofs/native/native_labels.h"
#include "proofs/native/native_parents.h"
#include "proofs/native/native_trees.h"
#include "proofs/native/replica_id.h"
#include "proofs/sector_folder.h"
#include "sector/sector_files.h"

using namespace lsw;
using namespace lsw::proofs;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr sector::SectorId kSector{1000, 7};
constexpr std::size_t kTogether = 5; ///< sectors of a batch: four lanes, or one of sixteen, and one that waits

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "checkpoint_lives: %s\n", what.c_str());
    std::exit(1);
}

template <typename T>
T need(Expected<T> value) {
    if (!value) fail(value.error().forLog());
    if constexpr (!std::is_void_v<T>) return std::move(*value);
}

/// What a child tells of a sector while it lives; shared memory, so that it is there after its end.
struct Told {
    std::atomic<bool> hasBegun;
    std::atomic<std::uint64_t> from, reached; ///< units that were done already when it began; units done
};
using Contexts = std::vector<TaskContext>; ///< one for each sector

/// A phase in a folder whose inputs are there. Its units are nodes; those since the last multiple of `between` may have to be done again.
struct Work {
    std::string name;
    std::uint64_t total = 0, between = 0;
    std::uint64_t unsafe = 0; ///< how many of the units that are told may be of a checkpoint that is not written yet
    std::string checkpoint; ///< its file in the cache folder
    std::function<void(const fs::path& root)> prepare;
    std::function<Expected<void>(const fs::path& root, const Contexts& contexts)> run;
    std::size_t sectors = 1; ///< more: each has a folder in the root, named by its number

    fs::path folder(const fs::path& root, std::size_t sector) const { return sectors == 1 ? root : root / std::to_string(sector); }
};

void writeData(const fs::path& file, std::uint64_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>((7 * i + i / 509) & (i % 32 == 31 ? 0x3f : 0xff));
    std::ofstream(file, std::ios::binary) << bytes;
}

Bytes32 ticket(std::uint8_t value = 9) {
    Bytes32 out{};
    out.fill(value);
    return out;
}

Expected<PreCommit1Order> preCommit1Of(const sector::ProofInfo& info, const fs::path& root, std::uint8_t ticketValue = 9) {
    std::string commD;
    std::ifstream(root / "comm_d") >> commD;
    const auto root32 = bytes32FromHex(commD, "CommD");
    if (!root32) return root32.error();
    return PreCommit1Order{info.proof, kSector, ticket(ticketValue), {{info.sectorSize, *root32}}, root / "unsealed", root / "sealed", root / "cache"};
}

/// Inputs and orders of one sector of a proof type, labelled with so many nodes between checkpoints, in so many bytes (0: two layers).
Work labelling(std::int64_t proof, std::uint64_t between, std::uint64_t memory = 0) {
    const auto& info = *need(sector::proofInfo(sector::SealProof{proof}));
    Work work{"PC1 of " + sector::sizeName(info.sectorSize.value), static_cast<std::uint64_t>(info.layers) * info.nodes(), between, 0, std::string(sector::kLabelCheckpointName), {}, {}};
    work.prepare = [&info](const fs::path& root) {
        (void)need(mappedParents(info, "pc1", {})); // made once, and not part of a life
        fs::create_directories(root);
        writeData(root / "unsealed", info.sectorSize.value);
        const auto commD = need(buildTreeD(info, root / "unsealed", root / "tree", {}, "pc1", {}));
        fs::remove(root / "tree");
        std::ofstream(root / "comm_d") << toHex(commD);
    };
    if (memory > 0) work.name += ", in parts";
    work.run = [&info, between, memory](const fs::path& root, const Contexts& contexts) -> Expected<void> {
        auto order = preCommit1Of(info, root);
        if (!order) return order.error();
        order->memory = memory;
        auto output = NativeEngine(nullptr, between).preCommit1(*order, contexts.front());
        if (!output) return std::move(output).error();
        std::ofstream(root / "pc1.json") << *output;
        return {};
    };
    return work;
}

/// The same of several sectors at once. Those whose output was heard are not ordered again.
Work labellingTogether(std::int64_t proof, std::uint64_t between) {
    Work work = labelling(proof, between);
    const auto& info = *need(sector::proofInfo(sector::SealProof{proof}));
    work.name += ", " + std::to_string(kTogether) + " at once";
    work.sectors = kTogether;
    work.prepare = [prepare = work.prepare](const fs::path& root) {
        for (std::size_t i = 0; i < kTogether; ++i) prepare(root / std::to_string(i));
    };
    work.run = [&info, between](const fs::path& root, const Contexts& contexts) -> Expected<void> {
        std::vector<PreCommit1Member> members;
        Expected<void> failed;
        for (std::size_t i = 0; i < kTogether; ++i) {
            const fs::path folder = root / std::to_string(i);
            if (fs::exists(folder / "pc1.json")) continue;
            const auto order = preCommit1Of(info, folder, static_cast<std::uint8_t>(i));
            if (!order) return order.error();
            members.push_back({*order, contexts[i], [folder, &failed](Expected<std::string> output) {
                                   if (!output) {
                                       failed = std::move(output).error();
                                       return;
                                   }
                                   std::ofstream(folder / "pc1.new") << *output;
                                   fs::rename(folder / "pc1.new", folder / "pc1.json"); // heard whole, or not at all
                               }});
        }
        NativeEngine(nullptr, between).preCommit1Together(std::move(members));
        return failed;
    };
    return work;
}

/// PC2 after an undisturbed PC1.
Work building(std::int64_t proof) {
    Work work = labelling(proof, LabelCheckpoint::kNodesBetween);
    const auto& info = *need(sector::proofInfo(sector::SealProof{proof}));
    work.name.replace(0, 3, "PC2");
    work.total = work.between = info.nodes();
    work.unsafe = 1;
    work.checkpoint = sector::kTreeCheckpointName;
    work.prepare = [prepare = work.prepare, label = work.run](const fs::path& root) {
        prepare(root);
        need(label(root, {{}}));
    };
    work.run = [](const fs::path& root, const Contexts& contexts) -> Expected<void> {
        std::ifstream in(root / "pc1.json");
        const std::string phase1{std::istreambuf_iterator<char>(in), {}};
        const auto done = NativeEngine(nullptr).preCommit2({phase1, root / "sealed", root / "cache"}, contexts.front());
        if (!done) return done.error();
        std::ofstream(root / "comm_r") << toHex(done->commR);
        return {};
    };
    return work;
}

/// PC2 of the shape of a 64 GiB sector in small: sixteen base trees.
Work buildingSixteen() {
    static const sector::ProofInfo info = [] {
        sector::ProofInfo shape = **sector::proofInfo(sector::SealProof{5});
        shape.sectorSize = {32768};
        shape.baseTrees = 16;
        return shape;
    }();
    Work work{"PC2 of 16 base trees", info.nodes(), info.nodes() / 16, 1, std::string(sector::kTreeCheckpointName), {}, {}};
    work.prepare = [](const fs::path& root) {
        fs::create_directories(root / "cache");
        writeData(root / "unsealed", info.sectorSize.value);
        const auto commD = need(buildTreeD(info, root / "unsealed", root / "cache" / sector::treeDFileName(), {}, "pc1", {}));
        std::vector<fs::path> files;
        for (const auto& layer : sector::layerFiles(info)) files.push_back(root / "cache" / layer.name);
        (void)need(labelSector(info, replicaId(info.proof, kSector, ticket(), commD), files, "pc1", {}));
    };
    work.run = [](const fs::path& root, const Contexts& contexts) -> Expected<void> {
        const TaskContext& context = contexts.front();
        auto checkpoint = TreeCheckpoint::resumed(info, root / "sealed", root / "cache", context);
        if (!checkpoint) return std::move(checkpoint).error();
        const auto trees = buildReplicaTrees(info, root / "sealed", root / "cache", context, &*checkpoint);
        if (!trees) return trees.error();
        std::ofstream(root / "comm_r") << toHex(trees->commR);
        return checkpoint->remove();
    };
    return work;
}

TaskContext tellingContext(Told& told) {
    TaskContext context;
    context.report = [&told](const Progress& progress) {
        if (progress.unit != "nodes" || progress.step.find("parent cache") != std::string::npos) return;
        if (!told.hasBegun.exchange(true)) told.from = progress.done;
        std::uint64_t before = told.reached;
        while (before < progress.done && !told.reached.compare_exchange_weak(before, progress.done)) {}
    };
    return context;
}

std::map<std::string, std::string> filesOf(const fs::path& root) {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        out[fs::relative(entry.path(), root).string()] = {std::istreambuf_iterator<char>(in), {}};
    }
    return out;
}

/// Runs it in a child and kills that after so long; whether the child came to its end before.
bool liveOnce(const Work& work, const fs::path& root, Told* told, std::chrono::nanoseconds life) {
    const pid_t child = ::fork();
    if (child < 0) fail("cannot fork");
    if (child == 0) {
        Contexts contexts;
        for (std::size_t i = 0; i < work.sectors; ++i) contexts.push_back(tellingContext(told[i]));
        const auto done = work.run(root, contexts);
        if (!done) std::fprintf(stderr, "%s\n", done.error().forLog().c_str());
        ::_exit(done ? 0 : 1);
    }
    const int end = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
    pollfd watched{end, POLLIN, 0};
    const timespec until{life.count() / 1'000'000'000, life.count() % 1'000'000'000};
    const bool isOver = ::ppoll(&watched, 1, &until, nullptr) == 1;
    if (!isOver) ::kill(child, SIGKILL);
    ::close(end);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0) fail(work.name + ": a child failed");
    return WIFEXITED(status);
}

void kill(const Work& work, const fs::path& folder, int kills, std::mt19937_64& random) {
    const fs::path root = folder / "sector";
    work.prepare(root);
    const auto inputs = folder / "inputs";
    fs::copy(root, inputs, fs::copy_options::recursive);
    const Contexts nobody(work.sectors);
    need(work.run(root, nobody));
    const auto expected = filesOf(root);
    fs::remove_all(root);
    fs::copy(inputs, root, fs::copy_options::recursive);
    const auto begin = Clock::now(); // of the second time: the first one chose the kernels, too
    need(work.run(root, nobody));
    const auto whole = Clock::now() - begin;

    const std::size_t toldBytes = work.sectors * sizeof(Told);
    auto* told = static_cast<Told*>(::mmap(nullptr, toldBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    struct Known {
        std::uint64_t sure = 0, reached = 0; ///< what must be there; what was done at most
    };
    int killed = 0, ended = 0, unheard = 0, resumed = 0;
    std::uint64_t mostAgain = 0;
    while (killed < kills) {
        fs::remove_all(root);
        fs::copy(inputs, root, fs::copy_options::recursive);
        std::vector<Known> sectors(work.sectors);
        std::uint64_t longest = static_cast<std::uint64_t>(whole.count());
        for (bool isOver = false; !isOver;) {
            for (std::size_t i = 0; i < work.sectors; ++i) new (told + i) Told{};
            isOver = liveOnce(work, root, told, std::chrono::nanoseconds(random() % longest));
            longest += longest / 8; // so that it ends on a machine that became slower, too
            if (!isOver) ++killed;
            for (std::size_t i = 0; i < work.sectors; ++i) {
                auto& [sure, reached] = sectors[i];
                if (told[i].hasBegun) {
                    const std::uint64_t from = told[i].from;
                    if (from < sure) fail(work.name + ": " + std::to_string(from) + " nodes were found again, " + std::to_string(sure) + " were safe");
                    if (from > reached + work.between) fail(work.name + ": it went on at node " + std::to_string(from) + ", only " + std::to_string(reached) + " were done");
                    if (reached > from) mostAgain = std::max(mostAgain, reached - from);
                    if (from > 0) ++resumed;
                    reached = std::max<std::uint64_t>(reached, told[i].reached);
                    sure = (reached - std::min(reached, work.unsafe)) / work.between * work.between;
                }
                // Killed between the removal of its checkpoint and its answer: done, but nobody heard.
                if (!isOver && reached == work.total && !fs::exists(work.folder(root, i) / "cache" / work.checkpoint)) {
                    if (work.sectors == 1 || !fs::exists(work.folder(root, i) / "pc1.json")) ++unheard;
                    sure = reached = 0;
                }
            }
        }
        ++ended;
        const auto got = filesOf(root);
        for (const auto& [name, bytes] : expected)
            if (!got.contains(name) || got.at(name) != bytes) fail(work.name + ": " + name + " is not what an undisturbed run makes");
        if (got.size() != expected.size()) fail(work.name + ": files are left that an undisturbed run does not leave");
    }
    std::printf("%s: %d kills, %d sectors as undisturbed, %d times gone on from a checkpoint, at most %llu of %llu nodes again (%llu between checkpoints), %d ends unheard\n",
                work.name.c_str(), killed, ended, resumed, static_cast<unsigned long long>(mostAgain), static_cast<unsigned long long>(work.total),
                static_cast<unsigned long long>(work.between), unheard);
    ::munmap(told, toldBytes);
    fs::remove_all(folder);
}

} // namespace

int main(int argc, char** argv) {
    int kills = 1000;
    std::uint64_t seed = std::random_device()();
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--kills") == 0) kills = std::atoi(argv[i + 1]);
        else if (std::strcmp(argv[i], "--seed") == 0) seed = std::strtoull(argv[i + 1], nullptr, 10);
        else fail("usage: checkpoint_lives [--kills N] [--seed S]");
    }
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    // In memory where that can be: a disk that takes its time to flush would make most moments those of waiting.
    std::string name = ::access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : fs::temp_directory_path().string();
    name += "/checkpoint-lives-XXXXXX";
    if (!::mkdtemp(name.data())) fail("cannot make a folder");
    const fs::path folder = name;
    ::setenv("FIL_PROOFS_PARENT_CACHE", (folder / "parents").c_str(), 1);
    // A twentieth of them for each of the sectors that take a second and more.
    const std::vector<std::pair<Work, int>> works{{labelling(5, 16), kills * 2 / 10}, {labellingTogether(5, 16), kills * 2 / 10}, {building(5), kills / 10}, {buildingSixteen(), kills * 3 / 10},
                                                  {labelling(6, 1U << 16), kills / 20}, {labelling(5, 16, 1500), kills / 10}, {labelling(6, 1U << 16, 4U << 20), kills / 20}, {labellingTogether(6, 1U << 16), kills / 40}, {building(6), kills / 20}};
    for (const auto& [work, share] : works) {
        kill(work, folder / "life", std::max(1, share), random);
        std::fflush(stdout);
    }
    fs::remove_all(folder);
    return 0;
}
