// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/stock_calls.h"

#include <future>
#include <memory>

#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include "worker/stock_record.h"

namespace lsw::worker {

namespace fs = std::filesystem;

namespace {

Error unreadable(const fs::path& folder, const std::string& why) {
    return Error(ErrorCode::StorageUnavailable,
                 "the unfinished calls that lotus-worker left in " + folder.string() + " cannot be read (" + why +
                     "), and the miner waits for their results: let lotus-worker finish them (start it, `lotus-worker tasks disable --all`, "
                     "`lotus-worker wait-quiet`, `lotus-worker stop`), or abort them at the miner (`lotus-miner sealing abort`) and move that folder away");
}

/// Commits one call and waits for it.
Expected<void> commit(tasks::CallJournal& journal, tasks::CallRecord record) {
    std::promise<Expected<void>> answer;
    auto written = answer.get_future();
    journal.begin(std::move(record), [&answer](Expected<void> result) { answer.set_value(std::move(result)); });
    return written.get();
}

} // namespace

Expected<std::size_t> takeOverStockCalls(const fs::path& repo, tasks::CallJournal& journal) {
    const fs::path folder = repo / "datastore" / "metadata";
    std::error_code ignored;
    if (!fs::exists(folder / "CURRENT", ignored)) return 0; // never used by lotus-worker

    leveldb::Options options;
    options.paranoid_checks = true; // a damaged list is told, not shortened
    options.compression = leveldb::kNoCompression;
    leveldb::DB* opened = nullptr;
    leveldb::Status status = leveldb::DB::Open(options, folder.string(), &opened);
    const std::unique_ptr<leveldb::DB> database(opened);
    if (!status.ok()) return unreadable(folder, status.ToString());

    std::vector<tasks::CallRecord> calls;
    leveldb::WriteBatch removal;
    {
        leveldb::ReadOptions reading;
        reading.verify_checksums = true;
        const std::unique_ptr<leveldb::Iterator> at(database->NewIterator(reading));
        for (at->Seek(leveldb::Slice(kStockCallPrefix.data(), kStockCallPrefix.size())); at->Valid(); at->Next()) {
            const std::string_view key(at->key().data(), at->key().size());
            if (!key.starts_with(kStockCallPrefix)) break;
            auto call = readStockCall(key, {at->value().data(), at->value().size()});
            if (!call) return unreadable(folder, call.error().message());
            calls.push_back(std::move(*call));
            removal.Delete(at->key());
        }
        if (!at->status().ok()) return unreadable(folder, at->status().ToString());
    }
    if (calls.empty()) return 0;

    for (const auto& call : calls) {
        // There already: an earlier start got this far and no further.
        if (auto written = commit(journal, call); !written && written.error().code() != ErrorCode::AlreadyExists)
            return std::move(written).error().whileDoing("taking over the unfinished calls of lotus-worker");
    }
    leveldb::WriteOptions durable;
    durable.sync = true;
    status = database->Write(durable, &removal);
    if (!status.ok())
        return Error(ErrorCode::StorageUnavailable, "the unfinished calls of lotus-worker were taken over, but cannot be removed from " +
                                                        folder.string() + " (" + status.ToString() + "): make it writable");
    return calls.size();
}

} // namespace lsw::worker
