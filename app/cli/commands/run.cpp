// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/commands/run_report.h"
#include "cli/go_duration.h"
#include "cli/output.h"
#include "cli/stop_signal.h"
#include "common/process_limits.h"
#include "common/worker_client.h"
#include "common/worker_host.h"
#include "setup/miner_repo.h"
#include "tasks/engine_choice.h"
#include "worker/worker_service.h"

#include <CLI/CLI.hpp>

#include <QtCore/QCoreApplication>

#include <cstdlib>

namespace lsw::cli {
namespace {

std::string environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? value : "";
}

struct RunOptions {
    worker::WorkerSettings settings;
    std::string apiInfo, headTimeout = "30s", dialTimeout = "30m", readTimeout = "0s", parameterCache, engine = "auto";
    std::vector<CLI::Option*> taskOptions; ///< in the order of tasks::taskFlags()
};

common::ExitCode run(RunOptions options, const GlobalOptions& global) {
    worker::WorkerSettings& settings = options.settings;
    for (std::size_t i = 0; i < options.taskOptions.size(); ++i)
        if (options.taskOptions[i]->count() > 0) settings.switches.explicitlySet.emplace_back(tasks::taskFlags()[i].flag);
    // Before anything is made or dialled: what cannot be together is said at once.
    if (const auto types = tasks::offeredTypes(settings.switches); !types) return fail(types.error());

    const auto headTimeout = parseGoDuration(options.headTimeout);
    if (!headTimeout) return fail(Error(headTimeout.error()).whileDoing("reading --http-server-timeout"));
    settings.httpHeadTimeoutMs = static_cast<int>(headTimeout->count());
    if (const auto dial = parseGoDuration(options.dialTimeout); !dial) return fail(Error(dial.error()).whileDoing("reading --timeout"));

    const auto readTimeout = parseGoDuration(options.readTimeout);
    if (!readTimeout) return fail(Error(readTimeout.error()).whileDoing("reading --post-read-timeout"));
    settings.postReadTimeoutMs = static_cast<int>(readTimeout->count());

    if (!options.apiInfo.empty())
        say("Note: a token on the command line can be read by every user of this machine (ps); MINER_API_INFO or --miner-repo keeps it private.");
    setup::MinerQuery query;
    query.repoFlag = global.minerRepo;
    query.apiInfoFlag = options.apiInfo;
    query.environment = environment;
    query.home = environment("HOME");
    auto miner = setup::findMiner(query);
    if (!miner) return fail(miner.error());
    for (const std::string& note : miner->notes) say("Note: " + note);

    settings.miner = miner->api;
    settings.repo = common::workerRepo(global.workerRepo);
    settings.prover.parameterCache = options.parameterCache;
    const auto engine = tasks::chosenEngine(options.engine);
    if (!engine) return fail(Error(engine.error()).whileDoing("reading --engine"));
    settings.prover.engine = *engine;
    if (!global.gpuProving) settings.prover.environment["BELLMAN_NO_GPU"] = "true";
    if (const std::string warning = common::raiseOpenFileLimit(); !warning.empty()) say("Note: " + warning);

    common::WorkerHost* hostToStop = nullptr;
    // Made before any other thread, so that no other thread takes the signals.
    StopSignal signal([&hostToStop] {
        QMetaObject::invokeMethod(QCoreApplication::instance(), [&hostToStop] {
            if (!hostToStop) return;
            say("Stopping; press Ctrl-C again to end at once.");
            hostToStop->requestStop();
        }, Qt::QueuedConnection);
    }, [] { say("Note: SIGHUP changes nothing: a running worker does not read its settings again. SIGTERM stops it."); });
    common::WorkerHost host;
    hostToStop = &host;
    common::ExitCode exit = common::ExitCode::Success;
    QObject::connect(&host, &common::WorkerHost::ended, QCoreApplication::instance(), [&](int code, const QString& message) {
        if (code >= 0) exit = fail(Error(static_cast<ErrorCode>(code), message.toStdString()));
        QCoreApplication::quit();
    });
    say("Miner found by " + miner->source + ": " + miner->api.endpoint.host + ':' + std::to_string(miner->api.endpoint.port));
    if (const auto started = host.start(std::move(settings)); !started) return fail(started.error());
    RunReport report;
    QObject::connect(host.worker(), &worker::WorkerApi::viewChanged, QCoreApplication::instance(),
                     [&report](const worker::WorkerView& view) {
                         for (const std::string& line : report.changes(view)) say(line);
                     });
    if (signal.token().stop_requested()) host.requestStop();
    QCoreApplication::exec();
    return exit;
}

} // namespace

void addRunCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto options = std::make_shared<RunOptions>();
    worker::WorkerSettings& settings = options->settings;
    CLI::App* command = app.add_subcommand("run", "Work for a miner until stopped");
    command->add_option("--api-info", options->apiInfo, "TOKEN:MULTIADDR of the miner; better in MINER_API_INFO, which is not seen by others");
    command->add_option("--listen,--address", settings.listen,
                        "HOST:PORT to listen on; 0.0.0.0 alone takes the address that faces the miner")
        ->envname("LOTUS_WORKER_LISTEN")->capture_default_str();
    command->add_option("--advertise", settings.advertise, "HOST:PORT the miner shall use; with it, --listen 0.0.0.0:P binds all addresses")
        ->envname("LOTUS_WORKER_ADVERTISE");
    command->add_flag("--no-local-storage", settings.noLocalStorage, "A new worker folder gets no storage path of its own")
        ->envname("LOTUS_WORKER_NO_LOCAL_STORAGE");
    command->add_flag("--no-swap", settings.noSwap, "Do not count swap as memory")->envname("LOTUS_WORKER_NO_SWAP");
    command->add_option("--name", settings.name, "Name of this worker (default: the host name)")->envname("LOTUS_WORKER_NAME");
    for (const tasks::TaskFlag& row : tasks::taskFlags()) {
        const std::string flag(row.flag);
        bool& value = settings.switches.*row.value;
        auto* option = command->add_flag("--" + flag + ",!--no-" + flag, value,
                                         value ? "Offer this task (--" + flag + "=false: not)" : "Offer this task (default: not)");
        if (!row.variable.empty()) option->envname(std::string(row.variable));
        options->taskOptions.push_back(option);
    }
    command->add_option("--external-pc2", settings.externalPc2,
                        "Shell command that does PreCommit 2 instead of this program; the sector is in EXTSEAL_PC2_* of its environment");
    command->add_option("--post-parallel-reads", settings.postParallelReads, "Sectors read at the same time for a window PoSt; 0: all")
        ->envname("LOTUS_WORKER_POST_PARALLEL_READS")->check(CLI::NonNegativeNumber)->capture_default_str();
    command->add_option("--post-read-timeout", options->readTimeout, "How long reading one sector for a PoSt may take (0s: as long as it takes)")
        ->envname("LOTUS_WORKER_POST_READ_TIMEOUT")->capture_default_str();
    command->add_flag("--no-default", settings.switches.noDefault, "Offer only the tasks that are named")->envname("LOTUS_WORKER_NO_DEFAULT");
    command->add_option("--parallel-fetch-limit", settings.parallelFetchLimit, "Transfers at the same time")
        ->envname("LOTUS_WORKER_PARALLEL_FETCH_LIMIT")->check(CLI::Range(1, 1000))->capture_default_str();
    command->add_option("--http-server-timeout", options->headTimeout, "How long the head of a request may take")->capture_default_str();
    command->add_option("--timeout", options->dialTimeout, "Accepted for lotus-worker's sake; the miner is dialled until it answers")
        ->envname("LOTUS_WORKER_TIMEOUT");
    command->add_option("--parameter-cache", options->parameterCache, "Folder of the proof parameters (FIL_PROOFS_PARAMETER_CACHE)");
    command->add_option("--engine", options->engine, "Who computes: auto, native (our kernels; proofs by the official crate) or official (the official crate alone)")
        ->capture_default_str();
    command->add_option("--prover-folder", settings.prover.folder, "Folder of lotus-seal-prover, when it is not beside this program");
    command->callback([options, &global, &action] {
        action = [options, &global] { return run(*options, global); };
    });
}

} // namespace lsw::cli
