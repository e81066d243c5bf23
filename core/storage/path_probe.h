// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace lsw::storage {

/// What a disk says of a storage path. Bytes.
struct PathFigures {
    std::int64_t capacity = 0, available = 0;      ///< of the file system, as for a user without privileges
    std::map<std::uint64_t, std::uint64_t> onDisk; ///< what the files that were asked for take, by their keys
};

/// Asks the disks of storage paths, and does not wait for one that does not answer: a network disk that is away holds a question for minutes or
/// for ever, and neither the health report of the other paths nor a task that uses them shall wait for it.
///
/// Each question is put by a thread of its own. When the answer is late, the last figures count for 50 s, without what `onDisk` says,
/// so that they promise too little rather than too much; then the path is StorageUnavailable until it answers. What all of a path takes is
/// counted anew after 5 s, in the background once it is known.
/// source  lotus v1.36 storage/paths/localstorage_cached.go: the 5 s and the 1 s
/// thread  any; the questions may outlive this object
class PathProbe {
public:
    struct File {
        std::uint64_t key = 0;
        std::filesystem::path place, temporary; ///< the second is looked at when nothing is at the first
    };
    struct Disk {
        std::function<Expected<PathFigures>(const std::filesystem::path&, const std::vector<File>&)> figures;
        std::function<std::uint64_t(const std::filesystem::path&)> usage;
    };
    struct Patience {
        std::chrono::milliseconds figures{5000}, firstUsage{10000}, usage{1000};
        std::chrono::milliseconds trusted{50000}, usageAge{5000};
    };
    explicit PathProbe(Disk disk = realDisk()) : PathProbe(std::move(disk), Patience{}) {}
    PathProbe(Disk disk, Patience patience) : m_disk(std::move(disk)), m_patience(patience) {}

    static Disk realDisk();

    Expected<PathFigures> figures(const std::filesystem::path& path, const std::vector<File>& files);
    /// Bytes of all that lies in the path.
    Expected<std::uint64_t> usage(const std::filesystem::path& path);
    /// What usage() knew is no longer true: something large was removed or came.
    void usageChanged(const std::filesystem::path& path);

private:
    template <typename T>
    struct Question;
    struct Entry {
        std::shared_ptr<Question<Expected<PathFigures>>> late;
        std::optional<PathFigures> known;
        std::chrono::steady_clock::time_point knownAt;
        std::shared_ptr<Question<std::uint64_t>> counting;
        std::optional<std::uint64_t> usage;
        std::chrono::steady_clock::time_point usageAt;
    };
    Expected<PathFigures> lastKnown(const Entry& entry, const std::filesystem::path& path) const;

    Disk m_disk;
    Patience m_patience;
    std::mutex m_mutex; ///< guards the entries; never held while a disk is asked
    std::map<std::filesystem::path, Entry> m_entries;
};

} // namespace lsw::storage
