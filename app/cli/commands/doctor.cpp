// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/output.h"
#include "cli/stop_signal.h"
#include "common/worker_client.h"
#include "setup/connection_doctor.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>

namespace lsw::cli {
namespace {

using common::ExitCode;
using setup::CheckId;
using setup::CheckResult;
using setup::CheckState;

struct DoctorOptions {
    std::string apiInfo, listen = "0.0.0.0:3456", advertise;
    std::vector<std::string> only;
    bool json = false;
};

std::string environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? value : "";
}

const setup::CheckName& nameOfCheck(CheckId id) { return setup::checkNames()[static_cast<std::size_t>(id) - 1]; }

/// Numbers or keys.
Expected<std::set<CheckId>> chosenChecks(const std::vector<std::string>& texts) {
    std::set<CheckId> out;
    for (const std::string& text : texts) {
        const auto names = setup::checkNames();
        const auto found = std::find_if(names.begin(), names.end(), [&](const setup::CheckName& one) { return one.key == text || std::to_string(static_cast<int>(one.id)) == text; });
        if (found == names.end()) return Error(ErrorCode::InvalidArgument, "there is no check \"" + text + "\": they have the numbers 1 to " + std::to_string(names.size()) + ", or names such as tcp");
        out.insert(found->id);
    }
    return out;
}

boost::json::array jsonOf(const std::vector<std::string>& texts) {
    boost::json::array out;
    for (const std::string& one : texts) out.emplace_back(one);
    return out;
}

boost::json::object jsonOf(const CheckResult& result) {
    boost::json::object out{{"check", static_cast<int>(result.check)},
                            {"name", nameOfCheck(result.check).key},
                            {"state", setup::nameOf(result.state)},
                            {"finding", {{"kind", result.found.key()}, {"arguments", jsonOf(result.found.arguments)}, {"text", result.found.sentence()}}},
                            {"evidence", jsonOf(result.evidence)}};
    if (result.because) out["because"] = static_cast<int>(*result.because);
    if (result.found.fix() != setup::FixKind::None)
        out["fix"] = {{"kind", setup::nameOf(result.found.fix())}, {"text", result.found.fixSentence()}, {"command", result.found.command()}};
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

void show(const CheckResult& result) {
    std::string number = std::to_string(static_cast<int>(result.check));
    number.insert(0, 2 - std::min<std::size_t>(2, number.size()), ' ');
    const char* mark = result.state == CheckState::Pass ? "ok  " : result.state == CheckState::Warn ? "WARN" : result.state == CheckState::Fail ? "FAIL" : "-   ";
    std::string out = number + ' ' + mark + ' ' + std::string(nameOfCheck(result.check).title) + ": " + result.found.sentence() + '\n';
    if (result.state == CheckState::Warn || result.state == CheckState::Fail) {
        for (const std::string& line : result.evidence) out += "          " + line + '\n';
        if (const std::string fix = result.found.fixSentence(); !fix.empty()) out += "        > " + fix + '\n';
        if (const std::string command = result.found.command(); !command.empty()) out += "              " + command + '\n';
    }
    print(out);
}

ExitCode doctor(const DoctorOptions& options, const GlobalOptions& global) {
    auto only = chosenChecks(options.only);
    if (!only) return fail(Error(only.error()).whileDoing("reading --only"), options.json);
    if (!options.apiInfo.empty())
        say("Note: a token on the command line can be read by every user of this machine (ps); MINER_API_INFO or --miner-repo keeps it private.");
    setup::DoctorQuestion question;
    question.miner.repoFlag = global.minerRepo;
    question.miner.apiInfoFlag = options.apiInfo;
    question.miner.environment = environment;
    question.miner.home = environment("HOME");
    question.listen = options.listen;
    question.advertise = options.advertise;
    question.workerRepo = common::workerRepo(global.workerRepo);
    question.only = std::move(*only);

    StopSignal signal;
    const setup::Diagnosis diagnosis = setup::examine(question, signal.token(), [&](const CheckResult& result) {
        if (!options.json) show(result);
    });
    const CheckResult* failure = diagnosis.firstFailure();
    const ExitCode exit = signal.token().stop_requested() ? common::exitCodeFor(ErrorCode::Cancelled)
                          : failure                       ? common::exitCodeFor(failure->found.code())
                          : diagnosis.hasWarnings()       ? ExitCode::Warnings
                                                          : ExitCode::Success;
    if (options.json) {
        boost::json::array checks;
        for (const CheckResult& one : diagnosis.checks) checks.push_back(jsonOf(one));
        printJson({{"schema", 1}, {"ok", failure == nullptr}, {"exit", static_cast<int>(exit)}, {"checks", std::move(checks)},
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
    command->add_option("--listen,--address", options->listen, "HOST:PORT that the worker listens on, or will")->envname("LOTUS_WORKER_LISTEN")->capture_default_str();
    command->add_option("--advertise", options->advertise, "HOST:PORT that the miner shall use")->envname("LOTUS_WORKER_ADVERTISE");
    command->add_option("--only", options->only, "Only these checks, by number or name, commas between; and where one fails that they need, that")->delimiter(',');
    command->add_flag("--json", options->json, "As JSON (schema 1), when all have ended");
    command->callback([options, &global, &action] { action = [options, &global] { return doctor(*options, global); }; });
}

} // namespace lsw::cli
