// SPDX-License-Identifier: MIT OR Apache-2.0
// A body of JSON-RPC, a batch included: answered once, as JSON or not at all, and the methods of lotus get what decodes.
#include "fuzz.h"

#include "protocol/json_rpc.h"
#include "protocol/lotus_json.h"

using namespace lsw;
using namespace lsw::protocol;

namespace {

MethodTable methods() {
    MethodTable table;
    table.add("Filecoin.Version", 0, "admin", [](const auto&, const RpcRespond& respond) { respond(boost::json::value(67328)); });
    table.add("Filecoin.Fail", 1, "", [](const auto& params, const RpcRespond& respond) { respond(Error(ErrorCode::Io, toGoJson(params[0]))); });
    table.add("Filecoin.Twice", 0, "read", [](const auto&, const RpcRespond& respond) {
        respond(boost::json::value("first"));
        respond(boost::json::value("second"));
    });
    for (const CallMethod& method : callMethods()) {
        table.add("Filecoin." + std::string(method.name), method.paramCount, "admin", [name = method.name](boost::json::array params, const RpcRespond& respond) {
            auto call = decodeCall(name, params);
            if (!call) return respond(std::move(call).error());
            respond(boost::json::value(callParams(*call)));
        });
    }
    return table;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const MethodTable table = methods();
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    for (const Permissions& permissions : {Permissions{}, Permissions{"read", "admin"}}) {
        int answers = 0;
        table.dispatch(body, permissions, [&](const RpcReply& reply) {
            ++answers;
            fuzz::require(reply.httpStatus == 200 || reply.httpStatus == 400 || reply.httpStatus == 500, "a status that go-jsonrpc gives");
            if (reply.body.empty()) return;
            fuzz::require(parseGoJson(reply.body).hasValue(), "an answer is JSON");
        });
        fuzz::require(answers == 1, "one answer");
    }
    (void)parseAnswer(body).hasValue();
    return 0;
}
