// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/storage_commands.h"
#include "cli/output.h"
#include "common/storage_path.h"
#include "worker/stopped_leftovers.h"

#include <CLI/CLI.hpp>

#include <QtCore/QDateTime>

#include <algorithm>
#include <cstdlib>

namespace lsw::cli {
namespace {

using boost::json::array;
using boost::json::value;
using common::ExitCode;

/// Looks into every storage path and asks the index of the copies in sealing paths.
constexpr int kTimeoutMs = 600000;

struct LeftoverOptions {
    std::vector<std::string> paths;
    bool remove = false, json = false;
};

struct Item {
    std::string kind, path, owner;
    std::uint64_t bytes = 0;
    std::int64_t modifiedMs = 0;
    bool isSure = false;
};

std::vector<Item> itemsOf(const value& answer) {
    std::vector<Item> out;
    for (const value& one : answer.at("leftovers").as_array())
        out.push_back({std::string(one.at("kind").as_string()), std::string(one.at("path").as_string()), std::string(one.at("owner").as_string()),
                       one.at("bytes").to_number<std::uint64_t>(), one.at("modified_ms").to_number<std::int64_t>(), one.at("sure").as_bool()});
    return out;
}

std::string ageText(std::int64_t modifiedMs) {
    const double seconds = static_cast<double>(std::max<std::int64_t>(0, QDateTime::currentMSecsSinceEpoch() - modifiedMs)) / 1000;
    return seconds < 2 * 86400 ? durationText(seconds) : std::to_string(static_cast<int>(seconds / 86400)) + " days";
}

void show(const std::vector<Item>& items) {
    for (const Item& item : items)
        print(item.kind + "  " + byteText(item.bytes) + "  " + ageText(item.modifiedMs) + " old  " + item.path + "\n    " + item.owner + '\n');
}

ExitCode leftovers(const GlobalOptions& global, const LeftoverOptions& options) {
    if (!options.remove && !options.paths.empty()) return fail(Error(ErrorCode::InvalidArgument, "paths are named to be deleted: add --delete"), options.json);
    const auto repo = common::workerRepo(global.workerRepo);
    const auto client = common::WorkerClient::find(repo);
    const auto askWorker = [&](const std::vector<std::string>& toDelete) -> Expected<value> {
        if (!client) return client.error();
        return client->call("LotusSealWorker.Leftovers", {array(toDelete.begin(), toDelete.end())}, kTimeoutMs);
    };
    auto answer = askWorker({});
    // A worker elsewhere has its folder elsewhere.
    const bool isStopped = !answer && answer.error().code() == ErrorCode::NotRunning && !std::getenv("WORKER_API_INFO");
    const auto ask = [&](const std::vector<std::string>& toDelete) {
        return isStopped ? worker::leftoversWhileStopped(repo, toDelete, {}) : askWorker(toDelete);
    };
    if (isStopped) {
        auto looked = ask({});
        // Where none has ever run, that none answers says more.
        if (looked || looked.error().code() != ErrorCode::NotFound) answer = std::move(looked);
    }
    if (!answer) return fail(answer.error(), options.json);
    std::uint64_t freed = 0;
    if (options.remove) {
        std::vector<std::string> toDelete;
        const auto items = itemsOf(*answer);
        for (const std::string& named : options.paths) toDelete.push_back(common::plainStoragePath(named).string());
        if (options.paths.empty())
            for (const Item& item : items)
                if (item.isSure) toDelete.push_back(item.path);
        answer = ask(toDelete);
        if (!answer) return fail(answer.error(), options.json);
        for (const value& path : answer->at("deleted").as_array())
            for (const Item& item : items)
                if (item.path == path.as_string()) freed += item.bytes;
    }
    const auto& failed = answer->at("failed").as_array();
    if (options.json) {
        printJson(*answer);
        return failed.empty() ? ExitCode::Success : ExitCode::Storage;
    }
    for (const value& path : answer->at("deleted").as_array()) print("deleted  " + std::string(path.as_string()) + '\n');
    if (freed > 0) say(byteText(freed) + " freed.");
    const auto left = itemsOf(*answer);
    show(left);
    if (isStopped) say("The worker does not run, so the miner's index was not asked: sector files that it does not know and copies are not among these.");
    if (left.empty() && !options.remove)
        say(isStopped ? "Nothing else is left over." : "Nothing is left over: everything in the storage paths belongs to a call or is in the miner's index.");
    if (!left.empty() && !options.remove) {
        const bool anySure = std::any_of(left.begin(), left.end(), [](const Item& item) { return item.isSure; });
        const bool anyUnsure = std::any_of(left.begin(), left.end(), [](const Item& item) { return !item.isSure; });
        if (anySure) say("Delete what nobody can want with: lotus-seal-worker storage leftovers --delete");
        if (anyUnsure) say("What may be somebody's after all is deleted only by name: lotus-seal-worker storage leftovers --delete PATH");
    }
    for (const value& one : failed) say("not deleted: " + std::string(one.at("path").as_string()) + ": " + std::string(one.at("error").as_string()));
    return failed.empty() ? ExitCode::Success : ExitCode::Storage;
}

} // namespace

void addLeftoversCommand(CLI::App& storage, const GlobalOptions& global, Action& action) {
    auto options = std::make_shared<LeftoverOptions>();
    CLI::App* command = storage.add_subcommand("leftovers", "List what lies in the storage paths and the spool and belongs to no call; delete it on request");
    command->add_option("paths", options->paths, "(for --delete) only these");
    command->add_flag("--delete", options->remove, "Delete what nobody can want, or the named paths");
    command->add_flag("--json", options->json, "As JSON (schema 1)");
    command->callback([=, &global, &action] { action = [=, &global] { return leftovers(global, *options); }; });
}

} // namespace lsw::cli
