// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <filesystem>
#include <string>

namespace lsw::practice {

/// The miner's repo folder as lotus keeps it: `token`, `api`, `config.toml`, `keystore/`, `datastore/`, `storage.json`, `repo.lock`.
///
/// While it lives, `repo.lock` is held (an empty file with a POSIX lock); on destruction `api` and the lock file go, as after a clean stop.
class PracticeRepo {
public:
    /// Makes what is missing; an existing secret and token are kept. AlreadyExists when another process holds the repo,
    /// PermissionDenied for a key that others can read.
    static Expected<PracticeRepo> open(const std::filesystem::path& folder);
    PracticeRepo(PracticeRepo&& other) noexcept;
    PracticeRepo& operator=(PracticeRepo&& other) noexcept;
    ~PracticeRepo();

    /// Writes `api` and the address into `config.toml`.
    Expected<void> publish(std::uint16_t port);
    void withdraw(); ///< removes `api`

    const Bytes& secret() const { return m_secret; }
    const std::string& token() const { return m_token; } ///< all four permissions
    const std::filesystem::path& folder() const { return m_folder; }

private:
    PracticeRepo() = default;
    void close();

    std::filesystem::path m_folder;
    Bytes m_secret;
    std::string m_token;
    int m_lock = -1;
};

/// The whole content goes into a temporary file that is then renamed; the file has exactly this mode.
Expected<void> writeFileWithMode(const std::filesystem::path& file, std::string_view content, unsigned mode);

} // namespace lsw::practice
