// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector/sector_files.h"
#include "sector/sector_id.h"

#include <cstdint>
#include <filesystem>
#include <optional>
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

/// "transfer", "removed", "scratch", "stranger", "undeclared", "copy"
std::string_view leftoverKindName(Leftover::Kind kind);

/// Folders in `folder` whose name begins with `prefix` and whose task is gone (a task holds a lock on its scratch folder).
std::vector<Leftover> abandonedScratch(const std::filesystem::path& folder, std::string_view prefix);

/// The prefix of all scratch folders of this program.
inline constexpr std::string_view kScratchPrefix = "lsw-";

} // namespace lsw::storage
