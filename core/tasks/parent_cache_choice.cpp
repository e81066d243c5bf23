// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/parent_cache_choice.h"

#include <cstdlib>
#include <string>
#include <unistd.h>

#include "proofs/parent_cache_file.h"

namespace lsw::tasks {
namespace fs = std::filesystem;
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

bool canWriteInto(const fs::path& folder) {
    std::error_code failure;
    if (fs::exists(folder, failure)) return fs::is_directory(folder, failure) && ::access(folder.c_str(), W_OK | X_OK) == 0;
    return !failure && folder.has_parent_path() && folder != folder.parent_path() && canWriteInto(folder.parent_path());
}

} // namespace

fs::path parentCacheChoice(const fs::path& shared, const fs::path& userCache) {
    return canWriteInto(shared) ? shared : userCache / "lotus-seal-worker" / "parents";
}

fs::path parentCacheChoice() {
    if (!environment("FIL_PROOFS_PARENT_CACHE").empty()) return {};
    const std::string xdg = environment("XDG_CACHE_HOME");
    return parentCacheChoice(proofs::parentCacheFolder(), xdg.empty() ? fs::path(environment("HOME")) / ".cache" : fs::path(xdg));
}

} // namespace lsw::tasks
