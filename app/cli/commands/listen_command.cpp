// SPDX-License-Identifier: MIT OR Apache-2.0
// miner listen: where the miner of this machine listens, seen and changed.
#include "cli/commands/miner_commands.h"

#include "cli/output.h"
#include "common/configuration.h"
#include "setup/miner_config.h"
#include "setup/miner_finder.h"
#include "setup/pasted_info.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <unistd.h>

namespace lsw::cli {
namespace {

using boost::json::array;
using boost::json::object;
using common::ExitCode;
using setup::ListenKind;
using setup::ListenNote;

struct ListenOptions {
    std::string lan, address;
    bool all = false, loopback = false, acceptPublic = false, dryRun = false, yes = false, json = false;
    unsigned port = 0; ///< 0: the one that is set
};

object jsonOf(const setup::MinerSetting& setting) {
    return {{"value", setting.value}, {"origin", setup::nameOf(setting.origin)}, {"name", setting.name}, {"in_file", setting.inFile}};
}

std::string textOf(const setup::MinerSetting& setting) {
    return setting.value + " (" + (setting.name.empty() ? std::string("the default of lotus") : setting.name) + ')';
}

array jsonOf(const std::vector<setup::ListenRemark>& remarks) {
    array out;
    for (const setup::ListenRemark& one : remarks) out.push_back({{"kind", setup::nameOf(one.note)}, {"argument", one.argument}, {"text", sentenceOf(one)}});
    return out;
}

/// What beats the file, and what is left to do.
std::vector<setup::ListenRemark> remarksOn(const setup::MinerOverrides& overrides, const setup::MinerSetting& listen, const setup::MinerSetting& remote, bool isRunning) {
    std::vector<setup::ListenRemark> out;
    if (listen.origin == setup::SettingOrigin::Flag) out.push_back({ListenNote::FlagWins, overrides.apiFlag});
    for (const setup::MinerSetting* one : {&listen, &remote})
        if (one->origin == setup::SettingOrigin::Variable) out.push_back({ListenNote::VariableWins, one->name + '=' + one->value});
    if (isRunning) out.push_back({ListenNote::NeedsRestart, {}});
    return out;
}

ExitCode show(const setup::LocalMiner& miner, const setup::MinerConfig& config, const setup::MinerOverrides& overrides, bool json) {
    const setup::MinerSetting listen = config.listen(overrides), remote = config.remoteListen(overrides);
    auto remarks = remarksOn(overrides, listen, remote, false);
    const auto wanted = protocol::parseEndpoint(listen.value);
    const bool isRunning = miner.state == setup::MinerState::Running;
    if (isRunning && miner.endpoint && wanted && *wanted != *miner.endpoint) remarks.push_back({ListenNote::NeedsRestart, {}});
    if (json) {
        object out{{"schema", 1}, {"repo", miner.repo.string()}, {"file", config.path().string()}, {"state", nameOf(miner.state)}, {"listen", jsonOf(listen)},
                   {"remote_listen", jsonOf(remote)}, {"remarks", jsonOf(remarks)}};
        if (miner.endpoint) out["now"] = setup::addressText(*miner.endpoint);
        printJson(out);
        return ExitCode::Success;
    }
    print("Miner:       " + miner.repo.string() + ", " + miner.sentence + '\n');
    if (miner.endpoint && isRunning) print("Listens on:  " + setup::addressText(*miner.endpoint) + '\n');
    print("Is to listen on:    " + textOf(listen) + '\n');
    print("Workers fetch from: " + textOf(remote) + '\n');
    for (const setup::ListenRemark& one : remarks) say("Note: " + sentenceOf(one));
    say("Change it with --loopback, --lan ADDRESS or --all; 'miner addresses' lists the addresses of this machine.");
    return ExitCode::Success;
}

bool isConfirmed() {
    if (::isatty(STDIN_FILENO) != 1) return false;
    std::cerr << "Write this? [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

ExitCode change(const setup::LocalMiner& miner, setup::MinerConfig& config, const setup::MinerOverrides& overrides, const ListenOptions& options) {
    const auto failed = [&](const Error& error) { return fail(error, options.json); };
    const ListenKind kind = options.all ? ListenKind::All : options.loopback ? ListenKind::Loopback : ListenKind::Lan;
    const setup::MinerSetting listen = config.listen(overrides), remote = config.remoteListen(overrides);
    std::uint16_t port = 2345;
    if (const auto set = protocol::parseEndpoint(listen.inFile.empty() ? listen.value : listen.inFile); set && set->port != 0) port = set->port;
    if (options.port != 0) port = static_cast<std::uint16_t>(options.port);
    const auto plan = setup::planMinerListening(kind, options.lan.empty() ? options.address : options.lan, port, setup::networkInterfaces());
    if (!plan) return failed(plan.error());
    const auto planned = config.planned(*plan);
    if (!planned) return failed(planned.error());
    auto remarks = plan->remarks;
    for (setup::ListenRemark& one : remarksOn(overrides, listen, remote, miner.state == setup::MinerState::Running)) remarks.push_back(std::move(one));

    object report{{"schema", 1}, {"ok", true}, {"repo", miner.repo.string()}, {"file", config.path().string()}, {"listen", plan->listenAddress},
                  {"remote_listen", plan->remoteListenAddress}, {"diff", planned->diff}, {"remarks", jsonOf(remarks)}, {"written", false}};
    if (!options.json) {
        print(planned->diff.empty() ? "Nothing to change in " + config.path().string() + ".\n" : planned->diff);
        for (const setup::ListenRemark& one : remarks) say("Note: " + sentenceOf(one));
    }
    if (planned->diff.empty() || options.dryRun) {
        if (options.json) printJson(report);
        return ExitCode::Success;
    }
    if (plan->needsConsent && !options.acceptPublic)
        return failed(Error(ErrorCode::InvalidArgument, "the miner would listen on a public address: say --accept-public if a firewall closes the port to strangers; nothing was written"));
    if (!options.yes && (options.json || !isConfirmed()))
        return failed(Error(ErrorCode::InvalidArgument, "nothing was written: say --yes to write this, or --dry-run to only see it"));
    const auto backup = config.write(*planned);
    if (!backup) return failed(backup.error());
    report["written"] = true;
    report["backup"] = backup->string();
    if (options.json) {
        printJson(report);
        return ExitCode::Success;
    }
    say("Written: " + config.path().string());
    if (!backup->empty()) say("Undo with: mv " + backup->string() + ' ' + config.path().string());
    return ExitCode::Success;
}

ExitCode listen(const GlobalOptions& global, const ListenOptions& options) {
    const int choices = static_cast<int>(options.all) + static_cast<int>(options.loopback) + static_cast<int>(!options.lan.empty());
    if (choices > 1) return fail(Error(ErrorCode::InvalidArgument, "--loopback, --lan and --all exclude each other"), options.json);
    if (!options.address.empty() && !options.all) return fail(Error(ErrorCode::InvalidArgument, "--address goes with --all; with --lan the address is its own"), options.json);
    const auto miner = localMiner(global);
    if (!miner) return fail(miner.error(), options.json);
    auto config = setup::MinerConfig::read(miner->repo);
    if (!config) return fail(config.error(), options.json);
    const setup::MinerOverrides overrides = setup::overridesOf(miner->repo, common::environmentVariable, setup::minerProcesses());
    return choices == 0 ? show(*miner, *config, overrides, options.json) : change(*miner, *config, overrides, options);
}

} // namespace

void addMinerListenCommand(CLI::App& miner, const GlobalOptions& global, Action& action) {
    auto options = std::make_shared<ListenOptions>();
    CLI::App* command = miner.add_subcommand("listen", "Where the miner of this machine listens: see it, or change its config.toml");
    command->add_option("--lan", options->lan, "Listen on this address of this machine, for workers in its network");
    command->add_flag("--all", options->all, "Listen on all addresses (0.0.0.0)");
    command->add_flag("--loopback", options->loopback, "Listen for this machine alone (127.0.0.1)");
    command->add_option("--address", options->address, "(for --all) the address that workers shall use");
    command->add_option("--port", options->port, "Port (default: the one that is set, else 2345)")->check(CLI::Range(1, 65535));
    command->add_flag("--accept-public", options->acceptPublic, "Also when a public address would be reachable");
    command->add_flag("--dry-run", options->dryRun, "Only show what would change");
    command->add_flag("--yes,-y", options->yes, "Write without asking");
    command->add_flag("--json", options->json, "As JSON (schema 1)");
    command->callback([=, &global, &action] { action = [=, &global] { return listen(global, *options); }; });
}

} // namespace lsw::cli
