// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "protocol/large_bytes.h"

#include <boost/json.hpp>

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lsw::protocol {

using Permissions = std::set<std::string>; ///< "read", "write", "sign", "admin": exact membership, no order among them

/// An error object of JSON-RPC as go-jsonrpc writes it, and the HTTP status it goes with.
struct RpcError {
    int code = 1;
    std::string message;
    int httpStatus = 200;
};

/// How a call ended. An Error of ours becomes an ordinary application error: code 1, its message, HTTP 200.
struct RpcOutcome {
    RpcOutcome(boost::json::value result) : state(std::move(result)) {} // NOLINT: implicit on purpose
    RpcOutcome(RpcError error) : state(std::move(error)) {}             // NOLINT: implicit on purpose
    RpcOutcome(Error error);                                            // NOLINT: implicit on purpose
    RpcOutcome(Expected<boost::json::value> result);                    // NOLINT: implicit on purpose
    std::variant<boost::json::value, RpcError> state;
};

/// What goes back for one HTTP body. An empty body answers a notification.
struct RpcReply {
    int httpStatus = 200;
    std::string body;
};

/// Takes a result or an error; to be called once, from any thread. Further calls are ignored.
using RpcRespond = std::function<void(RpcOutcome)>;

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
    /// The forms of every error are those of go-jsonrpc: HTTP 500 and −32700 for what is no request, 400 and −32600 for an empty body,
    /// 200 and code 1 for whatever a handler answers. The order too: method, number of parameters, permission, values.
    /// A batch is started in its order and answered in its order, with HTTP 200; its notifications leave no trace.
    /// `spooled`: the strings of the body that went into files; handlers may read them before they return.
    void dispatch(std::string_view body, const Permissions& permissions, std::function<void(RpcReply)> done, const SpooledStrings* spooled = nullptr) const;

    struct Method {
        std::size_t paramCount;
        std::string permission;
        Handler handler;
    };

private:
    void handle(boost::json::value request, const Permissions& permissions, std::function<void(RpcReply)> done) const;
    const Method* find(std::string_view name) const;

    std::vector<std::pair<std::string, Method>> m_methods;
};

/// {"jsonrpc":"2.0","id":…,"method":…,"params":[…]} in the key order of the Go client, with "meta" left out. `method` with its namespace.
std::string makeRequest(std::uint64_t id, std::string_view method, const boost::json::array& params);
/// The same with parameters that are written out already: a JSON array, which is not looked into.
std::string makeRequestOfText(std::uint64_t id, std::string_view method, std::string_view params);

/// The whole answer line of a call, with the final line feed. The id is null for what could not be told apart.
std::string makeAnswer(const boost::json::value& id, const boost::json::value& result);
std::string makeErrorAnswer(const boost::json::value& id, const RpcError& error);

/// The result inside an answer body (null when there is none); Remote with the server's message for an error object, Corrupt for what is no answer.
Expected<boost::json::value> parseAnswer(std::string_view body);

} // namespace lsw::protocol
