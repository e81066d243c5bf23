// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/path_filters.h"

#include "sector/sector_id.h"

#include <algorithm>

namespace lsw::storage {
namespace {

bool lists(const std::vector<std::string>& names, std::string_view one) { return std::find(names.begin(), names.end(), one) != names.end(); }

Expected<std::uint64_t> actorId(const std::string& address) {
    const bool isId = address.starts_with("f0") || address.starts_with("t0");
    if (isId)
        if (auto id = sector::parseMinerId(address)) return id;
    return Error(ErrorCode::InvalidArgument, "\"" + address + "\" is no miner's address such as f01000");
}

/// Read in their order: what stands behind the miner's own address does not count any more.
Expected<bool> names(const std::vector<std::string>& list, std::uint64_t miner) {
    for (const std::string& address : list) {
        const auto id = actorId(address);
        if (!id) return Error(id.error()).whileDoing("parsing miner address");
        if (*id == miner) return true;
    }
    return false;
}

} // namespace

bool typeAllowed(const std::vector<std::string>& allow, const std::vector<std::string>& deny, sector::FileType one) {
    const bool restricts = std::any_of(allow.begin(), allow.end(), [](const std::string& name) { return sector::fileTypeFromName(name).hasValue(); });
    if (restricts && !lists(allow, sector::fileTypeName(one))) return false;
    return !lists(deny, sector::fileTypeName(one));
}

Expected<bool> minerAllowed(const std::vector<std::string>& allow, const std::vector<std::string>& deny, std::uint64_t miner) {
    if (!allow.empty()) {
        auto named = names(allow, miner);
        if (!named || !*named) return named;
    }
    auto denied = names(deny, miner);
    if (!denied) return denied;
    return !*denied;
}

std::vector<std::string> filterProblems(const std::vector<std::string>& allowTypes, const std::vector<std::string>& denyTypes,
                                        const std::vector<std::string>& allowMiners, const std::vector<std::string>& denyMiners,
                                        const std::string& where) {
    std::vector<std::string> out;
    for (const auto& [list, field] : {std::pair(&allowTypes, "AllowTypes"), std::pair(&denyTypes, "DenyTypes")})
        for (const std::string& name : *list)
            if (!sector::fileTypeFromName(name)) out.push_back(where + ": " + field + " has \"" + name + "\", which is no file type and is left out");
    for (const auto& [list, field] : {std::pair(&allowMiners, "AllowMiners"), std::pair(&denyMiners, "DenyMiners")})
        for (const std::string& address : *list)
            if (!actorId(address))
                out.push_back(where + ": " + field + " has \"" + address + "\", which is no miner's address such as f01000; the miner may use the path for nothing");
    return out;
}

} // namespace lsw::storage
