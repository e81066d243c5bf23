// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/repo_layout.h"

#include <array>

#include <sys/stat.h>

#include <boost/json.hpp>

#include "storage/durable_files.h"

namespace lsw::worker {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSchemaLimit = 4096;

Error notUsable(const fs::path& path, const std::error_code& why) {
    return Error(ErrorCode::StorageUnavailable, "the worker's folder cannot be prepared: " + path.string() + ": " + why.message());
}

/// Moves what is there; what is not there was moved by an earlier attempt.
Expected<void> moveIn(const fs::path& from, const fs::path& to) {
    std::error_code failure;
    if (!fs::exists(fs::symlink_status(from, failure))) return {};
    fs::rename(from, to, failure);
    if (failure) return notUsable(from, failure);
    return {};
}

/// 1 → 2: the journal with its companions and the scratch folder move in.
Expected<void> intoOwnFolder(const fs::path& repo) {
    const fs::path own = repo / kOwnFolder;
    // Nobody opens the database before all of it has moved, so the order does not matter.
    for (const char* name : {"calls.sqlite-journal", "calls.sqlite-wal", "calls.sqlite-shm", "calls.sqlite"}) LSW_TRY(moveIn(repo / name, own / name));
    std::error_code failure;
    fs::remove(repo / "calls.sqlite.lock", failure);
    if (failure) return notUsable(repo, failure);
    LSW_TRY(moveIn(repo / "scratch", own / "scratch"));
    LSW_TRY(syncFolder(own));
    return syncFolder(repo);
}

/// Step i leads from schema i + 1 to i + 2. A released step never changes.
constexpr std::array<Expected<void> (*)(const fs::path&), kLayoutSchema - 1> kSteps{intoOwnFolder};

/// The schema that lies there; 1 when there is none yet.
Expected<int> schemaOf(const fs::path& own) {
    const fs::path file = own / "schema.json";
    const auto text = storage::readFileWhole(file, kSchemaLimit);
    if (!text) {
        if (text.error().code() == ErrorCode::NotFound) return 1;
        return text.error();
    }
    boost::system::error_code failure;
    const auto json = boost::json::parse(*text, failure);
    const auto* object = failure ? nullptr : json.if_object();
    const auto* schema = object ? object->if_contains("schema") : nullptr;
    if (!schema || !schema->is_int64() || schema->as_int64() < 1)
        return Error(ErrorCode::Corrupt, file.string() + " does not say which layout the folder has: write {\"schema\":" +
                                             std::to_string(kLayoutSchema) + "} into it if this version of the program made the folder");
    if (schema->as_int64() > kLayoutSchema)
        return Error(ErrorCode::IncompatibleVersion, own.string() + " has layout " + std::to_string(schema->as_int64()) +
                                                         " of a newer version of this program; this one knows up to " +
                                                         std::to_string(kLayoutSchema) + ": use the newer version, or another --worker-repo");
    return static_cast<int>(schema->as_int64());
}

} // namespace

Expected<void> prepareOwnFolder(const fs::path& repo) {
    const fs::path own = repo / kOwnFolder;
    // Parameters of calls and finished results lie there: nobody else's to read.
    if (::mkdir(own.c_str(), 0700) != 0 && errno != EEXIST) return notUsable(own, std::error_code(errno, std::generic_category()));
    auto schema = schemaOf(own);
    if (!schema) return std::move(schema).error();
    for (int at = *schema; at < kLayoutSchema; ++at) {
        if (auto done = kSteps[static_cast<std::size_t>(at - 1)](repo); !done)
            return std::move(done).error().whileDoing("bringing " + own.string() + " to layout " + std::to_string(at + 1));
        LSW_TRY(storage::writeFileWhole(own / "schema.json", "{\"schema\":" + std::to_string(at + 1) + "}\n"));
    }
    return {};
}

} // namespace lsw::worker
