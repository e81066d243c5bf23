// SPDX-License-Identifier: MIT OR Apache-2.0
// miner understand: the miner's side of the connection, before any worker runs.
#include "cli/commands/miner_commands.h"

#include "cli/output.h"
#include "setup/masked_token.h"
#include "setup/pasted_info.h"

#include <CLI/CLI.hpp>

#include <array>
#include <cerrno>
#include <unistd.h>

namespace lsw::cli {
namespace {

using boost::json::array;
using boost::json::object;
using common::ExitCode;

constexpr std::size_t kLongestInput = 256 << 10;

object jsonOf(const setup::PastedInfo& info, bool reveal) {
    array changes;
    for (const setup::PastedChange& one : info.changes)
        changes.push_back({{"kind", setup::nameOf(one.fix)}, {"before", one.before}, {"after", one.after}, {"text", sentenceOf(one)}});
    object out{{"schema", 1}, {"ok", !info.fault}, {"before", info.before}, {"changes", std::move(changes)}};
    if (info.fault)
        out["fault"] = object{{"kind", setup::nameOf(*info.fault)}, {"argument", info.argument}, {"text", setup::sentenceOf(*info.fault, info.argument)}};
    if (!info.token.empty()) {
        out["token"] = reveal ? info.token : setup::maskedToken(info.token);
        out["permissions"] = array(info.permissions.begin(), info.permissions.end());
    }
    if (info.endpoint) {
        out["address"] = setup::addressText(*info.endpoint);
        out["url"] = info.endpoint->url({});
    }
    if (!info.fault) out["connection"] = reveal ? setup::connectionText({info.token, *info.endpoint}) : info.after;
    return out;
}

ExitCode understand(bool reveal, bool json) {
    const auto text = readStandardInput("Paste what the miner printed, then press Ctrl-D on a line of its own.");
    if (!text) return fail(text.error(), json);
    const setup::PastedInfo info = setup::understandPasted(*text);
    const auto api = info.apiInfo();
    if (json) {
        printJson(jsonOf(info, reveal));
        return api ? ExitCode::Success : common::exitCodeFor(api.error().code());
    }
    for (const setup::PastedChange& one : info.changes) say("Note: " + sentenceOf(one));
    if (!api) return fail(api.error());
    print((reveal ? setup::connectionText(*api) : info.after) + '\n');
    return ExitCode::Success;
}

} // namespace

Expected<std::string> readStandardInput(const std::string& whatToPaste) {
    if (::isatty(STDIN_FILENO) == 1) say(whatToPaste);
    std::string out;
    std::array<char, 4096> part{};
    while (out.size() <= kLongestInput) {
        const ssize_t got = ::read(STDIN_FILENO, part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errnoError(errno, "standard input cannot be read");
        if (got == 0) return out;
        out.append(part.data(), static_cast<std::size_t>(got));
    }
    return Error(ErrorCode::InvalidArgument, "standard input holds far more than a connection or a token");
}

void addMinerCommand(CLI::App& app, const GlobalOptions&, Action& action) {
    CLI::App* group = app.add_subcommand("miner", "The miner's side: understand what it printed");
    group->require_subcommand(1);

    struct Understanding {
        bool reveal = false, json = false;
    };
    auto understanding = std::make_shared<Understanding>();
    CLI::App* command = group->add_subcommand("understand", "Read a copied connection from standard input and say what is made of it");
    command->add_flag("--reveal", understanding->reveal, "Show the token whole");
    command->add_flag("--json", understanding->json, "As JSON (schema 1)");
    command->callback([=, &action] { action = [=] { return understand(understanding->reveal, understanding->json); }; });
}

} // namespace lsw::cli
