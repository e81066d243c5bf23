// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/path_probe.h"

#include "storage/durable_files.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

namespace lsw::storage {
namespace fs = std::filesystem;
namespace {

std::int64_t asSigned(std::uint64_t value) { return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX)); }

Expected<PathFigures> askDisk(const fs::path& path, const std::vector<PathProbe::File>& files) {
    // A disk that is not mounted leaves an empty folder whose file system looks quite well.
    if (::access((path / "sectorstore.json").c_str(), F_OK) != 0)
        return Error(ErrorCode::StorageUnavailable, "the storage path " + path.string() + " is gone (no sectorstore.json); is its disk mounted?");
    struct statvfs found {};
    while (::statvfs(path.c_str(), &found) != 0)
        if (errno != EINTR) return errnoError(errno, "cannot read the statistics of " + path.string());
    PathFigures out{asSigned(found.f_blocks * found.f_frsize), asSigned(found.f_bavail * found.f_frsize), {}};
    for (const PathProbe::File& file : files) {
        std::uint64_t bytes = diskUsage(file.place);
        if (bytes == 0 && !file.temporary.empty()) bytes = diskUsage(file.temporary);
        out.onDisk[file.key] = bytes;
    }
    return out;
}

} // namespace

/// One question to a disk, on its way.
template <typename T>
struct PathProbe::Question {
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<T> answer;

    template <typename Ask>
    static std::shared_ptr<Question> put(Ask ask) {
        auto question = std::make_shared<Question>();
        // Detached: nothing can end a thread that waits for a disk. It holds all that it uses.
        const auto work = [question, ask = std::move(ask)] {
            T got = ask();
            {
                const std::lock_guard lock(question->mutex);
                question->answer.emplace(std::move(got));
            }
            question->answered.notify_all();
        };
        try {
            std::thread(work).detach();
        } catch (const std::system_error&) { // no more threads: then it is waited for
            work();
        }
        return question;
    }
    std::optional<T> wait(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex);
        answered.wait_for(lock, limit, [this] { return answer.has_value(); });
        return answer;
    }
};

PathProbe::Disk PathProbe::realDisk() { return {askDisk, diskUsage}; }

Expected<PathFigures> PathProbe::lastKnown(const Entry& entry, const fs::path& path) const {
    const auto age = std::chrono::steady_clock::now() - entry.knownAt;
    if (entry.known && age < m_patience.trusted) return PathFigures{entry.known->capacity, entry.known->available, {}};
    return Error(ErrorCode::StorageUnavailable, "the disk of the storage path " + path.string() + " does not answer; is it a network disk that is away?");
}

Expected<PathFigures> PathProbe::figures(const fs::path& path, const std::vector<File>& files) {
    {
        const std::lock_guard lock(m_mutex);
        Entry& entry = m_entries[path];
        if (entry.late && !entry.late->wait(std::chrono::milliseconds(0))) return lastKnown(entry, path);
        entry.late.reset();
    }
    const auto question = Question<Expected<PathFigures>>::put([ask = m_disk.figures, path, files] { return ask(path, files); });
    auto answer = question->wait(m_patience.figures);
    const std::lock_guard lock(m_mutex);
    Entry& entry = m_entries[path];
    if (!answer) {
        entry.late = question;
        return lastKnown(entry, path);
    }
    entry.known.reset();
    if (*answer) {
        entry.known = **answer;
        entry.knownAt = std::chrono::steady_clock::now();
    }
    return std::move(*answer);
}

Expected<std::uint64_t> PathProbe::usage(const fs::path& path) {
    std::shared_ptr<Question<std::uint64_t>> question;
    bool isFirst = false;
    {
        const std::lock_guard lock(m_mutex);
        Entry& entry = m_entries[path];
        if (entry.usage && std::chrono::steady_clock::now() - entry.usageAt < m_patience.usageAge) return *entry.usage;
        if (!entry.counting) entry.counting = Question<std::uint64_t>::put([ask = m_disk.usage, path] { return ask(path); });
        question = entry.counting;
        isFirst = !entry.usage;
    }
    const auto answer = question->wait(isFirst ? m_patience.firstUsage : m_patience.usage);
    const std::lock_guard lock(m_mutex);
    Entry& entry = m_entries[path];
    if (answer && entry.counting == question) {
        entry.counting.reset();
        entry.usage = answer;
        entry.usageAt = std::chrono::steady_clock::now();
    }
    if (answer) return *answer;
    if (entry.usage) return *entry.usage;
    return Error(ErrorCode::StorageUnavailable, "what lies in the storage path " + path.string() + " is still being counted, which its limit (MaxStorage) needs");
}

void PathProbe::usageChanged(const fs::path& path) {
    const std::lock_guard lock(m_mutex);
    Entry& entry = m_entries[path];
    // One that is under way may have passed by already; its answer does not count, the old value serves until the next is there.
    entry.counting.reset();
    entry.usageAt = {};
}

} // namespace lsw::storage
