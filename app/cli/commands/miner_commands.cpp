// SPDX-License-Identifier: MIT OR Apache-2.0
// miner find, addresses, understand (miner listen is in listen_command.cpp): the miner's side of the connection, before any worker runs.
#include "cli/commands/miner_commands.h"

#include "cli/output.h"
#include "common/worker_client.h"
#include "common/worker_start.h"
#include "setup/masked_token.h"
#include "setup/network_interfaces.h"
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

std::vector<std::string> placesOf(const setup::LocalMiner& miner) {
    std::vector<std::string> out;
    for (const setup::MinerPlace& one : miner.places) out.push_back(one.text());
    return out;
}

object jsonOf(const setup::LocalMiner& miner) {
    const std::vector<std::string> places = placesOf(miner);
    object out{{"schema", 1},
               {"repo", miner.repo.string()},
               {"found_by", array(places.begin(), places.end())},
               {"state", setup::nameOf(miner.state)},
               {"owner", miner.owner},
               {"token", setup::nameOf(miner.tokenFile)},
               {"others_can_read_token", miner.othersCanReadToken},
               {"permissions", array(miner.permissions.begin(), miner.permissions.end())},
               {"text", miner.sentence}};
    if (miner.holder > 0) out["pid"] = miner.holder;
    if (miner.endpoint) out["address"] = setup::addressText(*miner.endpoint);
    return out;
}

void show(const setup::LocalMiner& miner) {
    std::string out = (miner.repo.empty() ? std::string("a miner whose folder does not show") : miner.repo.string()) + '\n';
    out += "    Found by: " + listText(placesOf(miner)) + '\n';
    out += "    State:    " + miner.sentence + '\n';
    if (miner.endpoint) out += "    Address:  " + setup::addressText(*miner.endpoint) + '\n';
    if (miner.tokenFile == setup::TokenFile::Readable)
        out += "    Token:    readable, allows " + (miner.permissions.empty() ? std::string("what only the miner knows") : listText(miner.permissions)) + '\n';
    if (!miner.owner.empty()) out += "    User:     " + miner.owner + '\n';
    print(out);
}

ExitCode findMiners(const GlobalOptions& global, bool json) {
    const std::vector<setup::LocalMiner> miners = localMiners(global);
    for (const setup::LocalMiner& one : miners) {
        if (json) printJson(jsonOf(one));
        else show(one);
    }
    if (!miners.empty()) return ExitCode::Success;
    return fail(localMiner(global).error(), json);
}

std::string speedText(int megabits) {
    if (megabits <= 0) return "speed unknown";
    return megabits % 1000 == 0 ? std::to_string(megabits / 1000) + " Gbit/s" : std::to_string(megabits) + " Mbit/s";
}

ExitCode addresses(const GlobalOptions& global, bool json) {
    std::optional<protocol::Endpoint> miner; // only to mark the address that faces it: that there is none is no fault here
    if (const auto found = minerOfRun(global)) miner = found->api.endpoint;
    for (const setup::NetworkInterface& one : setup::networkInterfaces(miner)) {
        if (!json) print(one.name + ": " + std::string(nameOf(one.kind)) + (one.isUp ? "" : ", not connected") + ", " + speedText(one.megabitsPerSecond) + '\n');
        array list;
        for (const setup::InterfaceAddress& address : one.addresses) {
            list.push_back({{"address", address.address}, {"prefix", address.prefix}, {"kind", nameOf(address.kind)}, {"reaches_miner", address.reachesMiner}});
            if (!json)
                print("    " + address.address + '/' + std::to_string(address.prefix) + ' ' + std::string(nameOf(address.kind)) +
                      (address.reachesMiner ? "  <- the miner is reached through this one" : "") + '\n');
        }
        if (json)
            printJson({{"schema", 1}, {"name", one.name}, {"kind", nameOf(one.kind)}, {"up", one.isUp}, {"megabits_per_second", one.megabitsPerSecond}, {"addresses", std::move(list)}});
    }
    return ExitCode::Success;
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

Expected<setup::FoundMiner> minerOfRun(const GlobalOptions& global) {
    common::StartRequest request;
    request.repo = common::workerRepo(global.workerRepo);
    if (!global.minerRepo.empty()) request.flags["miner-repo"] = global.minerRepo;
    request.home = common::environmentVariable("HOME");
    const auto configuration = common::startConfiguration(request);
    if (!configuration) return configuration.error();
    return setup::findMiner(common::minerQuery(request, *configuration));
}

std::string listText(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
    return out;
}

std::vector<setup::LocalMiner> localMiners(const GlobalOptions& global) {
    setup::MinerSearch search;
    search.repoFlag = global.minerRepo;
    search.environment = common::environmentVariable;
    search.home = common::environmentVariable("HOME");
    return setup::findLocalMiners(search);
}

Expected<setup::LocalMiner> localMiner(const GlobalOptions& global) {
    std::vector<setup::LocalMiner> miners = localMiners(global);
    if (miners.empty())
        return Error(ErrorCode::NotConfigured, "no miner was found on this machine: if its folder has another name, say --miner-repo; if it is on another machine, "
                                               "copy the line that 'lotus-miner auth api-info --perm admin' prints there");
    setup::LocalMiner& first = miners.front();
    const std::string where = (first.repo.empty() ? "the miner" : first.repo.string()) + " (" + first.places.front().text() + "): " + first.sentence;
    switch (first.state) {
    case setup::MinerState::Missing: return Error(ErrorCode::NotFound, where);
    case setup::MinerState::NoRepo: return Error(ErrorCode::InvalidArgument, where);
    case setup::MinerState::NotReadable:
    case setup::MinerState::Elsewhere: return Error(ErrorCode::PermissionDenied, where);
    default: return std::move(first);
    }
}

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

void addMinerCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    CLI::App* group = app.add_subcommand("miner", "The miner's side: find it, let it listen for workers, understand what it printed");
    group->require_subcommand(1);

    const auto add = [&](const char* name, const char* about, ExitCode (*run)(const GlobalOptions&, bool)) {
        auto json = std::make_shared<bool>(false);
        CLI::App* command = group->add_subcommand(name, about);
        command->add_flag("--json", *json, "As JSON lines (schema 1)");
        command->callback([=, &global, &action] { action = [=, &global] { return run(global, *json); }; });
    };
    add("find", "All miners of this machine: named, in the home folder, running", &findMiners);
    add("addresses", "The networks of this machine, and which of its addresses faces the miner", &addresses);

    addMinerListenCommand(*group, global, action);

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
