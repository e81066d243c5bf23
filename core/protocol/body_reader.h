// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace lsw::protocol {

/// Takes the framing off the body of a request, by length or by chunks, with a bound on everything a peer can send in between.
///
/// thread  one
class BodyReader {
public:
    struct Framing {
        bool chunked = false;
        std::uint64_t length = 0;
    };
    static Framing chunked() { return {true, 0}; }
    static Framing sized(std::uint64_t length) { return {false, length}; }

    /// `alreadyRead` came together with the head.
    BodyReader(Framing framing, std::string alreadyRead);

    /// Gets up to `room` more bytes from the peer; 0 when it has left.
    using Source = std::function<Expected<std::size_t>(char* to, std::size_t room)>;

    /// Up to `size` bytes of the body; 0 at its end (or for size 0). Io "unexpected EOF" when the peer left before the end, Corrupt on a
    /// malformed chunk. An error stays.
    Expected<std::size_t> read(void* buffer, std::size_t size, const Source& source);

    /// Whether read() would give something, be it the end or an error, without asking the peer.
    bool isReady();
    bool atEnd() const { return m_state == State::End; }
    bool hasBuffered() const { return m_begin < m_buffer.size(); }

private:
    enum class State { Sized, ChunkSize, ChunkData, ChunkEnd, Trailers, End, Failed };

    /// A line without its break; Corrupt when it is longer than `limit`.
    Expected<std::string> readLine(const Source& source, std::size_t limit);
    Expected<void> fill(const Source& source);
    bool isBetweenPayload() const { return m_state == State::ChunkSize || m_state == State::ChunkEnd || m_state == State::Trailers; }
    /// Takes the one line of framing that comes next.
    Expected<void> passLine(const Source& source);
    Error fail(Error error);
    Expected<std::size_t> readPayload(char* buffer, std::size_t size, const Source& source);

    State m_state;
    std::uint64_t m_left;   ///< bytes of the body, or of this chunk, still to come
    std::string m_buffer;
    std::size_t m_begin = 0;
    int m_trailers = 0;
    std::optional<Error> m_error;
};

} // namespace lsw::protocol
