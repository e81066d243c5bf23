// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "disk_shim.h"

#include <filesystem>

namespace lsw::test {

/// The control block of the disk_shim in a file, mapped here.
class DiskControlFile {
public:
    explicit DiskControlFile(std::filesystem::path file);
    ~DiskControlFile();
    DiskControlFile(const DiskControlFile&) = delete;
    DiskControlFile& operator=(const DiskControlFile&) = delete;
    DiskControl* operator->() const { return m_control; }
    explicit operator bool() const { return m_control != nullptr; }

private:
    DiskControl* m_control = nullptr;
};

/// Everything in these folders is taken for flushed, as after a clean start of the machine.
void noteAllFlushed(const std::filesystem::path& shadow, const std::filesystem::path& root);

/// What is left in `root` after the machine lost its power: of each folder and file what was flushed last, and nothing else.
/// False when it could not be made.
bool losePower(const std::filesystem::path& shadow, const std::filesystem::path& root);

} // namespace lsw::test
