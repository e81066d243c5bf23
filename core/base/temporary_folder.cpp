// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/temporary_folder.h"

#include <cerrno>
#include <string>

#include <stdlib.h>

namespace lsw {

Expected<TemporaryFolder> TemporaryFolder::make(const std::filesystem::path& parent, std::string_view prefix) {
    std::string name = (parent / (std::string(prefix) + "XXXXXX")).string();
    if (!::mkdtemp(name.data())) return errnoError(errno, "cannot create a folder in " + parent.string());
    return TemporaryFolder(name);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
}

} // namespace lsw
