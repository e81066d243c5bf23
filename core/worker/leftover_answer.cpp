// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/leftover_answer.h"

#include <algorithm>

namespace lsw::worker {

using boost::json::array;
using boost::json::object;
using storage::Leftover;

Expected<boost::json::value> leftoverAnswer(storage::LocalStore& store, const std::set<protocol::SectorId>& owned, const std::vector<std::string>& toDelete,
                                            std::stop_token stop) {
    auto found = store.leftovers(owned, stop);
    if (!found) return std::move(found).error();
    array deleted, failed, left;
    for (const std::string& path : toDelete) {
        const auto at = std::find_if(found->begin(), found->end(), [&](const Leftover& one) { return one.path == path; });
        Expected<void> done = at == found->end() ? Error(ErrorCode::NotFound, "it is no leftover: a call or a file of the miner's may need it") : store.removeLeftover(*at, stop);
        if (!done) {
            failed.push_back(object{{"path", path}, {"error", done.error().message()}});
            continue;
        }
        deleted.emplace_back(path);
        found->erase(at);
    }
    for (const Leftover& one : *found)
        left.push_back(object{{"kind", storage::leftoverKindName(one.kind)},
                              {"path", one.path.string()},
                              {"sector", one.sector ? sector::sectorName(*one.sector) : std::string()},
                              {"storage", one.storageId},
                              {"bytes", one.bytes},
                              {"modified_ms", one.modifiedMs},
                              {"owner", one.owner},
                              {"sure", one.isSure}});
    return boost::json::value{{"schema", 1}, {"leftovers", std::move(left)}, {"deleted", std::move(deleted)}, {"failed", std::move(failed)}};
}

} // namespace lsw::worker
