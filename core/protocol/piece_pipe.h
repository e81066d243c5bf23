// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lsw::protocol {

/// The write end of a pipe that carries piece data to an engine: full means wait, and the wait can be ended from outside.
///
/// Raises no SIGPIPE.
/// thread  one writes; wake() from any
class PiecePipe {
public:
    PiecePipe() = default;
    ~PiecePipe();
    PiecePipe(const PiecePipe&) = delete;
    PiecePipe& operator=(const PiecePipe&) = delete;

    /// Makes the pipe (1 MiB where the system allows) and gives the read end, close-on-exec, blocking; the caller owns it.
    Expected<int> open();
    bool isOpen() const { return m_writeEnd >= 0; }

    enum class Outcome { Written, ReaderGone, Woken };
    /// Writes all, waiting for the reader as long as it takes.
    Outcome write(const char* data, std::size_t size);
    /// Bytes written so far. thread  any
    std::uint64_t written() const { return m_written; }
    /// Waits until `descriptor` can be read (Written), the reader has gone, or wake() was called.
    Outcome waitReadable(int descriptor);
    bool readerIsGone() const;
    /// Ends every wait, now and later.
    void wake();
    /// The reader sees the end of the data.
    void close();

private:
    int m_writeEnd = -1;
    int m_wake = -1;
    std::atomic<std::uint64_t> m_written = 0;
};

} // namespace lsw::protocol
