// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/work_mode.h"

#include <fstream>
#include <sstream>

#include "storage/durable_files.h"
#include "worker/repo_layout.h"

namespace lsw::worker {
namespace {

namespace fs = std::filesystem;

fs::path fileOf(const fs::path& repo) { return repo / kOwnFolder / "mode.json"; }

} // namespace

Expected<WorkMode> readWorkMode(const fs::path& repo) {
    const auto file = fileOf(repo);
    std::error_code failure;
    if (!fs::exists(file, failure)) {
        if (failure) return errnoError(failure.value(), "looking for " + file.string());
        return WorkMode::Working;
    }
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    boost::system::error_code wrong;
    const auto value = boost::json::parse(text.str(), wrong);
    const auto* object = wrong ? nullptr : value.if_object();
    const auto* name = object ? object->if_contains("mode") : nullptr;
    const auto* mode = name ? name->if_string() : nullptr;
    const auto known = mode ? workModeNamed(std::string_view(*mode)) : std::nullopt;
    if (!known)
        return Error(ErrorCode::Corrupt, file.string() + " does not say whether this worker is paused or draining: remove it to let the worker take tasks");
    return *known;
}

Expected<void> writeWorkMode(const fs::path& repo, WorkMode mode) {
    std::error_code failure;
    if (!fs::is_directory(repo / kOwnFolder, failure)) return Error(ErrorCode::NotFound, "no worker has run in " + repo.string());
    return storage::writeFileWhole(fileOf(repo), boost::json::serialize(boost::json::object{{"schema", 1}, {"mode", workModeName(mode)}}) + '\n');
}

} // namespace lsw::worker
