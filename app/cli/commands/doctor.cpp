// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/output.h"
#include "cli/stop_signal.h"
#include "common/check_questions.h"
#include "common/worker_client.h"
#include "sector/proof_type.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>

namespace lsw::cli {
namespace {

using common::ExitCode;
using setup::CheckId;
using setup::CheckResult;
using setup::CheckState;

struct DoctorOptions {
    std::string apiInfo, size = "32GiB";
    std::map<std::string, std::string> given; ///< by the key of the setting
    std::vector<std::string> only;
    bool machine = false, parents = false, json = false;
};

/// As `run` would start with these flags.
common::StartRequest requestOf(const DoctorOptions& options, const GlobalOptions& global) {
    common::StartRequest out;
    out.repo = common::workerRepo(global.workerRepo);
    out.flags = options.given;
    if (!global.minerRepo.empty()) out.flags["miner-repo"] = global.minerRepo;
    out.apiInfoFlag = options.apiInfo;
    out.home = common::environmentVariable("HOME");
    return out;
}

const setup::CheckName& nameOfCheck(CheckId id) { return setup::checkNames()[static_cast<std::size_t>(id) - 1]; }

/// Numbers or keys.
Expected<std::set<CheckId>> chosenChecks(const std::vector<std::string>& texts) {
    std::set<CheckId> out;
    for (const std::string& text : texts) {
        const auto names = setup::checkNames();
        const auto isIt = [&](const setup::CheckName& one) { return one.key == text || std::to_string(static_cast<int>(one.id)) == text; };
        const auto found = std::find_if(names.begin(), names.end(), isIt);
        if (found == names.end())
            return Error(ErrorCode::InvalidArgument, "there is no check \"" + text + "\": they have the numbers 1 to " + std::to_string(names.size()) + ", or names such as tcp");
        out.insert(found->id);
    }
    return out;
}

boost::json::array jsonOf(const std::vector<std::string>& texts) {
    boost::json::array out;
    for (const std::string& one : texts) out.emplace_back(one);
    return out;
}

/// What every result has: state, finding, evidence, fix.
boost::json::object jsonOf(const setup::Found& found, const std::vector<std::string>& evidence) {
    boost::json::object out{{"state", setup::nameOf(found.state())},
                            {"finding", {{"kind", found.key()}, {"arguments", jsonOf(found.arguments)}, {"text", found.sentence()}}},
                            {"evidence", jsonOf(evidence)}};
    if (found.fix() != setup::FixKind::None) out["fix"] = {{"kind", setup::nameOf(found.fix())}, {"text", found.fixSentence()}, {"command", found.command()}};
    return out;
}

boost::json::object jsonOf(const CheckResult& result) {
    boost::json::object out = jsonOf(result.found, result.evidence);
    out["check"] = static_cast<int>(result.check);
    out["name"] = nameOfCheck(result.check).key;
    if (result.because) out["because"] = static_cast<int>(*result.because);
    return out;
}

boost::json::object jsonOf(const setup::MinerView& view) {
    boost::json::object sectors;
    for (const auto& [state, count] : view.sectors) sectors[state] = count;
    boost::json::array workers;
    for (const auto& one : view.workers)
        workers.push_back({{"session", one.session}, {"hostname", one.hostname}, {"task_types", one.taskTypes}, {"running", one.running}, {"enabled", one.enabled},
                           {"local", view.isLocal(one)}, {"this_worker", !view.ourSession.empty() && one.session == view.ourSession}});
    return {{"address", view.address}, {"version", view.version}, {"api_version", view.apiVersion},
            {"sector_size", view.sectorSize ? boost::json::value(*view.sectorSize) : boost::json::value()},
            {"network", view.network}, {"power", view.minerPower}, {"network_power", view.totalPower}, {"sectors", std::move(sectors)},
            {"workers", std::move(workers)}, {"this_worker", view.ourSession.empty() ? "does-not-run" : view.isOurWorkerRegistered() ? "registered" : "not-registered"}};
}

void show(const std::string& number, std::string_view title, const setup::Found& found, const std::vector<std::string>& evidence) {
    const CheckState state = found.state();
    const char* mark = state == CheckState::Pass ? "ok  " : state == CheckState::Warn ? "WARN" : state == CheckState::Fail ? "FAIL" : "-   ";
    std::string out = number + mark + ' ' + std::string(title) + ": " + found.sentence() + '\n';
    if (state == CheckState::Warn || state == CheckState::Fail) {
        for (const std::string& line : evidence) out += "          " + line + '\n';
        if (const std::string fix = found.fixSentence(); !fix.empty()) out += "        > " + fix + '\n';
        if (const std::string command = found.command(); !command.empty()) out += "              " + command + '\n';
    }
    print(out);
}

void show(const CheckResult& result) {
    const std::string number = std::to_string(static_cast<int>(result.check));
    show(std::string(2 - std::min<std::size_t>(2, number.size()), ' ') + number + ' ', nameOfCheck(result.check).title, result.found, result.evidence);
}

/// Of the first failure; 14 for warnings alone.
ExitCode exitOf(const std::vector<setup::Found>& found, const StopSignal& signal) {
    if (signal.token().stop_requested()) return common::exitCodeFor(ErrorCode::Cancelled);
    const auto has = [&](CheckState state) { return std::find_if(found.begin(), found.end(), [state](const setup::Found& one) { return one.state() == state; }); };
    if (const auto failure = has(CheckState::Fail); failure != found.end()) return common::exitCodeFor(failure->code());
    return has(CheckState::Warn) != found.end() ? ExitCode::Warnings : ExitCode::Success;
}

bool isGood(ExitCode exit) { return exit == ExitCode::Success || exit == ExitCode::Warnings; }

ExitCode machine(const DoctorOptions& options, const GlobalOptions& global) {
    const auto size = sector::parseSectorSize(options.size);
    if (!size) return fail(Error(size.error()).whileDoing("reading --size"), options.json);
    auto question = common::machineQuestion(requestOf(options, global), size->value);
    if (!question) return fail(question.error(), options.json);
    question->measureDisks = true;
    question->readParents = options.parents;
    StopSignal signal;
    const auto results = setup::checkMachine(*question, signal.token(), [&](const setup::MachineResult& one) {
        if (!options.json) show({}, one.title, one.found, one.evidence);
    });
    std::vector<setup::Found> found;
    for (const setup::MachineResult& one : results) found.push_back(one.found);
    const ExitCode exit = exitOf(found, signal);
    if (!options.json) return exit;
    boost::json::array checks;
    for (const setup::MachineResult& one : results) {
        checks.push_back(jsonOf(one.found, one.evidence));
        checks.back().as_object()["name"] = one.key;
    }
    printJson({{"schema", 1}, {"ok", isGood(exit)}, {"exit", static_cast<int>(exit)}, {"sector_size", size->value}, {"checks", std::move(checks)}});
    return exit;
}

ExitCode doctor(const DoctorOptions& options, const GlobalOptions& global) {
    auto only = chosenChecks(options.only);
    if (!only) return fail(Error(only.error()).whileDoing("reading --only"), options.json);
    if (!options.apiInfo.empty())
        say("Note: a token on the command line can be read by every user of this machine (ps); MINER_API_INFO, `token set` or --miner-repo keeps it private.");
    auto question = common::doctorQuestion(requestOf(options, global));
    if (!question) return fail(question.error(), options.json);
    question->only = std::move(*only);
    StopSignal signal;
    const setup::Diagnosis diagnosis = setup::examine(*question, signal.token(), [&](const CheckResult& result) {
        if (!options.json) show(result);
    });
    std::vector<setup::Found> found;
    for (const CheckResult& one : diagnosis.checks) found.push_back(one.found);
    const ExitCode exit = exitOf(found, signal);
    if (options.json) {
        boost::json::array checks;
        for (const CheckResult& one : diagnosis.checks) checks.push_back(jsonOf(one));
        printJson({{"schema", 1}, {"ok", isGood(exit)}, {"exit", static_cast<int>(exit)}, {"checks", std::move(checks)},
                   {"miner", diagnosis.miner ? boost::json::value(jsonOf(*diagnosis.miner)) : boost::json::value()}});
        return exit;
    }
    if (diagnosis.miner) {
        std::string block = "\n";
        for (const std::string& line : setup::infoLines(*diagnosis.miner)) block += line + '\n';
        print(block);
    }
    return exit;
}

} // namespace

void addDoctorCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto options = std::make_shared<DoctorOptions>();
    CLI::App* command = app.add_subcommand("doctor", "Find out why this worker does not work for its miner, or would not");
    command->add_option("--api-info", options->apiInfo, "TOKEN:MULTIADDR of the miner; better in MINER_API_INFO, which is not seen by others");
    const auto setting = [&](const char* flags, const char* key, const char* about) {
        return command->add_option_function<std::string>(flags, [options, key](const std::string& text) { options->given[key] = text; }, about);
    };
    setting("--listen,--address", "listen", "HOST:PORT to listen on, as for run");
    setting("--advertise", "advertise", "HOST:PORT the miner shall use, as for run");
    command->add_option("--only", options->only, "Only these checks, by number or name, commas between; and where one fails that they need, that")->delimiter(',');
    CLI::Option* machineFlag = command->add_flag("--machine", options->machine, "Look at this machine instead: is it fit for its tasks?");
    setting("--role", "role", "What it is for, as for run")->needs(machineFlag);
    command->add_option("--size", options->size, "Sector size: 2KiB, 8MiB, 512MiB, 32GiB, 64GiB")->capture_default_str()->needs(machineFlag);
    command->add_flag("--parents", options->parents, "Read the parent graph of PC1 as well and compare it with its digest, which takes minutes for 32GiB")->needs(machineFlag);
    command->add_flag("--json", options->json, "As JSON (schema 1), when all have ended");
    command->callback([options, &global, &action] { action = [options, &global] { return options->machine ? machine(*options, global) : doctor(*options, global); }; });
}

} // namespace lsw::cli
