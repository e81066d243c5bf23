// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace lsw::storage {

/// The most bytes that a file of this name may have in a cache folder; nothing for a name that no cache folder has.
/// A stock receiver knows a little less: it refuses "sc-02-data-tree-c.dat" (2 KiB … 512 MiB sectors) and synthetic proofs.
std::optional<std::uint64_t> cacheFileLimit(std::string_view name);

/// Gives the next bytes of a tar; empty at its end.
using TarSource = std::function<Expected<std::span<const std::uint8_t>>()>;
/// Takes the next part of a tar.
struct TarSink {
    std::function<Expected<void>(const void* data, std::size_t size)> write;
    /// The first bytes of an open file; Corrupt when it has fewer. What has gigabytes need not pass through memory.
    std::function<Expected<void>(int file, std::uint64_t length)> writeFile;
};

/// Unpacks a tar of a cache folder into `folder`, which it makes. Each file is flushed, the folder too.
///
/// Accepted are plain files whose name and size a cache folder can have; anything else (folders, links, paths, doubles, too large) is Corrupt.
/// Go's writer is never closed: the end right after the last file's data is as good as padding and trailer. An end inside data is Corrupt.
/// errors  Corrupt, NoSpace, Io, and what the source gave. What was made stays for the caller to remove.
Expected<void> unpackCacheTar(const TarSource& source, const std::filesystem::path& folder);

/// Packs the plain files of a flat folder in the order of their names; sizes over 8 GiB as PAX records.
/// A checkpoint of PC2 is left out. Corrupt while PC1 is not done, when something else lies there, or when a file changes its size meanwhile; nothing more is then given to the sink.
Expected<void> packFolder(const std::filesystem::path& folder, const TarSink& sink);

} // namespace lsw::storage
