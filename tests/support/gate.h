// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace lsw::test {

/// Provers pass while nobody holds it.
class Gate {
public:
    explicit Gate(std::filesystem::path file) : m_path(std::move(file)) {
        m_handle = ::open(m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        close();
    }
    ~Gate() { ::close(m_handle); }
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;
    void close() { ::flock(m_handle, LOCK_EX); }
    void open() { ::flock(m_handle, LOCK_UN); }
    void failWith(const std::string& text) { std::ofstream(m_path) << text; }
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
    int m_handle = -1;
};

} // namespace lsw::test
