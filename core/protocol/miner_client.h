// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/api_info.h"
#include "protocol/json_rpc.h"
#include "protocol/spool_folder.h"

#include <QtCore/QObject>

#include <memory>

namespace lsw::protocol {

/// Calls to a JSON-RPC server over HTTP POST: the miner from the worker, the worker from the practice miner and the command line.
///
/// Two channels, so that hanging returns cannot starve the heartbeat. No proxy for loopback and private addresses, no HTTP/2.
/// thread  an event loop's; callbacks come on it, exactly once, never from inside call()
class RpcClient : public QObject {
    Q_OBJECT
public:
    enum class Channel { Control, Returns };

    explicit RpcClient(ApiInfo server, QObject* parent = nullptr);
    ~RpcClient() override;

    const ApiInfo& server() const;
    /// Where the files are that a text of callText() names (spool_folder.h): they are read while they are sent.
    void setSpool(std::shared_ptr<const SpoolFolder> spool);
    void setToken(std::string token);

    /// `method` with its namespace. `timeoutMs` 0: none.
    /// Errors: MinerUnreachable (no connection, reset, timeout of the connection), PermissionDenied (401, or the server's "missing
    /// permission"), Timeout, Remote (the server's error object; message as sent), Corrupt.
    void call(std::string method, boost::json::array params, std::function<void(Expected<boost::json::value>)> done,
              Channel channel = Channel::Control, int timeoutMs = 0);

    /// The same with parameters that are written out already (a JSON array): tens of megabytes cost their copy alone.
    void callText(std::string method, std::string_view params, std::function<void(Expected<boost::json::value>)> done,
                  Channel channel = Channel::Control, int timeoutMs = 0);

    /// Ends every running call with Cancelled.
    void cancelAll();

private:
    void send(std::string method, std::string body, std::function<void(Expected<boost::json::value>)> done, Channel channel, int timeoutMs);

    class Private;
    std::unique_ptr<Private> m_private;
};

/// Loopback, link-local, private ranges, and names without a dot: what a proxy of the outer world cannot reach, and calls never go through one to.
bool isNearby(const std::string& host);
/// The proxy of the environment that calls to a server go through ("http://10.0.0.1:3128", without name and password); empty: none.
std::string proxyUrlFor(const Endpoint& server);

/// One call from a thread without an event loop (command line, tests): blocks up to `timeoutMs`.
Expected<boost::json::value> callBlocking(const ApiInfo& server, std::string method, boost::json::array params, int timeoutMs = 10000);

} // namespace lsw::protocol
