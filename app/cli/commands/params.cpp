// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/commands/seal_options.h"
#include "cli/output.h"
#include "cli/stop_signal.h"
#include "common/configuration.h"
#include "common/storage_path.h"
#include "common/worker_client.h"
#include "params/gateway_probe.h"
#include "params/kept_gateways.h"
#include "params/parameter_fetcher.h"
#include "worker/parameter_supply.h"
#include "worker/worker_service.h"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <future>
#include <unistd.h>

namespace lsw::cli {
namespace {

using boost::json::array;
using common::ExitCode;
using namespace lsw::params;

constexpr std::size_t kMostDigits = 15;
constexpr std::chrono::seconds kProbeLimit{15};
constexpr std::chrono::seconds kRateWindow{20};

struct ParamsOptions {
    std::string size = "32GiB", purpose, folder, manifest, from;
    std::vector<std::string> gateways;
    std::uint64_t limit = 0;
    bool probe = false, anew = false, automatic = false, json = false;
};

/// Of a rate as AsSizeValue has written it out: that conversion itself lets a minus and any number of digits pass.
CLI::Validator isRate() {
    return CLI::Validator([](std::string& digits) {
        const bool isNumber = !digits.empty() && digits.size() <= kMostDigits && digits.find_first_not_of("0123456789") == std::string::npos;
        return isNumber ? std::string() : "it needs a number of bytes a second such as 10MiB";
    }, "RATE");
}

/// What a command is about: the folder, and the files that are needed there.
struct Need {
    ParameterFolder folder;
    std::vector<ParameterFile> files, manifest;
};

/// The word of circuitsFor() for it.
std::string_view wordOf(Circuit circuit) { return circuit == Circuit::PoRep ? "c2" : circuitName(circuit); }

/// What nobody said: the folder of the configuration, and what this worker's tasks prove.
Expected<ParamsOptions> completed(ParamsOptions options, const GlobalOptions& global) {
    const common::Configuration configuration =
        common::readConfiguration({common::configurationFile(common::workerRepo(global.workerRepo)), common::environmentVariable, {}});
    if (const std::string& folder = configuration.at("parameter-cache").text; options.folder.empty() && !folder.empty()) options.folder = common::plainStoragePath(folder).string();
    if (!options.purpose.empty()) return options;
    const auto settings = common::workerSettings(configuration);
    if (!settings) return settings.error();
    const auto types = tasks::offeredTypes(settings->switches);
    if (!types) return types.error();
    for (const Circuit circuit : worker::circuitsOf(*types)) options.purpose += (options.purpose.empty() ? "" : ",") + std::string(wordOf(circuit));
    return options;
}

Expected<Need> understood(const ParamsOptions& options) {
    const auto size = sector::parseSectorSize(options.size);
    if (!size) return Error(size.error()).whileDoing("reading --size");
    const auto circuits = circuitsFor(options.purpose);
    if (!circuits) return Error(circuits.error()).whileDoing("reading --for");
    std::vector<ParameterFile> manifest = parameterManifest();
    if (!options.manifest.empty()) {
        auto given = readManifest(options.manifest);
        if (!given) return std::move(given).error();
        manifest = std::move(*given);
    }
    Need need{ParameterFolder(parameterFolder(options.folder)), neededFiles(manifest, *size, *circuits), std::move(manifest)};
    // What may not be looked at would seem to be missing.
    if (::access(need.folder.path().c_str(), R_OK | X_OK) != 0 && errno == EACCES)
        return Error(ErrorCode::PermissionDenied, "this user may not look into the folder of the parameters " + need.folder.path().string());
    if (need.files.empty()) return Error(ErrorCode::Unsupported, "the list of parameters has none for sectors of " + options.size + " and " + options.purpose);
    return need;
}

Expected<GatewayChoice> gatewaysOf(const ParamsOptions& options) {
    const auto kept = keptGateways(parameterFolder(options.folder));
    if (!kept) return kept.error();
    return chosenGateways(options.gateways, common::environmentVariable("IPFS_GATEWAY"), *kept, seemsInChina());
}

std::string namesOf(const std::vector<Gateway>& gateways) {
    std::string names;
    for (const Gateway& one : gateways) names += (names.empty() ? "" : ", ") + one.name;
    return names;
}

boost::json::object jsonOf(const ParameterFile& file, const FileStatus& status) {
    return {{"schema", 1}, {"file", file.name}, {"circuit", file.circuit ? circuitName(*file.circuit) : "unknown"},
            {"state", fileStateName(status.state)}, {"bytes", status.bytes}, {"about", file.about}};
}

void show(const ParamsOptions& options, const ParameterFile& file, const FileStatus& status) {
    if (options.json) return printJson(jsonOf(file, status));
    std::string state(fileStateName(status.state));
    state.resize(10, ' ');
    print(state + byteText(status.bytes ? status.bytes : file.about) + "  " + file.name + '\n');
}

/// Bytes that are still to come, roughly.
std::uint64_t missingBytes(const Need& need) {
    std::uint64_t sum = 0;
    for (const ParameterFile& file : need.files)
        if (const FileStatus status = need.folder.status(file); status.state == FileState::Missing || status.state == FileState::Partial) sum += file.about;
    return sum;
}

std::string paceText(const Pace& pace) {
    return std::string("Fetching is ") + (pace.isPaused ? "paused" : "not paused") + ", " + (pace.maxRate > 0 ? "at most " + byteText(pace.maxRate) + " a second." : "without a limit.");
}

ExitCode status(const ParamsOptions& options) {
    const auto need = understood(options);
    if (!need) return fail(need.error(), options.json);
    if (!options.json) print("Folder: " + need->folder.path().string() + '\n');
    bool anyUnchecked = false, anyWrong = false;
    for (const ParameterFile& file : need->files) {
        const FileStatus one = need->folder.status(file);
        anyUnchecked = anyUnchecked || one.state == FileState::Unchecked;
        anyWrong = anyWrong || one.state == FileState::Wrong;
        show(options, file, one);
    }
    if (const Pace pace = keptPace(need->folder.path()); !options.json && (pace.isPaused || pace.maxRate > 0))
        say(paceText(pace));
    const std::string same = " --size " + options.size + " --for " + options.purpose;
    if (const std::uint64_t missing = missingBytes(*need); missing > 0 || anyWrong) {
        const auto free = need->folder.freeBytes();
        say("To come: about " + byteText(missing) + (free ? "; free on that disk: " + byteText(*free) : std::string()) +
            ". Fetch with: lotus-seal-worker params fetch" + same);
    } else if (anyUnchecked) {
        say("Everything is there, and not hashed yet: lotus-seal-worker params verify" + same);
    } else {
        say("Everything is there and right.");
    }
    return ExitCode::Success;
}

/// How fast it goes and how long it takes, from the last seconds.
class FetchSpeed {
public:
    std::string text(std::uint64_t done, std::uint64_t total) {
        const auto now = std::chrono::steady_clock::now();
        m_seen.emplace_back(now, done);
        while (m_seen.size() > 2 && now - m_seen.front().first > kRateWindow) m_seen.pop_front();
        const double seconds = std::chrono::duration<double>(now - m_seen.front().first).count();
        const std::uint64_t came = done - std::min(done, m_seen.front().second);
        if (seconds < 1 || came == 0) return {};
        const double rate = static_cast<double>(came) / seconds;
        return byteText(static_cast<std::uint64_t>(rate)) + "/s, " + durationText(std::round(static_cast<double>(total - std::min(total, done)) / rate)) + " left, ";
    }

private:
    std::deque<std::pair<std::chrono::steady_clock::time_point, std::uint64_t>> m_seen;
};

TaskContext pacedContext(std::stop_token stop) {
    auto pace = std::make_shared<FetchSpeed>();
    const TaskContext terminal = terminalContext(std::move(stop));
    TaskContext out = terminal;
    out.report = [terminal, pace](const Progress& progress) {
        Progress shown = progress;
        shown.step = pace->text(progress.done, progress.total) + progress.step;
        terminal.report(shown);
    };
    return out;
}

ExitCode fetch(const ParamsOptions& options) {
    auto need = understood(options);
    if (!need) return fail(need.error(), options.json);
    const auto choice = gatewaysOf(options);
    if (!choice) return fail(choice.error(), options.json);
    FetchSettings settings;
    settings.gateways = choice->gateways;
    settings.maxRate = options.limit;
    settings.note = [](const std::string& line) { say((::isatty(STDERR_FILENO) ? "\r\x1b[K" : "") + line); }; // over the bar
    if (!options.json)
        say("Into " + need->folder.path().string() + " from " + namesOf(choice->gateways) + " (" + choice->origin + "). It goes on later where it is ended now.");
    GatewayWatch watch(need->folder.path());
    settings.otherGateways = [&]() -> std::optional<std::vector<Gateway>> {
        auto others = watch.changed();
        if (!others) return std::nullopt;
        if (others->empty()) others = chosenGateways({}, common::environmentVariable("IPFS_GATEWAY"), {}, seemsInChina()).valueOr(*choice).gateways;
        settings.note("Going over to " + namesOf(*others) + ".");
        return others;
    };
    PaceWatch pace(need->folder.path());
    bool wasPaused = false;
    settings.pace = [&] {
        const Pace now = pace.now();
        if (now.isPaused != std::exchange(wasPaused, now.isPaused)) settings.note(now.isPaused ? "Paused; on with: lotus-seal-worker params resume" : "It goes on.");
        return now;
    };
    StopSignal signal;
    ParameterFetcher fetcher(need->folder, settings);
    Expected<void> done;
    {
        const TaskContext context = pacedContext(signal.token());
        done = fetcher.fetch(need->files, context);
    }
    for (const ParameterFile& file : need->files) show(options, file, need->folder.status(file));
    array told;
    for (const GatewayRecord& one : fetcher.gateways()) {
        told.push_back({{"name", one.gateway.name}, {"bytes", one.bytes}, {"words", one.words}});
    }
    if (!done) return fail(done.error(), options.json);
    if (options.json) printJson({{"schema", 1}, {"ok", true}, {"received", fetcher.received()}, {"gateways", std::move(told)}});
    else say("Everything is there and right.");
    return ExitCode::Success;
}

ExitCode verify(const ParamsOptions& options) {
    auto need = understood(options);
    if (!need) return fail(need.error(), options.json);
    StopSignal signal;
    std::string wrong;
    for (const ParameterFile& file : need->files) {
        FileStatus one = need->folder.status(file);
        if (one.bytes > 0) {
            const auto checked = need->folder.check(file, options.anew, terminalContext(signal.token()));
            if (!checked) return fail(checked.error(), options.json);
            one = *checked;
        }
        if (one.state != FileState::Right) wrong += (wrong.empty() ? "" : ", ") + file.name + " (" + std::string(fileStateName(one.state)) + ')';
        show(options, file, one);
    }
    if (wrong.empty()) return ExitCode::Success;
    return fail(Error(ErrorCode::VerificationFailed, "not all parameters are there and right: " + wrong), options.json);
}

ExitCode import(const ParamsOptions& options) {
    auto need = understood(options);
    if (!need) return fail(need.error(), options.json);
    std::error_code failed;
    if (!std::filesystem::is_directory(options.from, failed))
        return fail(Error(ErrorCode::InvalidArgument, "there is no folder \"" + options.from + "\" to import from"), options.json);
    if (std::filesystem::equivalent(options.from, need->folder.path(), failed))
        return fail(Error(ErrorCode::InvalidArgument, options.from + " is the folder of the parameters itself; say by --folder where they are to go"), options.json);
    if (const auto made = need->folder.make(); !made) return fail(made.error(), options.json);
    const auto lock = FetchLock::take(need->folder.path());
    if (!lock) return fail(lock.error(), options.json);
    StopSignal signal;
    std::string missing;
    for (const ParameterFile& file : need->files) {
        if (need->folder.status(file).state != FileState::Right) {
            const auto imported = need->folder.import(file, options.from, terminalContext(signal.token()));
            if (!imported) return fail(imported.error(), options.json);
            if (!*imported) missing += (missing.empty() ? "" : ", ") + file.name;
        }
        show(options, file, need->folder.status(file));
    }
    if (missing.empty()) return ExitCode::Success;
    return fail(Error(ErrorCode::NotInstalled, options.from + " has not, or not rightly: " + missing), options.json);
}

ExitCode gateways(const ParamsOptions& options) {
    const auto choice = gatewaysOf(options);
    if (!choice) return fail(choice.error(), options.json);
    std::vector<ParameterFile> manifest = parameterManifest();
    if (!options.manifest.empty()) {
        auto given = readManifest(options.manifest);
        if (!given) return fail(given.error(), options.json);
        manifest = std::move(*given);
    }
    StopSignal signal;
    std::vector<std::future<GatewayAnswer>> answers;
    if (options.probe)
        for (const Gateway& one : choice->gateways)
            answers.push_back(std::async(std::launch::async, [&one, &manifest, stop = signal.token()] { return params::probe(one, manifest, kProbeLimit, stop); }));
    bool anyGood = answers.empty();
    for (std::size_t i = 0; i < choice->gateways.size(); ++i) {
        const Gateway& one = choice->gateways[i];
        boost::json::object object{{"schema", 1}, {"name", one.name}, {"address", one.address}, {"about", one.about}, {"origin", choice->origin}};
        std::string line = one.name + "  " + one.address + "\n    " + one.about + '\n';
        if (!answers.empty()) {
            const GatewayAnswer answer = answers[i].get();
            anyGood = anyGood || answer.isGood;
            object["good"] = answer.isGood;
            object["ranges"] = answer.hasRanges;
            object["bytes_per_second"] = answer.bytesPerSecond;
            object["words"] = answer.words;
            line += std::string("    ") + (answer.isGood ? "good" : "not usable now") +
                    (answer.bytesPerSecond > 0 ? ", " + byteText(static_cast<std::uint64_t>(answer.bytesPerSecond)) + "/s" : std::string()) +
                    (answer.words.empty() ? std::string() : ": " + answer.words) + '\n';
        }
        if (options.json) printJson(object);
        else print(line);
    }
    if (!options.json) say("Chosen: " + choice->origin + (choice->origin == "from environment" ? " (IPFS_GATEWAY)" : ""));
    if (anyGood) return ExitCode::Success;
    return fail(Error(ErrorCode::Remote, "none of these gateways can be used now"), options.json);
}

ExitCode use(const ParamsOptions& options) {
    const auto folder = parameterFolder(options.folder);
    std::vector<Gateway> wanted;
    if (!options.automatic && options.gateways.empty())
        return fail(Error(ErrorCode::InvalidArgument, "no gateway is named: give names or addresses, or --automatic to take an earlier choice back"), options.json);
    if (!options.automatic) {
        const auto choice = chosenGateways(options.gateways, "", {}, false);
        if (!choice) return fail(choice.error(), options.json);
        wanted = choice->gateways;
    }
    if (const auto kept = keepGateways(folder, wanted); !kept) return fail(kept.error(), options.json);
    ParamsOptions ungiven = options;
    ungiven.gateways.clear();
    const auto now = gatewaysOf(ungiven);
    if (!now) return fail(now.error(), options.json);
    if (options.json) {
        array names;
        for (const Gateway& one : now->gateways) names.emplace_back(one.address);
        printJson({{"schema", 1}, {"gateways", std::move(names)}, {"origin", now->origin}});
        return ExitCode::Success;
    }
    if (now->origin == "from environment") say("IPFS_GATEWAY is set here and comes before this choice for what is started from here.");
    say((wanted.empty() ? "The gateways are chosen automatically again" : "From now on into " + folder.string() + " from " + namesOf(wanted)) +
        "; a fetch that runs goes over to them.");
    return ExitCode::Success;
}

/// For whoever fetches into the folder now or later, a worker as well.
ExitCode setPace(const ParamsOptions& options, const std::function<void(Pace&)>& change) {
    const auto folder = parameterFolder(options.folder);
    Pace pace = keptPace(folder);
    change(pace);
    if (const auto kept = keepPace(folder, pace); !kept) return fail(kept.error(), options.json);
    if (options.json) printJson({{"schema", 1}, {"ok", true}, {"paused", pace.isPaused}, {"limit", pace.maxRate}});
    else say(paceText(pace) + " This holds for every fetch into " + folder.string() + '.');
    return ExitCode::Success;
}

ExitCode pause(const ParamsOptions& options) {
    return setPace(options, [](Pace& pace) { pace.isPaused = true; });
}

ExitCode resume(const ParamsOptions& options) {
    return setPace(options, [](Pace& pace) { pace.isPaused = false; });
}

ExitCode limit(const ParamsOptions& options) {
    return setPace(options, [&options](Pace& pace) { pace.maxRate = options.limit; });
}

} // namespace

void addParamsCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    CLI::App* group = app.add_subcommand("params", "Parameters of the proofs: what is needed, what is there, and fetching it");
    group->require_subcommand(1);
    auto options = std::make_shared<ParamsOptions>();
    const auto add = [&](const char* name, const char* about, ExitCode (*run)(const ParamsOptions&), bool isOfFiles) {
        CLI::App* command = group->add_subcommand(name, about);
        command->add_option("--folder", options->folder, "Folder of the parameters (FIL_PROOFS_PARAMETER_CACHE; default: parameter-cache of the configuration, /var/tmp/filecoin-proof-parameters)");
        if (isOfFiles) {
            command->add_option("--size", options->size, "Sector size: 2KiB, 8MiB, 512MiB, 32GiB, 64GiB")->capture_default_str();
            command->add_option("--for", options->purpose, "What is proven here, commas between: c2, windowpost, winningpost, update, all (default: what this worker's tasks prove)");
        }
        if (isOfFiles || run == &gateways) command->add_option("--manifest", options->manifest, "Another list of files, in the form of lotus' parameters.json");
        command->add_flag("--json", options->json, "JSON lines");
        command->callback([options, run, isOfFiles, &global, &action] {
            action = [options, run, isOfFiles, &global] {
                const auto whole = completed(*options, global);
                if (!whole) return fail(whole.error(), options->json);
                if (!isOfFiles || !whole->purpose.empty()) return run(*whole);
                if (options->json) printJson({{"schema", 1}, {"ok", true}, {"needed", 0}});
                else say("The enabled tasks need no proof parameters.");
                return ExitCode::Success;
            };
        });
        return command;
    };
    const auto addGateways = [&](CLI::App* command) {
        command->add_option("--gateway", options->gateways,
                            "A gateway: chainsafe, ezpdpz, filecoin, china, or an address; may be given several times (IPFS_GATEWAY; default: all of those)");
    };
    add("status", "What is needed, and what of it is there", &status, true);
    CLI::App* fetching = add("fetch", "Fetch what is missing, from several gateways at once", &fetch, true);
    addGateways(fetching);
    fetching->add_option("--limit", options->limit, "No more than this a second, for example 10MiB")->transform(CLI::AsSizeValue(false))->check(isRate());
    add("verify", "Hash what is there", &verify, true)->add_flag("--anew", options->anew, "Also what was hashed before and has not changed since");
    add("import", "Take the files from another folder or disk", &import, true)->add_option("FOLDER", options->from, "Where they are")->required();
    add("pause", "Hold every fetch into the folder, a worker's as well; nothing that came is lost", &pause, false);
    add("resume", "Let it go on", &resume, false);
    add("limit", "How fast files may come into the folder", &limit, false)
        ->add_option("RATE", options->limit, "Bytes a second of all together, for example 10MiB; 0: no limit")->required()->transform(CLI::AsSizeValue(false))->check(isRate());
    CLI::App* list = add("gateways", "Where parameters are fetched from", &gateways, false);
    addGateways(list);
    CLI::App* choose = add("use", "Choose the gateways of a folder; a fetch that runs goes over to them", &use, false);
    auto* names = choose->add_option("GATEWAY", options->gateways, "chainsafe, ezpdpz, filecoin, china, or an address; the first is asked first");
    auto* automatic = choose->add_flag("--automatic", options->automatic, "Take the choice back: all known ones, the fastest first");
    automatic->excludes(names);
    list->add_flag("--probe", options->probe, "Ask each of them for a small file and for a part of a large one");
}

} // namespace lsw::cli
