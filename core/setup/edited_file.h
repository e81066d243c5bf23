// SPDX-License-Identifier: MIT OR Apache-2.0
// A text file that other people and programs change, too: read, and replaced whole only if it is still what was read.
#pragma once

#include "base/expected.h"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace lsw::setup {

/// One small file as it was read, to be replaced by a new text.
class EditedFile {
public:
    /// Follows links. A file that is not there is read as empty (exists() says so); its folder need not be there either.
    /// errors  NotFound for a link that leads nowhere; InvalidArgument when it is no plain file or larger than 1 MiB; PermissionDenied, Io
    static Expected<EditedFile> read(const std::filesystem::path& file);

    /// The file itself, where links led.
    const std::filesystem::path& path() const { return m_path; }
    bool exists() const { return m_exists; }
    const std::string& text() const { return m_text; }

    /// Writes a neighbour, flushes it and renames it into place: at every moment the file has the old text or the new one. An existing
    /// file keeps its mode and owner; a new one gets `modeOfNew`, and its folder is made with 0700 when it is missing.
    /// Of two that do this at once one is refused.
    /// errors  AlreadyExists when the file is not as it was read, or another program is just writing it; PermissionDenied when it is read-only or
    ///         its owner cannot be kept; NoSpace, Io: the old text stays
    Expected<void> replace(std::string_view text, mode_t modeOfNew = 0600);

private:
    std::filesystem::path m_path;
    std::string m_text;
    bool m_exists = false;
};

/// What an edit changes, for people: the lines that go as "- …", those that come as "+ …". Empty when nothing changes.
std::string changedLines(std::string_view before, std::string_view after);

} // namespace lsw::setup
