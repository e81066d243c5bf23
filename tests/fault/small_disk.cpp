// SPDX-License-Identifier: MIT OR Apache-2.0
#include "small_disk.h"

#include <fstream>
#include <string>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace lsw::test {
namespace fs = std::filesystem;

bool enterMountNamespace() {
    if (::unshare(CLONE_NEWNS) != 0) {
        const auto user = ::geteuid();
        const auto group = ::getegid();
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        std::ofstream("/proc/self/setgroups") << "deny";
        std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
        std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
    }
    return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

SmallDisk::SmallDisk(fs::path folder, std::uint64_t bytes) : m_folder(std::move(folder)) {
    std::error_code failed;
    fs::create_directories(m_folder, failed);
    m_mounted = ::mount("small", m_folder.c_str(), "tmpfs", 0, ("size=" + std::to_string(bytes) + ",mode=0755").c_str()) == 0;
}

SmallDisk::~SmallDisk() {
    if (m_mounted) ::umount2(m_folder.c_str(), MNT_DETACH);
}

bool SmallDisk::fill(std::uint64_t leave) {
    struct statvfs info {};
    if (::statvfs(m_folder.c_str(), &info) != 0) return false;
    const std::uint64_t now = info.f_bavail * info.f_frsize;
    const int handle = ::open((m_folder / "filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const bool taken = handle >= 0 && now > leave && ::fallocate(handle, 0, 0, static_cast<off_t>(now - leave)) == 0;
    if (handle >= 0) ::close(handle);
    return taken;
}

void SmallDisk::free() {
    std::error_code ignored;
    fs::remove(m_folder / "filler", ignored);
}

void limitFileSize(pid_t pid, std::uint64_t bytes) {
    rlimit now{};
    if (::prlimit(pid, RLIMIT_FSIZE, nullptr, &now) != 0) return;
    now.rlim_cur = bytes ? std::min<rlim_t>(bytes, now.rlim_max) : now.rlim_max;
    ::prlimit(pid, RLIMIT_FSIZE, &now, nullptr);
}

} // namespace lsw::test
