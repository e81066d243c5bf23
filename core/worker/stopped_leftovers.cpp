// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/stopped_leftovers.h"

#include <future>

#include "worker/leftover_answer.h"
#include "worker/worker_repo.h"

namespace lsw::worker {

Expected<boost::json::value> leftoversWhileStopped(const std::filesystem::path& repo, const std::vector<std::string>& toDelete, std::stop_token stop) {
    std::error_code failure;
    if (!std::filesystem::is_directory(repo / kOwnFolder, failure)) return Error(ErrorCode::NotFound, "no worker has run in " + repo.string());
    const auto held = WorkerRepo::open(repo, true);
    if (!held) return held.error();
    protocol::SpoolFolder spool((*held)->spoolFolder());
    LSW_TRY(spool.prepare());
    const auto journal = tasks::CallJournal::open((*held)->journalFile());
    if (!journal) return journal.error();
    std::promise<Expected<std::vector<tasks::CallRecord>>> answer;
    (*journal)->unfinished([&answer](Expected<std::vector<tasks::CallRecord>> records) { answer.set_value(std::move(records)); });
    const auto records = answer.get_future().get();
    if (!records) return Error(records.error()).whileDoing("reading the unfinished calls");
    std::set<protocol::SectorId> owned;
    for (const tasks::CallRecord& record : *records) owned.insert(record.id.sector);

    const auto paths = storage::StoppedPaths::open((*held)->folder());
    if (!paths) return paths.error();
    auto found = paths->leftovers(owned, stop);
    if (!found) return std::move(found).error();
    auto spooled = spoolLeftovers(spool, *records);
    std::move(spooled.begin(), spooled.end(), std::back_inserter(*found));
    return leftoverAnswer(*std::move(found), toDelete, storage::removeFromDisk);
}

} // namespace lsw::worker
