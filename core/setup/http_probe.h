// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/json_rpc.h"
#include "protocol/multiaddr.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

/// One question to a server, and all that its answer says of what kind of server it is. RpcClient tells good answers from failures;
/// this tells failures apart.
namespace lsw::setup {

inline constexpr int kNoSuchMethod = -32601; ///< of a JSON-RPC error

enum class HttpOutcome {
    Answered,
    NoConnection,
    TimedOut,
    Dropped,            ///< connected, then closed or reset without an answer
    NotHttp,
    TlsFailed,          ///< the other side does not do TLS, or not ours
    CertificateRefused,
    Cancelled,
    Failed,
};

struct HttpAnswer {
    HttpOutcome outcome = HttpOutcome::Failed;
    long status = 0;
    std::string contentType, server, via, date; ///< of the head; the type without parameters, in lower case
    std::int64_t time = -1;                     ///< of its Date, seconds since 1970; -1: it has none
    std::string body;                           ///< its first 256 KiB
    std::string words;                          ///< of the library, for a failure
    std::chrono::system_clock::time_point sent, received;
};

struct RpcAnswer {
    HttpAnswer http;
    std::optional<boost::json::value> result;
    std::optional<protocol::RpcError> error;
    bool isRpc() const { return result || error; }
};

/// "http status 200, text/html, nginx": what an answer looks like, for a sentence.
std::string looksOf(const HttpAnswer& answer);
/// Why there is no result, in a few words. Nothing in them can be a token.
std::string whyNot(const RpcAnswer& answer);

struct RpcQuestion {
    protocol::Endpoint server;
    std::string token;           ///< empty: none is sent
    std::string proxy;           ///< "http://10.0.0.1:3128"; empty: none, whatever the environment says
    std::chrono::milliseconds limit{10000};
};

/// One JSON-RPC call by HTTP POST to /rpc/v0. `method` with its namespace.
/// thread  blocks, a fired stop token ends it within a second
RpcAnswer askRpc(const RpcQuestion& question, const std::string& method, const boost::json::array& params, const std::stop_token& stop);

/// Whether a TLS server is there, whatever its certificate.
bool speaksTls(const RpcQuestion& question, const std::stop_token& stop);

/// The status that answers the wish for a WebSocket at /rpc/v0 (101: granted); 0 when none came. The connection is closed at once.
long upgradeStatus(const RpcQuestion& question, const std::stop_token& stop);

} // namespace lsw::setup
