// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <boost/json.hpp>

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::protocol {

using Permissions = std::set<std::string>; ///< "read", "write", "sign", "admin": exact membership, no order among them

/// An error object of JSON-RPC as go-jsonrpc writes it, and the HTTP status it goes with.
struct RpcError {
    int code = 1;
    std::string message;
    int httpStatus = 200;
};

/// What goes back for one HTTP body. An empty body answers a notification.
struct RpcReply {
    int httpStatus = 200;
    std::string body;
};

/// A result or an error; called exactly once, from any thread.
using RpcRespond = std::function<void(Expected<boost::json::value>)>;

/// The methods of one server: a table, no reflection.
///
/// thread  dispatch and the handlers run on the caller's thread (the service thread); handlers must not block
class MethodTable {
public:
    using Handler = std::function<void(boost::json::array params, RpcRespond respond)>;

    /// `name` with its namespace ("Filecoin.Version"); `permission` is needed to call it ("" for none).
    /// A call with another number of parameters is refused before the handler runs.
    void add(std::string name, std::size_t paramCount, std::string permission, Handler handler);

    /// Parses one HTTP body (a request or a batch), checks it and calls the handler. `done` is called exactly once.
    /// The forms of every error are those of go-jsonrpc (protocol facts: HTTP 500 and −32700 for what is no request, …).
    void dispatch(std::string_view body, const Permissions& permissions, std::function<void(RpcReply)> done) const;

    struct Method {
        std::size_t paramCount;
        std::string permission;
        Handler handler;
    };

private:
    std::vector<std::pair<std::string, Method>> m_methods;
};

/// {"jsonrpc":"2.0","id":…,"method":…,"params":[…]} in the key order of the Go client, with "meta" left out.
std::string makeRequest(std::uint64_t id, std::string_view method, const boost::json::array& params);

/// The result inside an answer body; Remote with the server's message for an error object, Corrupt for what is no answer.
Expected<boost::json::value> parseAnswer(std::string_view body);

} // namespace lsw::protocol
