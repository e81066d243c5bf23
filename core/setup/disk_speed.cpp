// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/disk_speed.h"

#include "setup/patient_question.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace lsw::setup {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMost = 256ULL << 20, kFreeWanted = 4 * kMost;
constexpr std::size_t kBlock = 4U << 20, kAlignment = 4096;
constexpr std::chrono::milliseconds kTime{500}, kPatience{5000};

struct Descriptor {
    int value = -1;
    ~Descriptor() {
        if (value >= 0) ::close(value);
    }
};

double secondsSince(Clock::time_point begin) { return std::max(1e-6, std::chrono::duration<double>(Clock::now() - begin).count()); }

Expected<DiskSpeed> measure(const fs::path& folder, const std::stop_token& stop) {
    struct statvfs room {};
    if (::statvfs(folder.c_str(), &room) != 0) return errnoError(errno, "cannot look at the disk of " + folder.string());
    if (static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize < kFreeWanted) return Error(ErrorCode::NoSpace, "too little is free to measure it");
    std::string name = (folder / ".lsw-speed-XXXXXX").string();
    Descriptor file{::mkostemp(name.data(), O_CLOEXEC)};
    if (file.value < 0) return errnoError(errno, "cannot make a file in " + folder.string());
    ::unlink(name.c_str());
    const std::unique_ptr<std::uint8_t, void (*)(void*)> block(static_cast<std::uint8_t*>(std::aligned_alloc(kAlignment, kBlock)), &std::free);
    if (!block) return Error(ErrorCode::Internal, "no memory to measure a disk with");
    std::minstd_rand random(1); // nothing that a file system could pack
    std::generate(block.get(), block.get() + kBlock, [&] { return static_cast<std::uint8_t>(random() >> 8U); });
    DiskSpeed out;
    out.passesCache = ::fcntl(file.value, F_SETFL, O_DIRECT) == 0 && ::pwrite(file.value, block.get(), kBlock, 0) == static_cast<ssize_t>(kBlock);
    if (!out.passesCache) (void)::fcntl(file.value, F_SETFL, 0);

    const auto pass = [&](bool writes, std::uint64_t most) -> Expected<double> {
        std::uint64_t done = 0;
        const auto begin = Clock::now();
        while (done < most && Clock::now() - begin < kTime) {
            if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "it was ended before");
            const auto at = static_cast<off_t>(done);
            const ssize_t moved = writes ? ::pwrite(file.value, block.get(), kBlock, at) : ::pread(file.value, block.get(), kBlock, at);
            if (moved < 0 && errno == EINTR) continue;
            if (moved <= 0) return errnoError(moved < 0 ? errno : EIO, std::string("cannot ") + (writes ? "write to" : "read from") + " a file in " + folder.string());
            done += static_cast<std::uint64_t>(moved);
        }
        if (writes && ::fdatasync(file.value) != 0) return errnoError(errno, "cannot flush a file in " + folder.string());
        if (writes) out.bytes = done;
        return static_cast<double>(done) / secondsSince(begin);
    };
    const auto written = pass(true, kMost);
    if (!written) return written.error();
    if (!out.passesCache) (void)::posix_fadvise(file.value, 0, 0, POSIX_FADV_DONTNEED);
    const auto read = pass(false, out.bytes);
    if (!read) return read.error();
    out.write = *written;
    out.read = *read;
    return out;
}

} // namespace

Expected<DiskSpeed> measureDiskSpeed(const fs::path& folder, const std::stop_token& stop) {
    auto measured = answerWithin(kPatience, [folder, stop] { return std::optional<Expected<DiskSpeed>>(measure(folder, stop)); });
    if (!measured) return Error(ErrorCode::Timeout, "the disk does not answer");
    return std::move(*measured);
}

} // namespace lsw::setup
