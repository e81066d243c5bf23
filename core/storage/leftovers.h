// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector/sector_files.h"
#include "sector/sector_id.h"
#include "storage/path_lock.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::storage {

/// Something on the disk that no call of the miner owns.
struct Leftover {
    enum class Kind {
        Transfer,   ///< what came of a transfer that broke off
        Removed,    ///< taken out of sight by a process that was killed before it was gone
        Scratch,    ///< working files of a task that is gone
        Stranger,   ///< in the folder of a file type, but no sector file
        Undeclared, ///< a sector file that the miner's index does not know here
        Copy,       ///< a sector file of a sealing path whose sector is kept for good elsewhere
        Spool,      ///< a large input or result that no unfinished call names
    };
    Kind kind{};
    std::filesystem::path path;
    std::optional<sector::SectorId> sector;
    std::string storageId;
    std::uint64_t bytes = 0;      ///< on the disk
    std::int64_t modifiedMs = 0;  ///< UTC, ms since 1970
    std::string owner;            ///< a guess at whose it is, one sentence
    bool isSure = false;          ///< nobody can want it; what is not sure is deleted only by name
};

/// "transfer", "removed", "scratch", "stranger", "undeclared", "copy", "spool"
std::string_view leftoverKindName(Leftover::Kind kind);

/// What lies at `path` as a leftover, with its size and age.
Leftover leftoverAt(Leftover::Kind kind, const std::filesystem::path& path, std::string owner, bool isSure);

/// Folders in `folder` whose name begins with `prefix` and whose task is gone (a task holds a lock on its scratch folder).
std::vector<Leftover> abandonedScratch(const std::filesystem::path& folder, std::string_view prefix);

/// The prefix of all scratch folders of this program.
inline constexpr std::string_view kScratchPrefix = "lsw-";

/// Removes one of any kind but Copy, which the miner's index has to be told of first. AlreadyExists when it is in use by now; Io.
Expected<void> removeFromDisk(const Leftover& leftover);

/// The storage paths of a worker that does not run, opened to be looked at: nothing is made or cleared up there, and the miner is neither asked
/// nor told. So what only its index can tell, an undeclared file or a copy, is not among the leftovers, and nothing is sure in a path that another
/// worker may have as well: all but the worker's own folder.
///
/// thread  the holder of the worker's folder
class StoppedPaths {
public:
    /// StorageUnavailable and the errors of sectorstore.json for a path that cannot be opened.
    static Expected<StoppedPaths> open(const std::filesystem::path& repo);
    /// `owned`: the sectors of calls that are not over. Cancelled.
    Expected<std::vector<Leftover>> leftovers(const std::set<sector::SectorId>& owned, std::stop_token stop) const;

private:
    struct Path {
        std::string id;
        std::filesystem::path path;
        bool isOwn = false;
        PathLock lock;
    };
    std::vector<Path> m_paths;
};

} // namespace lsw::storage
