// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/machine_check.h"

#include "base/host_info.h"
#include "base/text.h"
#include "kernels/cpu_features.h"
#include "kernels/kernel_registry.h"
#include "protocol/lotus_types.h"
#include "sector/proof_type.h"
#include "setup/disk_facts.h"
#include "setup/disk_speed.h"
#include "setup/file_digest.h"
#include "setup/machine_facts.h"
#include "setup/network_interfaces.h"
#include "storage/local_store.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace lsw::setup {
namespace {

namespace fs = std::filesystem;

constexpr int kCoresWanted = 8;
/// Bytes a second, below which the layers of a sector take longer to write and to read than PC2 takes to hash them.
constexpr double kDiskWanted = 200e6;
constexpr std::uint64_t kLargeSector = 32ULL << 30;

using Question = MachineQuestion;
using Check = void (*)(const Question&, CheckNotes&);

std::string rateText(double bytesPerSecond) { return byteText(static_cast<std::uint64_t>(bytesPerSecond)); }

/// "12 s", "7 min", "3 h 05 min"
std::string timeText(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::ceil(seconds));
    if (whole < 60) return std::to_string(whole) + " s";
    const std::uint64_t minutes = (whole + 30) / 60;
    if (minutes < 60) return std::to_string(minutes) + " min";
    return std::to_string(minutes / 60) + " h " + (minutes % 60 < 10 ? "0" : "") + std::to_string(minutes % 60) + " min";
}

void checkCpu(const Question& question, CheckNotes& notes) {
    const kernels::CpuFeatures& features = kernels::cpuFeatures();
    const std::string name = kernels::cpuName().empty() ? "This processor" : kernels::cpuName();
    for (const auto& one : kernels::kernelReport())
        if (one.isChosen) notes.evidence("Kernel in use for " + one.kernel + ": " + one.implementation);
    const bool hashesFast = features.shaNi || features.avx512;
    if (question.labels && !hashesFast) notes.find(Finding::ShaMissing, {name});
    else notes.find(Finding::CpuFast, {name, kernels::featureText(features)});
}

void checkCores(const Question& question, CheckNotes& notes) {
    const int cores = readHostInfo(false, question.root).cpus;
    if (cores < kCoresWanted) notes.find(Finding::CoresFew, {std::to_string(cores), std::to_string(kCoresWanted)});
    else notes.find(Finding::CoresEnough, {std::to_string(cores)});
}

void checkCaches(const Question& question, CheckNotes& notes) {
    const auto groups = cacheGroups(question.root);
    if (groups.count > 0) notes.find(Finding::CacheGroups, {std::to_string(groups.count), groups.size.empty() ? "of a size that is not told" : groups.size});
}

void checkMemory(const Question& question, CheckNotes& notes) {
    const HostInfo host = readHostInfo(question.noSwap, question.root);
    const std::string memory = byteText(host.memPhysical), swap = byteText(host.memSwap);
    for (const TaskMemory& one : question.tasks)
        notes.evidence(one.name + " takes from " + byteText(one.least) + " to " + byteText(one.most));
    const auto largest = std::max_element(question.tasks.begin(), question.tasks.end(), [](const TaskMemory& a, const TaskMemory& b) { return a.most < b.most; });
    if (largest == question.tasks.end()) return;
    const std::uint64_t both = host.memPhysical + host.memSwap;
    std::string names, flags;
    std::uint64_t most = 0;
    for (const TaskMemory& one : question.tasks) {
        if (one.least <= host.memPhysical) continue;
        names += (names.empty() ? "" : ", ") + one.name;
        flags += (flags.empty() ? "" : " ") + one.flag;
        most = std::max(most, one.least);
    }
    if (!names.empty()) notes.find(Finding::MemoryShort, {memory, swap, names, byteText(most), flags});
    else if (largest->most > both) {
        const std::uint64_t missing = ((largest->most - both) >> 30U) + 1;
        notes.find(Finding::MemoryTight, {memory, swap, largest->name, byteText(largest->most), std::to_string(missing) + 'G'});
    } else notes.find(Finding::MemoryEnough, {memory, swap, largest->name, byteText(largest->most)});
    if (const std::uint64_t whole = memoryOfMachine(question.root); host.memPhysical < whole) notes.find(Finding::MemoryLimited, {memory, byteText(whole)});
}

void checkHugePages(const Question& question, CheckNotes& notes) {
    const std::string mode = transparentHugePages(question.root);
    if (mode.empty()) return;
    if (mode == "never" && question.labels) notes.find(Finding::HugePagesOff);
    else notes.find(Finding::HugePagesThere, {mode, std::to_string(reservedHugePages(question.root))});
}

void checkGpus(const Question& question, CheckNotes& notes) {
    const HostInfo host = readHostInfo(false, question.root);
    const std::string drivers = gpuDrivers(question.root);
    std::string names;
    for (const std::string& one : host.gpus) names += (names.empty() ? "" : ", ") + one;
    if (names.empty() && drivers.empty()) notes.find(Finding::NoGpu);
    else notes.find(Finding::GpusSeen, {names.empty() ? "a card without a name" : names, drivers.empty() ? "no driver is seen" : drivers});
}

void checkFiles(const Question&, CheckNotes& notes) {
    const std::uint64_t files = mostOpenFiles();
    if (files < kOpenFilesWanted) notes.find(Finding::FilesLow, {std::to_string(files), std::to_string(kOpenFilesWanted)});
    else notes.find(Finding::FilesEnough, {std::to_string(files)});
}

void checkLockedMemory(const Question&, CheckNotes& notes) {
    const std::uint64_t bytes = lockableMemory();
    notes.find(Finding::LockedMemory, {bytes == UINT64_MAX ? "Any amount" : byteText(bytes)});
}

void checkSealingPath(const Question& question, const fs::path& path, CheckNotes& notes) {
    const auto disk = diskFacts(path, question.root);
    if (!disk) return notes.find(Finding::PathGone, {path.string(), "its disk does not answer"});
    const fs::path there = existingFolder(path);
    if (const std::string why = whyNotWritable(there); !why.empty()) return notes.find(Finding::PathUnwritable, {there.string(), why, ownUserName()});
    const std::string system = disk->fileSystem.empty() ? "a file system that is not told" : disk->fileSystem;
    const std::string name = disk->disk.empty() ? "no disk of its own" : disk->disk;
    const std::uint64_t need = bytesInWork(question.sectorSize), fits = disk->free / need;
    notes.evidence("One sector takes " + bytesInWorkText(question.sectorSize));
    if (disk->kind == DiskKind::Memory) notes.find(Finding::PathInMemory, {path.string(), system});
    if (disk->kind == DiskKind::Network) notes.find(Finding::PathOnNetwork, {path.string(), system});
    if (disk->kind == DiskKind::Turning && question.labels) notes.find(Finding::PathTurns, {path.string(), name});
    if (fits == 0) notes.find(Finding::PathTooSmall, {byteText(question.sectorSize), byteText(need), path.string(), byteText(disk->free)});
    else notes.find(Finding::PathFit, {path.string(), system, name, byteText(disk->free), std::to_string(fits), byteText(question.sectorSize), byteText(need)});
}

/// How fast it is with the layers of a sector, which are most of what sealing writes and reads.
void checkDiskSpeed(const Question& question, const fs::path& path, const std::stop_token& stop, CheckNotes& notes) {
    const fs::path there = existingFolder(path);
    const auto speed = measureDiskSpeed(there, stop);
    if (!speed) return notes.find(Finding::DiskUnmeasured, {there.string(), speed.error().detail()});
    notes.evidence("Measured with " + byteText(speed->bytes) + (speed->passesCache ? ", past the page cache" : ", with a flush"));
    const auto proof = sector::proofForSize(sector::PaddedBytes{question.sectorSize});
    const std::uint64_t layers = proof ? static_cast<std::uint64_t>((*proof)->layers) * question.sectorSize : 0;
    const std::string write = rateText(speed->write), read = rateText(speed->read);
    const double takes = static_cast<double>(layers) / speed->write + static_cast<double>(layers) / speed->read;
    const bool isSlow = proof && question.sectorSize >= kLargeSector && std::min(speed->write, speed->read) < kDiskWanted;
    if (isSlow) notes.find(Finding::DiskSlow, {there.string(), write, read, byteText(layers), timeText(takes)});
    else notes.find(Finding::DiskSpeedGood, {there.string(), write, read});
}

/// What is free for files that stay, on a disk that sealing may share: what one sector takes is not theirs.
std::optional<std::uint64_t> freeBeside(const Question& question, const fs::path& folder, CheckNotes& notes) {
    const auto disk = diskFacts(folder, question.root);
    if (!disk) return std::nullopt;
    const std::uint64_t sector = bytesInWork(question.sectorSize);
    for (const fs::path& path : question.sealingPaths) {
        const auto other = diskFacts(path, question.root);
        if (!other || other->device != disk->device || sector > disk->free) continue;
        notes.evidence("The sealing path " + path.string() + " lies on the same disk, where one sector takes " + byteText(sector));
        return disk->free - sector;
    }
    return disk->free;
}

void checkRoom(const Question& question, const fs::path& folder, std::uint64_t missing, Finding fits, Finding noRoom, CheckNotes& notes) {
    const auto free = freeBeside(question, folder, notes);
    if (!free) return notes.find(Finding::PathGone, {folder.string(), "its disk does not answer"});
    notes.find(*free < missing ? noRoom : fits, {byteText(missing), folder.string(), byteText(*free)});
}

void checkParameters(const Question& question, CheckNotes& notes) {
    if (question.missingParameters == 0) notes.find(Finding::NoParameters);
    else checkRoom(question, question.parameterFolder, question.missingParameters, Finding::ParametersFit, Finding::ParametersNoRoom, notes);
}

void checkParents(const Question& question, const std::stop_token& stop, CheckNotes& notes) {
    if (question.missingParents > 0) return checkRoom(question, question.parentFolder, question.missingParents, Finding::ParentsFit, Finding::ParentsNoRoom, notes);
    if (question.parentFile.empty()) return;
    std::error_code failed;
    const std::string file = question.parentFile.string(), size = byteText(fs::file_size(question.parentFile, failed));
    if (!question.readParents) return notes.find(question.wereParentsChecked ? Finding::ParentsThere : Finding::ParentsUnchecked, {file, size});
    const auto digest = sha256OfFile(question.parentFile, stop);
    if (!digest && digest.error().code() == ErrorCode::Cancelled) return notes.find(Finding::Stopped);
    if (!digest) notes.evidence(digest.error().message());
    else notes.evidence("SHA-256 " + *digest + (*digest == question.parentDigest ? "" : ", and not " + question.parentDigest));
    notes.find(digest && *digest == question.parentDigest ? Finding::ParentsRight : Finding::ParentsWrong, {file, size});
}

/// The card of the network that sectors leave through.
void checkNetwork(const Question& question, CheckNotes& notes) {
    const NetworkInterface* fastest = nullptr;
    const auto all = networkInterfaces({}, (question.root / "sys/class/net").string());
    for (const NetworkInterface& one : all)
        if ((one.kind == InterfaceKind::Lan || one.kind == InterfaceKind::Public) && one.megabitsPerSecond > 0 && (!fastest || one.megabitsPerSecond > fastest->megabitsPerSecond)) fastest = &one;
    if (!fastest) return;
    const std::uint64_t cache = storage::spaceNeeded(protocol::FileType::Cache, protocol::PathType::Sealing, question.sectorSize);
    const double seconds = static_cast<double>(question.sectorSize + cache) * 8 / (static_cast<double>(fastest->megabitsPerSecond) * 1e6);
    notes.find(Finding::LinkSpeed, {fastest->name, std::to_string(fastest->megabitsPerSecond), byteText(question.sectorSize), byteText(cache), timeText(seconds)});
}

void checkTemporary(const Question& question, CheckNotes& notes) {
    const fs::path& folder = question.temporaryFolder;
    const auto disk = diskFacts(folder, question.root);
    const std::string why = whyNotWritable(folder);
    if (!why.empty() || !disk) notes.find(Finding::TemporaryBad, {folder.string(), why.empty() ? "its disk does not answer" : why});
    else notes.find(Finding::TemporaryGood, {folder.string(), byteText(disk->free)});
}

void checkBellmanLock(const Question& question, CheckNotes& notes) {
    std::error_code failed;
    for (fs::directory_iterator it(question.temporaryFolder, failed), end; !failed && it != end; it.increment(failed)) {
        const std::string name = it->path().filename().string();
        if (!name.starts_with("bellman.") || !name.ends_with("lock")) continue;
        if (const std::string owner = ownerOf(it->path()); owner != ownUserName()) notes.find(Finding::BellmanLockForeign, {it->path().string(), owner});
    }
    if (notes.isEmpty()) notes.find(Finding::BellmanLockGood);
}

void checkClock(const Question&, CheckNotes& notes) { notes.find(isClockKept() ? Finding::ClockKept : Finding::ClockUnkept); }

void checkSleep(const Question& question, CheckNotes& notes) {
    const std::string setting = idleSleep(question.root);
    if (setting.empty()) notes.find(Finding::StaysAwake);
    else notes.find(Finding::SleepsWhenIdle, {setting});
}

struct Row {
    std::string_view key, title;
    Check check;
};
constexpr std::array<Row, 13> kRows{{
    {"cpu", "Processor", checkCpu},
    {"cores", "Cores", checkCores},
    {"caches", "L3 caches", checkCaches},
    {"memory", "Memory", checkMemory},
    {"huge-pages", "Huge pages", checkHugePages},
    {"gpu", "Graphics cards", checkGpus},
    {"files", "Open files", checkFiles},
    {"locked-memory", "Locked memory", checkLockedMemory},
    {"temporary", "Temporary files", checkTemporary},
    {"bellman-lock", "Locks of provers", checkBellmanLock},
    {"clock", "Clock", checkClock},
    {"sleep", "Sleep", checkSleep},
    {"network", "Network", checkNetwork},
}};

} // namespace

std::uint64_t bytesInWork(std::uint64_t sectorSize) {
    using protocol::FileType;
    std::uint64_t sum = 0;
    for (const FileType one : {FileType::Unsealed, FileType::Sealed, FileType::Cache}) sum += storage::spaceNeeded(one, protocol::PathType::Sealing, sectorSize);
    return sum;
}

std::string bytesInWorkText(std::uint64_t sectorSize) {
    const auto part = [&](protocol::FileType one) { return byteText(storage::spaceNeeded(one, protocol::PathType::Sealing, sectorSize)); };
    return part(protocol::FileType::Unsealed) + " of data, " + part(protocol::FileType::Sealed) + " of replica and " + part(protocol::FileType::Cache) +
           " of layers and trees, together " + byteText(bytesInWork(sectorSize));
}

std::vector<MachineResult> checkMachine(const MachineQuestion& question, const std::stop_token& stop, const std::function<void(const MachineResult&)>& report) {
    std::vector<MachineResult> out;
    const auto add = [&](std::string_view key, std::string_view title, const CheckNotes& notes) {
        if (notes.isEmpty()) return; // the system does not tell
        out.push_back({key, title, notes.worst(), notes.evidence()});
        if (report) report(out.back());
    };
    for (const Row& row : kRows) {
        if (stop.stop_requested()) return out;
        CheckNotes notes;
        row.check(question, notes);
        add(row.key, row.title, notes);
    }
    std::set<std::uint64_t> measured; // disks, each once
    for (const fs::path& path : question.sealingPaths) {
        if (stop.stop_requested()) return out;
        CheckNotes notes;
        checkSealingPath(question, path, notes);
        add("path", "Sealing path", notes);
        const Finding found = notes.worst().finding;
        const bool hasDisk = found != Finding::PathGone && found != Finding::PathUnwritable && found != Finding::PathInMemory;
        const auto disk = question.measureDisks && hasDisk ? diskFacts(path, question.root) : std::nullopt;
        if (!disk || !measured.insert(disk->device).second) continue;
        CheckNotes speed;
        checkDiskSpeed(question, path, stop, speed);
        add("disk-speed", "Speed of the disk", speed);
    }
    if (stop.stop_requested()) return out;
    CheckNotes parameters, parents;
    checkParameters(question, parameters);
    add("parameters", "Proof parameters", parameters);
    checkParents(question, stop, parents);
    add("parents", "Parent graph", parents);
    return out;
}

} // namespace lsw::setup
