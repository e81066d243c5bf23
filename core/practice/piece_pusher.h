// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace lsw::practice {

/// The sending side of a pushed reader: HEAD waits until the bytes are wanted, then a chunked POST brings them.
///
/// 204 or an error ends it; a redirect is followed, as when a miner hands a piece on to a worker. Nobody is told how it ended:
/// the task that reads the piece knows.
/// thread  one own thread for each push, ended with this object
class PiecePusher {
public:
    PiecePusher();
    ~PiecePusher();
    /// Sends the file and then zeros, `size` bytes in all.
    void push(std::string url, std::filesystem::path file, std::uint64_t size);

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::practice
