// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/go_duration.h"
#include "cli/commands/command.h"
#include "cli/commands/run_report.h"
#include "cli/output.h"
#include "cli/service_manager.h"
#include "cli/stop_signal.h"
#include "common/process_limits.h"
#include "common/worker_client.h"
#include "common/worker_host.h"
#include "common/worker_start.h"

#include <CLI/CLI.hpp>

#include <QtCore/QCoreApplication>

#include <functional>

namespace lsw::cli {
namespace {

using common::Setting;
using common::SettingKind;

struct RunOptions {
    std::map<std::string, std::string> given; ///< by the key of the setting
    std::string apiInfo, dialTimeout = "30m";
};

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

void tellReloaded(const worker::ReloadResult& result, const QString& error) {
    using Level = LogLine::Level;
    const auto say = [](Level level, const std::string& text) { log({level, text, {}, {}, {}}); };
    if (!error.isEmpty()) return say(Level::Error, "The configuration was read again and not taken over: " + error.toStdString());
    if (result.applied.empty() && result.restart.empty()) return say(Level::Notice, "The configuration was read again: nothing has changed.");
    if (!result.applied.empty()) say(Level::Notice, "The configuration was read again; in effect now: " + listed(result.applied) + '.');
    if (!result.restart.empty()) say(Level::Notice, "Takes effect after a restart: " + listed(result.restart) + '.');
}

common::ExitCode run(const RunOptions& options, const GlobalOptions& global) {
    if (const auto dial = parseGoDuration(options.dialTimeout); !dial) return fail(Error(dial.error()).whileDoing("reading --timeout"));
    if (!options.apiInfo.empty())
        say("Note: a token on the command line can be read by every user of this machine (ps); MINER_API_INFO, `token set` or --miner-repo keeps it private.");
    common::StartRequest request;
    request.repo = common::workerRepo(global.workerRepo);
    request.flags = options.given;
    if (!global.minerRepo.empty()) request.flags["miner-repo"] = global.minerRepo;
    if (!global.gpuProving.empty()) request.flags["enable-gpu-proving"] = global.gpuProving;
    request.apiInfoFlag = options.apiInfo;
    request.home = common::environmentVariable("HOME");
    auto prepared = common::prepareWorker(request);
    if (!prepared) return fail(prepared.error());
    for (const std::string& note : prepared->notes) say("Note: " + note);
    if (const std::string warning = common::raiseOpenFileLimit(); !warning.empty()) say("Note: " + warning);

    ServiceManager manager;
    common::WorkerHost* hostToStop = nullptr;
    const auto onHost = [&hostToStop](std::function<void(common::WorkerHost&)> what) {
        QMetaObject::invokeMethod(QCoreApplication::instance(), [&hostToStop, what = std::move(what)] {
            if (hostToStop) what(*hostToStop);
        }, Qt::QueuedConnection);
    };
    // Made before any other thread, so that no other thread takes the signals.
    StopSignal signal([&] {
        onHost([&manager](common::WorkerHost& host) {
            say("Stopping; press Ctrl-C again to end at once.");
            manager.stopping();
            host.requestStop();
        });
    }, [&] {
        onHost([&manager](common::WorkerHost& host) {
            if (!host.worker()) return;
            manager.reloading();
            host.worker()->reload();
        });
    });
    common::WorkerHost host;
    hostToStop = &host;
    common::ExitCode exit = common::ExitCode::Success;
    QObject::connect(&host, &common::WorkerHost::ended, QCoreApplication::instance(), [&](int code, const QString& message) {
        if (code >= 0) exit = fail(Error(static_cast<ErrorCode>(code), message.toStdString()));
        QCoreApplication::quit();
    });
    const protocol::Endpoint& miner = prepared->settings.miner.endpoint;
    say("Miner found by " + prepared->minerSource + ": " + miner.host + ':' + std::to_string(miner.port));
    if (const auto started = host.start(std::move(prepared->settings)); !started) return fail(started.error());
    RunReport report;
    QObject::connect(host.worker(), &worker::WorkerApi::viewChanged, QCoreApplication::instance(),
                     [&](const worker::WorkerView& view) {
                         for (const LogLine& line : report.changes(view)) log(line);
                         manager.show(view);
                     });
    QObject::connect(host.worker(), &worker::WorkerApi::reloaded, QCoreApplication::instance(), [&manager](const worker::ReloadResult& result, const QString& error) {
        tellReloaded(result, error);
        manager.reloaded();
    });
    manager.watch(*host.worker());
    if (signal.token().stop_requested()) host.requestStop();
    QCoreApplication::exec();
    return exit;
}

/// The flag of one setting. What was not given stays out of `given`, so that file and environment count.
void addFlag(CLI::App& command, const Setting& setting, const std::shared_ptr<RunOptions>& options) {
    std::string about = setting.about;
    if (setting.kind == SettingKind::Word) {
        std::string words;
        for (const std::string& word : setting.words)
            if (!word.empty()) words += (words.empty() ? "" : ", ") + word;
        if (about.find(setting.words.back()) == std::string::npos) about += ": " + words;
    }
    if (setting.kind != SettingKind::Switch && !setting.fallback.empty()) about += " [" + setting.fallback + ']';
    const std::string flag = "--" + setting.key;
    if (setting.kind == SettingKind::Switch) {
        const bool isNo = setting.key.starts_with("no-");
        about = setting.about + (isNo ? "" : setting.fallback == "true" ? " (" + flag + "=false: not)" : " (default: not)") + " (Env:" + setting.variables.front() + ')';
        command.add_flag_function(isNo ? flag : flag + ",!--no-" + setting.key,
                                  [options, key = setting.key](std::int64_t count) { options->given[key] = count > 0 ? "true" : "false"; }, about);
    } else {
        command.add_option_function<std::string>(flag + setting.otherFlags, [options, key = setting.key](const std::string& text) { options->given[key] = text; },
                                                 about + " (Env:" + setting.variables.front() + ')');
    }
}

} // namespace

void addRunCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand("run", "Work for a miner until stopped; what is not said here is in the configuration (`config show`)");
    command->add_option("--api-info", options->apiInfo, "TOKEN:MULTIADDR of the miner; better in MINER_API_INFO, which is not seen by others");
    for (const Setting& setting : common::settings()) {
        const bool isGlobal = setting.key == "miner-repo" || setting.key == "enable-gpu-proving"; // see command_line.cpp
        if (!isGlobal) addFlag(*command, setting, options);
    }
    command->add_option("--timeout", options->dialTimeout, "Accepted for lotus-worker's sake; the miner is dialled until it answers")
        ->envname("LOTUS_WORKER_TIMEOUT");
    command->callback([options, &global, &action] {
        action = [options, &global] { return run(*options, global); };
    });
}

} // namespace lsw::cli
