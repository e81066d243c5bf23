// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <unistd.h>

namespace lsw::fuzz {

/// Ends the run with a finding.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

/// Takes decisions from the front of an input, and leaves the rest as text.
class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) : m_rest(reinterpret_cast<const char*>(data), size) {}
    unsigned byte() {
        if (m_rest.empty()) return 0;
        const auto out = static_cast<unsigned char>(m_rest.front());
        m_rest.remove_prefix(1);
        return out;
    }
    std::uint64_t number() {
        std::uint64_t out = 0;
        for (int i = 0; i < 8; ++i) out = out << 8 | byte();
        return out;
    }
    std::string_view rest() const { return m_rest; }
    bool empty() const { return m_rest.empty(); }

private:
    std::string_view m_rest;
};

/// An empty folder in memory for this process, gone at its end.
class Folder {
public:
    Folder() {
        const char* base = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
        m_path = std::string(base) + "/lsw-fuzz-" + std::to_string(::getpid());
        std::filesystem::remove_all(m_path);
        std::filesystem::create_directory(m_path);
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

} // namespace lsw::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
