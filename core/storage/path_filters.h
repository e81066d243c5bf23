// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "sector/sector_files.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lsw::storage {

/// What the filters of a storage path say, as the miner reads them (lotus storiface/filetype.go Allowed, paths/index.go MinerFilter).

/// Names of AllowTypes and DenyTypes. An allow list of nothing but unknown names restricts nothing, as in the miner's index.
bool typeAllowed(const std::vector<std::string>& allow, const std::vector<std::string>& deny, sector::FileType one);

/// Addresses of AllowMiners and DenyMiners ("f01000", "t01000"). InvalidArgument for an entry that is no actor id and stands before the
/// miner's own: a miner then takes the path for nothing at all.
Expected<bool> minerAllowed(const std::vector<std::string>& allow, const std::vector<std::string>& deny, std::uint64_t miner);

/// One sentence for each entry of the four lists that cannot be understood; `where` names the path.
std::vector<std::string> filterProblems(const std::vector<std::string>& allowTypes, const std::vector<std::string>& denyTypes,
                                        const std::vector<std::string>& allowMiners, const std::vector<std::string>& denyMiners,
                                        const std::string& where);

} // namespace lsw::storage
