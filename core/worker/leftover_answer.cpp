// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/leftover_answer.h"

#include <algorithm>

namespace lsw::worker {

using boost::json::array;
using boost::json::object;
using storage::Leftover;

std::vector<Leftover> spoolLeftovers(const protocol::SpoolFolder& spool, const std::vector<tasks::CallRecord>& unfinished) {
    std::set<std::string> named;
    for (const tasks::CallRecord& record : unfinished)
        for (const std::string& text : {record.params, record.returnParams})
            for (const auto& mark : protocol::spoolMarks(text)) named.insert(mark.name);
    std::vector<Leftover> out;
    for (const auto& path : spool.leftovers(named))
        out.push_back(storage::leftoverAt(Leftover::Kind::Spool, path, "a large input or result that no unfinished call has", true));
    return out;
}

boost::json::value leftoverAnswer(std::vector<Leftover> found, const std::vector<std::string>& toDelete,
                                  const std::function<Expected<void>(const Leftover&)>& remove) {
    array deleted, failed, left;
    for (const std::string& path : toDelete) {
        const auto at = std::find_if(found.begin(), found.end(), [&](const Leftover& one) { return one.path == path; });
        Expected<void> done = at == found.end() ? Error(ErrorCode::NotFound, "it is no leftover: a call or a file of the miner's may need it") : remove(*at);
        if (!done) {
            failed.push_back(object{{"path", path}, {"error", done.error().message()}});
            continue;
        }
        deleted.emplace_back(path);
        found.erase(at);
    }
    for (const Leftover& one : found)
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
