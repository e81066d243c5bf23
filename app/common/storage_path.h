// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lsw::common {

/// What a new storage path shall be; the lists as in sectorstore.json.
struct NewStoragePath {
    std::uint64_t weight = 10, maxStorage = 0;
    bool canSeal = false, canStore = false;
    std::vector<std::string> groups, allowTo, allowTypes, denyTypes, allowMiners, denyMiners;
};

/// Makes the folder if need be and writes its sectorstore.json with a new identity, which it returns.
/// AlreadyExists when there is one, InvalidArgument when it may neither seal nor store or a filter cannot be understood, StorageUnavailable, NoSpace.
Expected<std::string> initStoragePath(const std::filesystem::path& folder, const NewStoragePath& wanted);
/// Takes it back, when it could not be attached: only what initStoragePath wrote.
void forgetStoragePath(const std::filesystem::path& folder);
/// The identity in a folder's sectorstore.json; NotFound, Corrupt.
Expected<std::string> storagePathId(const std::filesystem::path& folder);
/// "~" expanded, made absolute and plain.
std::filesystem::path plainStoragePath(const std::string& text);

/// "1TiB", "500 GB", "1.5t", "100": powers of 1024 whatever the unit is called, as in lotus. InvalidArgument.
Expected<std::uint64_t> parseByteSize(const std::string& text);

} // namespace lsw::common
