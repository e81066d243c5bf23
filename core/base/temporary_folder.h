// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <filesystem>
#include <string_view>
#include <utility>

namespace lsw {

/// A folder of its own inside another, gone with everything in it on every way out.
class TemporaryFolder {
public:
    /// `<parent>/<prefix>XXXXXX`, mode 0700; the parent is there.
    static Expected<TemporaryFolder> make(const std::filesystem::path& parent, std::string_view prefix);
    TemporaryFolder(TemporaryFolder&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder();
    const std::filesystem::path& path() const { return m_path; }

private:
    explicit TemporaryFolder(std::filesystem::path path) : m_path(std::move(path)) {}
    std::filesystem::path m_path;
};

} // namespace lsw
