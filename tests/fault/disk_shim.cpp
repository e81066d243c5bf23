// SPDX-License-Identifier: MIT OR Apache-2.0
// A slow or failing disk, and a note of what a power cut would leave: preloaded into programs under test (LD_PRELOAD).
#include "disk_shadow.h"

#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/uio.h>

namespace {

using lsw::test::DiskControl;

thread_local bool t_inside = false; ///< what the shim itself does goes to the disk as it is

struct Shim {
    DiskControl* control = nullptr;
    std::vector<std::string> roots;
    std::string shadow;

    Shim() {
        const char* file = std::getenv("LSW_DISK_CONTROL");
        const char* given = std::getenv("LSW_DISK_ROOTS");
        const char* place = std::getenv("LSW_DISK_SHADOW");
        if (!file || !given) return;
        if (place) shadow = place;
        std::string all = given;
        for (std::size_t begin = 0; begin < all.size();) {
            const std::size_t end = std::min(all.find(':', begin), all.size());
            roots.push_back(all.substr(begin, end - begin));
            begin = end + 1;
        }
        const int descriptor = ::open(file, O_RDWR | O_CLOEXEC);
        if (descriptor < 0) return;
        void* mapped = ::mmap(nullptr, sizeof(DiskControl), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        ::close(descriptor);
        if (mapped != MAP_FAILED) control = static_cast<DiskControl*>(mapped);
    }

    bool concerns(int descriptor) const {
        if (!control || t_inside) return false;
        char link[64], path[4096];
        std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        const ssize_t size = ::readlink(link, path, sizeof path);
        if (size <= 0) return false;
        const std::string_view name(path, static_cast<std::size_t>(size));
        for (const std::string& root : roots)
            if (name.starts_with(root) && (name.size() == root.size() || name[root.size()] == '/')) return true;
        return false;
    }
};

Shim& shim() {
    static Shim one;
    return one;
}

std::uint32_t random32() {
    static thread_local std::uint64_t state =
        0x9E3779B97F4A7C15ULL * (static_cast<std::uint64_t>(::getpid()) + 1) ^ reinterpret_cast<std::uintptr_t>(&state);
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::uint32_t>(state >> 16);
}

/// Waits as the slow disk does; true when the operation is to fail.
bool meetsDisk(std::uint32_t slowUs) {
    const int before = errno;
    if (slowUs > 0) ::usleep(random32() % slowUs);
    errno = before;
    const std::uint32_t rate = shim().control->failPerMillion;
    if (rate == 0 || random32() % 1000000 >= rate) return false;
    ++shim().control->failed;
    errno = EIO;
    return true;
}

template <typename Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

int flush(const char* name, int descriptor) {
    const auto real = next<int (*)(int)>(name);
    if (!shim().concerns(descriptor)) return real(descriptor);
    if (meetsDisk(shim().control->slowSyncUs)) return -1;
    if (const int result = real(descriptor); result != 0) return result;
    if (shim().control->keepsShadow != 0 && !shim().shadow.empty()) {
        const int before = errno;
        t_inside = true;
        lsw::test::noteFlushed(descriptor, shim().shadow);
        t_inside = false;
        errno = before;
    }
    return 0;
}

} // namespace

extern "C" {

ssize_t write(int descriptor, const void* data, size_t size) {
    static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
    if (shim().concerns(descriptor) && meetsDisk(shim().control->slowWriteUs)) return -1;
    return real(descriptor, data, size);
}

ssize_t writev(int descriptor, const struct iovec* parts, int count) {
    static const auto real = next<ssize_t (*)(int, const struct iovec*, int)>("writev");
    if (shim().concerns(descriptor) && meetsDisk(shim().control->slowWriteUs)) return -1;
    return real(descriptor, parts, count);
}

ssize_t pwrite(int descriptor, const void* data, size_t size, off_t at) {
    static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
    if (shim().concerns(descriptor) && meetsDisk(shim().control->slowWriteUs)) return -1;
    return real(descriptor, data, size, at);
}

ssize_t pwrite64(int descriptor, const void* data, size_t size, off64_t at) {
    static const auto real = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
    if (shim().concerns(descriptor) && meetsDisk(shim().control->slowWriteUs)) return -1;
    return real(descriptor, data, size, at);
}

int fsync(int descriptor) { return flush("fsync", descriptor); }
int fdatasync(int descriptor) { return flush("fdatasync", descriptor); }

} // extern "C"
