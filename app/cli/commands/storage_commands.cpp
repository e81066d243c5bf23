// SPDX-License-Identifier: MIT OR Apache-2.0
// storage list, attach, detach, redeclare: the storage paths of the running worker. storage leftovers is in leftover_command.cpp.
#include "cli/commands/storage_commands.h"

#include "cli/output.h"
#include "common/storage_path.h"

#include <CLI/CLI.hpp>

namespace lsw::cli {
namespace {

using boost::json::value;
using common::ExitCode;
using common::WorkerClient;
using worker::PathView;

/// Declaring thousands of sectors, one after the other, takes the miner a while.
constexpr int kStorageTimeoutMs = 600000;

std::string listText(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
    return out;
}

std::string bytes(std::int64_t count) { return byteText(count > 0 ? static_cast<std::uint64_t>(count) : 0); }

std::string pathText(const PathView& path) {
    std::string out = path.path + " (" + path.id + ")\n";
    const std::string use = std::string(path.canSeal ? " seal" : "") + (path.canStore ? " store" : "");
    out += "    Use:    " + (use.empty() ? "read only" : use.substr(1)) + ", weight " + std::to_string(path.weight) + '\n';
    if (path.error.empty()) {
        out += "    Space:  " + bytes(path.available) + " free of " + bytes(path.capacity) + ", " + bytes(path.reserved) + " reserved\n";
        if (path.limit > 0) out += "    Limit:  " + bytes(path.limit) + ", " + bytes(path.used) + " used\n";
    } else {
        out += "    Fault:  " + path.error + '\n';
    }
    const auto line = [&](const char* name, const std::vector<std::string>& texts) {
        if (!texts.empty()) out += std::string("    ") + name + listText(texts) + '\n';
    };
    line("Groups: ", path.groups);
    line("Only to groups: ", path.allowTo);
    line("Only types: ", path.allowTypes);
    line("Not types: ", path.denyTypes);
    line("Only miners: ", path.allowMiners);
    line("Not miners: ", path.denyMiners);
    for (const std::string& note : path.notes) out += "    Note:   " + note + '\n';
    return out;
}

ExitCode list(const GlobalOptions& global, bool json) {
    const auto client = WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), json);
    const auto view = client->view();
    if (!view) return fail(view.error(), json);
    if (json) {
        printJson({{"schema", 1}, {"paths", worker::toJson(*view).at("paths")}});
        return ExitCode::Success;
    }
    if (view->paths.empty()) print("No storage paths: this worker gets no tasks that need one. Give it one with: lotus-seal-worker storage attach\n");
    for (const PathView& path : view->paths) print(pathText(path));
    return ExitCode::Success;
}

struct AttachOptions {
    std::string path, maxStorage;
    common::NewStoragePath wanted;
    bool init = false, json = false;
};

ExitCode attach(const GlobalOptions& global, AttachOptions options) {
    const auto client = WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), options.json);
    // Asked before anything is written: nobody wants half of it.
    if (const auto version = client->call("Filecoin.Version"); !version) return fail(version.error(), options.json);
    const std::filesystem::path path = common::plainStoragePath(options.path);
    if (options.init) {
        if (!options.maxStorage.empty()) {
            const auto limit = common::parseByteSize(options.maxStorage);
            if (!limit) return fail(Error(limit.error()).whileDoing("parsing max-storage"), options.json);
            options.wanted.maxStorage = *limit;
        }
        if (const auto made = common::initStoragePath(path, options.wanted); !made) return fail(made.error(), options.json);
    }
    if (const auto added = client->call("Filecoin.StorageAddLocal", {value(path.string())}, kStorageTimeoutMs); !added) {
        if (options.init && added.error().code() == ErrorCode::Remote) common::forgetStoragePath(path);
        return fail(added.error(), options.json);
    }
    const std::string id = common::storagePathId(path).valueOr({});
    if (options.json) printJson({{"schema", 1}, {"ok", true}, {"path", path.string()}, {"id", id}});
    else say("Attached " + path.string() + " (" + id + "). Undo with: lotus-seal-worker storage detach --really-do-it " + path.string());
    return ExitCode::Success;
}

ExitCode detach(const GlobalOptions& global, const std::string& text, bool really, bool json) {
    if (!really) return fail(Error(ErrorCode::InvalidArgument, "pass --really-do-it to execute the action"), json);
    const auto client = WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), json);
    const std::filesystem::path path = common::plainStoragePath(text);
    if (const auto done = client->call("Filecoin.StorageDetachLocal", {value(path.string())}, kStorageTimeoutMs); !done) return fail(done.error(), json);
    if (json) printJson({{"schema", 1}, {"ok", true}, {"path", path.string()}});
    else say("Detached " + path.string() + "; its files stay where they are. Undo with: lotus-seal-worker storage attach " + path.string());
    return ExitCode::Success;
}

struct RedeclareOptions {
    std::string path, id;
    bool all = false, dropMissing = true, json = false;
};

ExitCode redeclare(const GlobalOptions& global, const RedeclareOptions& options) {
    const auto wrong = [&](const char* text) { return fail(Error(ErrorCode::InvalidArgument, text), options.json); };
    if (options.path.empty() && options.id.empty() && !options.all) return wrong("you must specify a storage path, or --id, or --all");
    if (!options.id.empty() && options.all) return wrong("--id and --all can't be passed at the same time");
    if (options.all && !options.path.empty()) return wrong("no additional arguments are expected when --all is set");
    if (!options.id.empty() && !options.path.empty()) return wrong("a storage path and --id can't be passed at the same time");
    const auto client = WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), options.json);
    value id;
    if (!options.id.empty()) id = options.id;
    if (!options.path.empty()) {
        const auto read = common::storagePathId(common::plainStoragePath(options.path));
        if (!read) return fail(read.error(), options.json);
        id = *read;
    }
    // A worker takes an identity that it does not have for success: said here instead.
    if (!id.is_null()) {
        const auto local = client->call("Filecoin.StorageLocal");
        if (!local) return fail(local.error(), options.json);
        if (!local->is_object() || !local->get_object().contains(id.get_string()))
            return fail(Error(ErrorCode::NotFound, "this worker has no storage path with the ID " + std::string(id.get_string())), options.json);
    }
    if (const auto done = client->call("Filecoin.StorageRedeclareLocal", {id, value(options.dropMissing)}, kStorageTimeoutMs); !done)
        return fail(done.error(), options.json);
    if (options.json) printJson({{"schema", 1}, {"ok", true}, {"id", id}, {"drop_missing", options.dropMissing}});
    else
        say(std::string("Told the miner again what lies in ") + (id.is_null() ? "all storage paths" : "the storage path " + std::string(id.get_string())) +
            (options.dropMissing ? "; it forgets what is not there any more." : "; what is not there any more it keeps in its index."));
    return ExitCode::Success;
}

} // namespace

void addStorageCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    CLI::App* storage = app.add_subcommand("storage", "Manage the storage paths of the running worker");
    storage->require_subcommand(1);

    auto listJson = std::make_shared<bool>(false);
    CLI::App* listCommand = storage->add_subcommand("list", "Show the storage paths: use, space, filters");
    listCommand->add_flag("--json", *listJson, "As JSON (schema 1)");
    listCommand->callback([=, &global, &action] { action = [=, &global] { return list(global, *listJson); }; });

    auto attaching = std::make_shared<AttachOptions>();
    common::NewStoragePath& wanted = attaching->wanted;
    CLI::App* attachCommand = storage->add_subcommand("attach", "Attach a local storage path");
    attachCommand->add_option("path", attaching->path, "Folder of the storage path")->required();
    attachCommand->add_flag("--init", attaching->init, "Initialize the path first");
    attachCommand->add_option("--weight", wanted.weight, "(for --init) path weight")->capture_default_str();
    attachCommand->add_flag("--seal", wanted.canSeal, "(for --init) use the path for sealing");
    attachCommand->add_flag("--store", wanted.canStore, "(for --init) use the path for long-term storage");
    attachCommand->add_option("--max-storage", attaching->maxStorage, "(for --init) limit the space for sectors, e.g. 1TiB");
    const auto addList = [&](const char* name, std::vector<std::string>& into, const char* text) {
        attachCommand->add_option(name, into, text)->delimiter(',')->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    };
    addList("--groups", wanted.groups, "(for --init) groups that this path is in");
    addList("--allow-to", wanted.allowTo, "(for --init) groups that may pull data from this path (default: all)");
    addList("--allow-types", wanted.allowTypes, "(for --init) only these: unsealed, sealed, cache, update, update-cache, piece");
    addList("--deny-types", wanted.denyTypes, "(for --init) not these");
    addList("--allow-miners", wanted.allowMiners, "(for --init) only sectors of these miners, e.g. f01000");
    addList("--deny-miners", wanted.denyMiners, "(for --init) no sectors of these miners");
    attachCommand->add_flag("--json", attaching->json, "As JSON (schema 1)");
    attachCommand->callback([=, &global, &action] { action = [=, &global] { return attach(global, *attaching); }; });

    struct Detaching {
        std::string path;
        bool really = false, json = false;
    };
    auto detaching = std::make_shared<Detaching>();
    CLI::App* detachCommand = storage->add_subcommand("detach", "Detach a local storage path; its files stay");
    detachCommand->add_option("path", detaching->path, "Folder of the storage path")->required();
    detachCommand->add_flag("--really-do-it", detaching->really, "Do it");
    detachCommand->add_flag("--json", detaching->json, "As JSON (schema 1)");
    detachCommand->callback([=, &global, &action] {
        action = [=, &global] { return detach(global, detaching->path, detaching->really, detaching->json); };
    });

    auto declaring = std::make_shared<RedeclareOptions>();
    CLI::App* redeclareCommand = storage->add_subcommand("redeclare", "Tell the miner again what lies in the storage paths");
    redeclareCommand->add_option("path", declaring->path, "Folder of the storage path");
    redeclareCommand->add_option("--id", declaring->id, "ID of the storage path");
    redeclareCommand->add_flag("--all", declaring->all, "All storage paths");
    redeclareCommand->add_flag("--drop-missing,!--no-drop-missing", declaring->dropMissing, "Drop what the miner's index has and the disk has not")->capture_default_str();
    redeclareCommand->add_flag("--json", declaring->json, "As JSON (schema 1)");
    redeclareCommand->callback([=, &global, &action] { action = [=, &global] { return redeclare(global, *declaring); }; });

    addLeftoversCommand(*storage, global, action);
}

} // namespace lsw::cli
