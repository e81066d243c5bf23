// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/disk_facts.h"

#include "setup/patient_question.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

namespace lsw::setup {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{5};

struct Mount {
    std::string place, fileSystem, source;
};

/// The mount of a device, by /proc/self/mountinfo: "36 35 98:0 /root /place options - type source options".
std::optional<Mount> mountOf(dev_t device, const fs::path& root) {
    const std::string wanted = std::to_string(major(device)) + ':' + std::to_string(minor(device));
    std::ifstream file(root / "proc/self/mountinfo");
    std::optional<Mount> out;
    for (std::string line; std::getline(file, line);) {
        std::istringstream fields(line);
        std::string number, parent, numbers, inner, place, word;
        fields >> number >> parent >> numbers >> inner >> place;
        if (numbers != wanted) continue;
        while (fields >> word && word != "-") {}
        Mount mount{place, {}, {}};
        fields >> mount.fileSystem >> mount.source;
        out = mount; // the last one covers those before it
    }
    return out;
}

/// The whole disk of a device, "nvme0n1" for its second partition; a mapped one says itself whether it turns.
std::string diskOf(dev_t device, const fs::path& root) {
    std::error_code failed;
    const fs::path link = root / "sys/dev/block" / (std::to_string(major(device)) + ':' + std::to_string(minor(device)));
    fs::path folder = fs::canonical(link, failed);
    if (failed) return {};
    if (fs::exists(folder / "partition", failed)) folder = folder.parent_path();
    return folder.filename().string();
}

DiskKind kindOf(const std::string& fileSystem, const std::string& disk, const fs::path& root) {
    constexpr std::array<std::string_view, 12> network{"nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "9p", "lustre"};
    if (std::find(network.begin(), network.end(), fileSystem) != network.end()) return DiskKind::Network;
    if (fileSystem == "tmpfs" || fileSystem == "ramfs") return DiskKind::Memory;
    std::ifstream file(root / "sys/block" / disk / "queue/rotational");
    int turns = -1;
    const bool isVirtual = disk.starts_with("vd") || disk.starts_with("xvd"); // they all say that they turn
    if (disk.empty() || isVirtual || !(file >> turns)) return DiskKind::Unknown;
    return turns == 1 ? DiskKind::Turning : DiskKind::Solid;
}

std::optional<DiskFacts> ask(const fs::path& folder, const fs::path& root) {
    const fs::path there = existingFolder(folder);
    struct stat info {};
    struct statvfs room {};
    if (::stat(there.c_str(), &info) != 0 || ::statvfs(there.c_str(), &room) != 0) return std::nullopt;
    DiskFacts out;
    out.device = info.st_dev;
    out.free = room.f_bavail * room.f_frsize;
    if (const auto mount = mountOf(info.st_dev, root)) out.fileSystem = mount->fileSystem;
    out.disk = diskOf(info.st_dev, root);
    out.kind = kindOf(out.fileSystem, out.disk, root);
    return out;
}

} // namespace

fs::path existingFolder(fs::path folder) {
    std::error_code failed;
    while (!fs::exists(folder, failed) && folder.has_relative_path()) folder = folder.parent_path();
    return folder;
}

std::optional<DiskFacts> diskFacts(const fs::path& folder, const fs::path& root) {
    return answerWithin(kPatience, [folder, root] { return ask(folder, root); });
}

} // namespace lsw::setup
