// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/http_server.h"
#include "protocol/lotus_types.h"

#include <memory>
#include <stop_token>

namespace lsw::protocol {

/// The bytes of a piece on their way to an engine.
class PieceData {
public:
    virtual ~PieceData() = default;
    /// The data are `size` zeros; nothing is to be read.
    virtual bool isZeros() const { return false; }
    /// Starts the transfer and gives the read end of a pipe (close-on-exec) that gets the bytes; the caller owns it. Once.
    /// Blocks until the sender has begun, the stop token fires (Cancelled) or 30 s have passed (Timeout).
    virtual Expected<int> open(std::stop_token stop) = 0;
    /// After the pipe ended: the transfer's own failure ("unexpected EOF", "unexpected http status 404"), if it had one.
    virtual Expected<void> finish() = 0;
    /// Bytes that went into the pipe so far. A transfer that fails after the last one that was wanted did no harm.
    virtual std::uint64_t passed() const { return 0; }
};

/// Where pushed piece data and the calls that name them meet: a call and an HTTP request for the same uuid may come in either order.
///
/// The HEAD that comes first is answered when the data are wanted (200) or no longer wanted (204); the POST that follows is
/// streamed into a pipe with constant memory. Each side waits 30 s for the other.
class PushStreams {
public:
    explicit PushStreams(std::chrono::milliseconds rendezvous = std::chrono::seconds(30));
    ~PushStreams();

    /// The route "/rpc/streams/v0/push" for the server.
    HttpRoute route();

    /// Resolves a reader parameter: at once for "null" and "http", for a push when the sender has shown up
    /// (or Timeout "context deadline exceeded").
    /// `done` is called once, from any thread.
    void resolve(const ReaderStream& stream, std::function<void(Expected<std::shared_ptr<PieceData>>)> done);

private:
    class Private;
    std::shared_ptr<Private> m_private;
};

} // namespace lsw::protocol
