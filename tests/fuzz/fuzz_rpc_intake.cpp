// SPDX-License-Identifier: MIT OR Apache-2.0
// A large body of JSON-RPC, in whatever pieces it comes: what its long strings hold lies decoded in files, as it would in memory had the
// body been taken whole; the files go with the calls, and of a body that is refused none is left.
#include "fuzz.h"

#include "protocol/json_rpc.h"
#include "protocol/lotus_json.h"
#include "protocol/rpc_intake.h"

#include <vector>

using namespace lsw;
using namespace lsw::protocol;

namespace {

constexpr std::size_t kMostBody = 256 << 10;

/// What an input stands for: itself, but for a 1 and a number, which are that many KiB of base64 in whole groups.
std::string bodyOf(std::string_view text) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size() && out.size() < kMostBody; ++i) {
        if (text[i] != '\1') {
            out += text[i];
            continue;
        }
        if (++i == text.size()) break;
        const std::size_t digits = static_cast<std::uint8_t>(text[i]) * std::size_t{1024};
        for (std::size_t n = 0; n < digits; ++n) out += kDigits[(n * 11 + n / 64) % 64];
    }
    return out;
}

/// How a body was answered, and what the calls in it had as the output of C1.
struct Answered {
    int status = 0;
    std::vector<LargeBytes> outputs;
};

/// The one method that takes large bytes; what it takes goes where `to` points.
MethodTable methods(std::vector<LargeBytes>* const& to) {
    MethodTable table;
    table.add("Filecoin.SealCommit2", 2, "", [&to](boost::json::array params, const RpcRespond& respond) {
        auto call = decodeCall("SealCommit2", params);
        if (!call) return respond(std::move(call).error());
        to->push_back(std::get<SealCommit2Call>(*call).commit1Output);
        respond(boost::json::value("ok"));
    });
    return table;
}

Answered answer(std::string_view text, const SpooledStrings* strings) {
    static std::vector<LargeBytes>* to = nullptr;
    static const MethodTable table = methods(to);
    Answered out;
    to = &out.outputs;
    table.dispatch(text, {}, [&](const RpcReply& reply) { out.status = reply.httpStatus; }, strings);
    return out;
}

Bytes loaded(const LargeBytes& bytes) {
    auto all = bytes.load();
    fuzz::require(all.hasValue(), "what was taken can be read");
    return std::move(*all);
}

std::size_t filesIn(const std::filesystem::path& folder) {
    const std::filesystem::directory_iterator all(folder);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::Folder folder;
    static const auto spool = std::make_shared<SpoolFolder>(folder.path() / "spool");
    static const bool prepared = spool->prepare().hasValue();
    fuzz::require(prepared, "a spool can be made");
    fuzz::Input input(data, size);
    const std::size_t first = input.byte(), step = (input.byte() + 1) * (input.byte() + 1);
    const bool isLeft = input.byte() == 0; // the connection breaks in the middle
    const std::string body = bodyOf(input.rest());
    {
        RpcIntake intake(spool);
        std::string_view rest = body;
        if (isLeft) rest = rest.substr(0, rest.size() / 2);
        for (std::size_t piece = first; !rest.empty(); piece = step) {
            fuzz::require(intake.feed(rest.substr(0, piece)).hasValue(), "a body of this size is taken");
            rest.remove_prefix(std::min(piece, rest.size()));
        }
        if (!isLeft) {
            fuzz::require(intake.finish().hasValue(), "a body has an end");
            const Answered spooled = answer(intake.text(), &intake.strings()), plain = answer(body, nullptr);
            fuzz::require(spooled.outputs.size() == plain.outputs.size(), "what is a call whole is one in pieces, and nothing else is");
            fuzz::require(spooled.status == 200 || plain.status != 200, "what is JSON whole is JSON in pieces");
            std::size_t inFiles = 0;
            for (std::size_t i = 0; i < plain.outputs.size(); ++i) {
                fuzz::require(loaded(spooled.outputs[i]) == plain.outputs[i].inMemory(), "a file holds what the string stands for");
                if (spooled.outputs[i].file()) inFiles += static_cast<std::size_t>(spooled.outputs[i].file()->size());
                else fuzz::require(spooled.outputs[i].size() <= 64 << 10, "memory holds what is short");
            }
            // A placeholder is short; what is in a file is nowhere else.
            fuzz::require(intake.text().size() <= body.size() + 64 * plain.outputs.size() - inFiles, "what is in files is not in memory");
        }
    }
    fuzz::require(filesIn(folder.path() / "spool") == 0, "no file outlives its call");
    return 0;
}
