// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/json_rpc.h"

#include "protocol/go_json.h"

#include <atomic>
#include <exception>
#include <memory>
#include <type_traits>

namespace lsw::protocol {
namespace {

constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kWrongParams = -32602;

/// A batch is a convenience nobody uses; without a bound one body of 100 MiB would become millions of calls.
constexpr std::size_t kBatchLimit = 1000;

struct Request {
    Json id; ///< null: a notification
    std::string method;
    Json params;
};

/// The id as it may be sent back; `problem` names the kind of one that may not.
Json normalizedId(const Json& id, std::string& problem) {
    if (id.is_null() || id.is_number() || id.is_string()) return id;
    problem = id.is_bool() ? "bool" : id.is_array() ? "[]interface {}" : "map[string]interface {}";
    return nullptr;
}

/// Reads the members of a request. What has the wrong kind makes it "Parse error", yet the id read is sent back with it.
/// The parameters are moved out when `json` is not const.
template <typename AnyJson>
Request readRequest(AnyJson& json, GoReader& reader) {
    Request out;
    reader.object(json, "jsonrpc.request", [&](const boost::json::object& object) {
        std::string version;
        reader.field(object, "jsonrpc", version, "string");
        reader.field(object, "method", out.method, "string");
        reader.member(object, "meta", [&](const Json& meta) {
            reader.object(meta, "map[string]string", [&](const boost::json::object& entries) {
                for (const auto& entry : entries) {
                    std::string ignored;
                    reader.read(entry.value(), ignored, "string");
                }
            });
        });
        out.id = memberOf(object, "id");
    });
    if constexpr (!std::is_const_v<AnyJson>)
        if (json.is_object()) out.params = takeMember(json.get_object(), "params");
    return out;
}

std::string_view withoutNamespace(std::string_view method) {
    const auto dot = method.rfind('.');
    return dot == std::string_view::npos ? method : method.substr(dot + 1);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpaces = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(kSpaces);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

RpcReply errorReply(const Json& id, const RpcError& error) { return {error.httpStatus, makeErrorAnswer(id, error)}; }

/// The answers of a batch, each in its place; whoever comes last sends them.
struct Batch {
    explicit Batch(std::size_t count, std::function<void(RpcReply)> whenDone) : answers(count), missing(count), done(std::move(whenDone)) {}

    void answer(std::size_t place, std::string body) {
        answers[place] = std::move(body);
        if (missing.fetch_sub(1) != 1) return;
        std::string all = "[";
        for (const std::string& one : answers) {
            if (one.empty()) continue; // a notification
            if (all.size() > 1) all += ',';
            all += one;
        }
        done({200, all + ']'});
    }

    std::vector<std::string> answers;
    std::atomic<std::size_t> missing;
    std::function<void(RpcReply)> done;
};

} // namespace

RpcOutcome::RpcOutcome(Error error) : state(RpcError{1, error.message(), 200}) {}

RpcOutcome::RpcOutcome(Expected<boost::json::value> result) : state(boost::json::value()) {
    if (result) state = std::move(*result);
    else state = RpcError{1, result.error().message(), 200};
}

void MethodTable::add(std::string name, std::size_t paramCount, std::string permission, Handler handler) {
    m_methods.emplace_back(std::move(name), Method{paramCount, std::move(permission), std::move(handler)});
}

const MethodTable::Method* MethodTable::find(std::string_view name) const {
    for (const auto& [known, method] : m_methods)
        if (known == name) return &method;
    return nullptr;
}

void MethodTable::dispatch(std::string_view body, const Permissions& permissions, std::function<void(RpcReply)> done,
                           const SpooledStrings* spooled) const {
    const SpooledStrings::Scope scope(spooled);
    const std::string_view text = trimmed(body);
    const RpcError invalid{kInvalidRequest, "Invalid request", 400};
    const RpcError unreadable{kParseError, "Parse error", 500};
    if (text.empty()) return done(errorReply(nullptr, invalid));
    auto json = parseGoJson(text);
    if (!json) return done(errorReply(nullptr, unreadable));
    if (!json->is_array() || text.back() != ']') return handle(std::move(*json), permissions, std::move(done));

    auto& requests = json->get_array();
    if (requests.empty()) return done(errorReply(nullptr, invalid));
    if (requests.size() > kBatchLimit)
        return done(errorReply(nullptr, {kInvalidRequest, "a batch may hold at most " + std::to_string(kBatchLimit) + " requests", 400}));
    for (const Json& request : requests) {
        GoReader reader;
        readRequest(request, reader);
        if (reader.failed()) return done(errorReply(nullptr, unreadable));
    }
    const auto batch = std::make_shared<Batch>(requests.size(), std::move(done));
    for (std::size_t i = 0; i < requests.size(); ++i)
        handle(std::move(requests[i]), permissions, [batch, i](RpcReply reply) { batch->answer(i, std::move(reply.body)); });
}

void MethodTable::handle(boost::json::value json, const Permissions& permissions, std::function<void(RpcReply)> done) const {
    GoReader reader;
    Request request = readRequest(json, reader);
    std::string idProblem;
    const Json id = normalizedId(request.id, idProblem);
    const auto refuse = [&](int code, std::string message) { done(errorReply(id, {code, std::move(message), 500})); };
    if (reader.failed()) return refuse(kParseError, "Parse error");
    if (!idProblem.empty()) return refuse(kParseError, "failed to parse ID: invalid id type: " + idProblem);

    const Method* method = find(request.method);
    if (!method) return refuse(kMethodNotFound, "method '" + request.method + "' not found");
    boost::json::array params;
    if (request.params.is_array()) {
        params = std::move(request.params.get_array());
    } else if (!request.params.is_null()) {
        GoReader kind;
        kind.mismatch(request.params, "[]jsonrpc.param");
        return refuse(kParseError, "unmarshaling param array: " + kind.error());
    }
    if (params.size() != method->paramCount) {
        return refuse(kWrongParams, "wrong param count (method '" + request.method + "'): " + std::to_string(params.size()) +
                                        " != " + std::to_string(method->paramCount));
    }
    if (!method->permission.empty() && !permissions.contains(method->permission)) {
        if (id.is_null()) return done({200, {}});
        return done(errorReply(id, {1, "missing permission to invoke '" + std::string(withoutNamespace(request.method)) + "' (need '" + method->permission + "')", 200}));
    }

    struct Answer {
        std::atomic_flag given;
        Json id;
        std::function<void(RpcReply)> done;
    };
    const auto answer = std::make_shared<Answer>();
    answer->id = id;
    answer->done = std::move(done);
    const RpcRespond respond = [answer](RpcOutcome outcome) {
        if (answer->given.test_and_set()) return;
        if (const auto* error = std::get_if<RpcError>(&outcome.state)) {
            const bool silent = answer->id.is_null() && error->httpStatus == 200;
            answer->done(silent ? RpcReply{200, {}} : errorReply(answer->id, *error));
        } else {
            const bool silent = answer->id.is_null();
            answer->done({200, silent ? std::string() : makeAnswer(answer->id, std::get<Json>(outcome.state))});
        }
    };
    try {
        method->handler(std::move(params), respond);
    } catch (const std::exception& problem) {
        respond(RpcError{0, "fatal error calling '" + request.method + "': panic in rpc method '" + request.method + "': " + problem.what(), 500});
    }
}

std::string makeRequest(std::uint64_t id, std::string_view method, const boost::json::array& params) {
    std::string text = "[";
    for (const Json& param : params) {
        if (text.size() > 1) text += ',';
        appendGoJson(text, param);
    }
    return makeRequestOfText(id, method, text + ']');
}

std::string makeRequestOfText(std::uint64_t id, std::string_view method, std::string_view params) {
    std::string out;
    out.reserve(params.size() + method.size() + 80);
    out += R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":)";
    appendGoString(out, method);
    out += R"(,"params":)";
    out += params;
    out += '}';
    return out;
}

std::string makeAnswer(const boost::json::value& id, const boost::json::value& result) {
    std::string out = R"({"id":)";
    appendGoJson(out, id);
    out += R"(,"jsonrpc":"2.0","result":)";
    appendGoJson(out, result);
    return out + "}\n";
}

std::string makeErrorAnswer(const boost::json::value& id, const RpcError& error) {
    std::string out = R"({"error":{"code":)" + std::to_string(error.code) + R"(,"message":)";
    appendGoString(out, error.message);
    out += R"(},"id":)";
    appendGoJson(out, id);
    return out + ",\"jsonrpc\":\"2.0\"}\n";
}

Expected<boost::json::value> parseAnswer(std::string_view body) {
    auto json = parseGoJson(trimmed(body));
    if (!json || !json->is_object()) return Error(ErrorCode::Corrupt, "the answer is no JSON-RPC answer");
    const auto& object = json->get_object();
    const Json& error = memberOf(object, "error");
    if (error.is_null()) {
        // Go's client takes a missing result as a zero value; an object that is no answer at all is told apart by what else is missing.
        const bool isAnswer = object.contains("jsonrpc") || object.contains("result") || object.contains("id");
        if (!isAnswer) return Error(ErrorCode::Corrupt, "the answer is no JSON-RPC answer");
        return memberOf(object, "result");
    }
    GoReader reader;
    std::string message;
    std::int64_t code = 0;
    reader.object(error, "jsonrpc.JSONRPCError", [&](const boost::json::object& members) {
        reader.field(members, "code", code, "jsonrpc.ErrorCode");
        reader.field(members, "message", message, "string");
    });
    if (reader.failed()) return Error(ErrorCode::Corrupt, "the answer's error object is malformed: " + reader.error());
    return Error(ErrorCode::Remote, message.empty() ? "error " + std::to_string(code) + " without a message" : message);
}

} // namespace lsw::protocol
