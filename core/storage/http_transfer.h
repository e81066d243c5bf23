// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace lsw::storage {

/// One HTTP request whose answer is taken piece by piece, in constant memory.
///
/// thread  one blocking thread; a fired stop token wakes it at once
/// errors  Io when the connection fails or ends early, Timeout when less than 1 KiB/s came for two minutes, Cancelled. Never names the token.
class HttpTransfer {
public:
    struct Request {
        std::string method = "GET";
        std::string url;
        std::string token;
        std::optional<std::uint64_t> from; ///< asks for the bytes from here on
        std::string ifRange;               ///< only if the file is still this one
        std::vector<std::pair<std::string, std::string>> headers{}; ///< further ones; the caller vouches that they are no more than that
        std::optional<std::string> body{}; ///< of a POST
    };
    struct Head {
        long status = 0;
        std::string contentType;           ///< without parameters, lower case
        std::optional<std::uint64_t> length;
        bool isChunked = false;
        std::string etag, lastModified, date, contentRange;
    };

    HttpTransfer(Request request, std::stop_token stop);
    ~HttpTransfer();

    /// Waits for the head of the (last, after redirects) answer.
    Expected<Head> head();
    /// Takes the next bytes of a body, valid during the call. An error of it ends the transfer.
    using Sink = std::function<Expected<void>(std::span<const std::uint8_t>)>;
    /// Gives the rest of a whole answer to the sink, at most 16 KiB at once, as they lie in the receive buffer. Returns the error of the sink,
    /// if that was it.
    Expected<void> receive(const Sink& sink);
    /// For those who have to pull: the next bytes, valid until the next call; empty at the end of a whole answer. Costs a copy more.
    Expected<std::span<const std::uint8_t>> next();
    /// Up to `limit` bytes of the rest, for error texts.
    std::string someText(std::size_t limit);

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::storage
