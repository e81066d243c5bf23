// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "params/chunk_sums.h"
#include "params/parameter_digest.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace lsw::params {

/// The digest of a file that is still being written: its beginning is read and hashed on a thread of its own while the rest comes.
///
/// The file is asked and not those who write it, so that what is hashed is what lies there. It must live as long as this.
/// thread  one owner
class GrowingDigest {
public:
    explicit GrowingDigest(const File& file, std::uint64_t total);
    ~GrowingDigest();
    GrowingDigest(const GrowingDigest&) = delete;
    GrowingDigest& operator=(const GrowingDigest&) = delete;

    /// The bytes before `end` are there.
    void grewTo(std::uint64_t end);
    /// The bytes from `begin` on are not there any more, or will be others.
    void shrankTo(std::uint64_t begin);

    struct Whole {
        std::string digest;
        ChunkSums sums;
    };
    /// When all is there: waits for the rest. After it nothing counts as there, until grewTo() says so again. Io; Corrupt when the file is shorter; Cancelled.
    Expected<Whole> finish(const std::stop_token& stop);

private:
    void run(const std::stop_token& stop);
    void beginAnew();

    const File& m_file;
    const std::uint64_t m_total;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::uint64_t m_end = 0, m_done = 0;  ///< there; hashed
    std::uint64_t m_round = 0;            ///< grows when what was hashed counts no more
    std::optional<Error> m_failure;
    std::optional<ParameterDigest> m_digest; ///< the thread's alone, but when all is hashed
    std::optional<ChunkSums> m_sums;
    std::jthread m_thread; // last: it uses the others
};

} // namespace lsw::params
