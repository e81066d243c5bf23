// SPDX-License-Identifier: MIT OR Apache-2.0
// setup: what the wizard of the window asks, asked in a terminal or read from a file.
#include "base/go_duration.h"
#include "base/small_file.h"
#include "base/text.h"
#include "cli/commands/command.h"
#include "cli/output.h"
#include "cli/stop_signal.h"
#include "common/configuration.h"
#include "common/setup_answers.h"
#include "common/storage_path.h"
#include "common/worker_client.h"
#include "params/gateways.h"
#include "setup/join_watch.h"
#include "setup/machine_check.h"
#include "setup/miner_finder.h"
#include "setup/network_interfaces.h"
#include "setup/pasted_info.h"
#include "setup/roles.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace lsw::cli {
namespace {

using common::ExitCode;
using common::SetupAnswers;

struct SetupOptions {
    std::string answers;
    std::string wait; ///< a duration; empty: not at all
    bool check = false, yes = false, json = false;
};

/// Reads answers line by line. Once the input has ended nothing more is asked, and nothing is done.
class Questions {
public:
    /// The line, without spaces around it; `fallback` for an empty one.
    std::string ask(const std::string& question, const std::string& fallback = {}) {
        if (m_isOver) return {};
        print(question + (fallback.empty() ? "" : " [" + fallback + ']') + ": ");
        std::string line;
        if (!std::getline(std::cin, line)) {
            m_isOver = true;
            print("\n");
            return {};
        }
        const std::string text(trimmed(line, " \t\r"));
        return text.empty() ? fallback : text;
    }
    /// One of `texts`, by its number; another text is given back as it is when `mayBeOther`.
    std::string choose(const std::string& question, const std::vector<std::string>& texts, std::size_t fallback, bool mayBeOther, std::size_t& chosen) {
        for (std::size_t i = 0; i < texts.size(); ++i) print("  " + std::to_string(i + 1) + ") " + texts[i] + '\n');
        while (!m_isOver) {
            const std::string line = ask(question, fallback < texts.size() ? std::to_string(fallback + 1) : std::string());
            for (chosen = 0; chosen < texts.size(); ++chosen)
                if (line == std::to_string(chosen + 1)) return {};
            if (mayBeOther && !line.empty()) return line;
            if (!m_isOver) print("Please give one of the numbers.\n");
        }
        return {};
    }
    bool isOver() const { return m_isOver; }

private:
    bool m_isOver = false;
};

void askMiner(Questions& questions, SetupAnswers& answers, const common::PresentSetup& present) {
    print("\nYour miner\n");
    setup::MinerSearch search;
    search.environment = common::environmentVariable;
    search.home = common::plainStoragePath("~");
    auto miners = setup::findLocalMiners(search);
    std::erase_if(miners, [](const setup::LocalMiner& one) { return one.repo.empty() || one.tokenFile != setup::TokenFile::Readable; });
    std::vector<std::string> texts;
    const bool hasOne = answers.keepMiner;
    if (hasOne) texts.push_back("keep the present connection to " + present.miner);
    for (const setup::LocalMiner& one : miners) texts.push_back(one.repo.string() + ": " + one.sentence);
    if (!present.minerVariable.empty()) print("The environment says which miner it is (" + present.minerVariable + "), and comes before what is chosen here.\n");
    if (texts.empty()) print("No miner was found on this computer.\n");
    print("For a miner elsewhere: run there `lotus-miner auth api-info --perm admin` and paste the line that it prints.\n");
    while (!questions.isOver()) {
        std::size_t chosen = 0;
        const std::string other = questions.choose(texts.empty() ? "Connection" : "Which one, or the pasted connection", texts, 0, true, chosen);
        if (questions.isOver()) return;
        if (other.empty() && hasOne && chosen == 0) return;
        if (other.empty()) {
            answers.keepMiner = false;
            answers.minerRepo = miners[chosen - (hasOne ? 1 : 0)].repo.string();
            return;
        }
        const auto info = setup::understandPasted(other);
        for (const setup::PastedChange& change : info.changes) print("  " + setup::sentenceOf(change) + '\n');
        if (const auto api = info.apiInfo()) {
            print("  Understood: " + info.after + '\n');
            answers.keepMiner = false;
            answers.connection = setup::connectionText(*api);
            return;
        }
        print(setup::sentenceOf(*info.fault, info.argument) + '\n');
    }
}

void checkMiner(Questions& questions, const SetupAnswers& answers, const std::filesystem::path& repo) {
    if (questions.isOver()) return;
    print("\nCheck of the connection\n");
    const auto diagnosis = setup::examine(common::doctorQuestion(answers, repo), {}, [](const setup::CheckResult& result) {
        if (result.state == setup::CheckState::NotRun) return;
        print(std::string("  ") + (result.state == setup::CheckState::Pass ? "✓ " : result.state == setup::CheckState::Warn ? "! " : "✗ ") + result.found.sentence() + '\n');
    });
    if (const auto* failure = diagnosis.firstFailure()) {
        print("What to do: " + failure->found.fixSentence() + '\n');
        if (const std::string command = failure->found.command(); !command.empty()) print("  " + command + '\n');
        print("Setting up may go on all the same.\n");
    }
    if (diagnosis.miner && diagnosis.miner->workersUnknown.empty()) print("The miner counts now: Worker use: " + setup::workerUse(*diagnosis.miner).text() + ".\n");
}

void askAddress(Questions& questions, SetupAnswers& answers, const common::PresentSetup& present, const std::filesystem::path& repo) {
    if (questions.isOver()) return;
    print("\nThis computer's address, where the miner calls the worker back\n");
    struct Choice {
        std::string host, text;
    };
    std::vector<Choice> choices;
    std::size_t best = 0;
    std::string facing;
    if (present.isConfigured) choices.push_back({{}, "as it is now: " + answers.listen + (answers.advertise.empty() ? "" : ", reached at " + answers.advertise)});
    for (const setup::NetworkInterface& one : setup::networkInterfaces(common::minerOf(answers, repo)))
        for (const setup::InterfaceAddress& address : one.addresses) {
            if (address.kind == setup::AddressKind::LinkLocal) continue;
            const bool isLoopback = address.kind == setup::AddressKind::Loopback;
            if (isLoopback && address.address != "127.0.0.1") continue;
            if (address.reachesMiner) {
                if (!present.isConfigured) best = choices.size();
                facing = address.address;
            }
            choices.push_back({address.address, address.address + " (" + one.name + ", " + std::string(setup::nameOf(one.kind)) + ')' +
                                                    (isLoopback ? ": this computer alone" : address.kind == setup::AddressKind::Public ? ": open to the Internet" : "") +
                                                    (address.reachesMiner ? " – the miner is reached through this one" : "")});
        }
    choices.push_back({"0.0.0.0", "0.0.0.0: all addresses; anybody who reaches one of them can try to connect, and still needs a token"});
    std::vector<std::string> texts;
    for (const Choice& one : choices) texts.push_back(one.text);
    std::size_t chosen = 0;
    (void)questions.choose("Which one", texts, best, false, chosen);
    if (questions.isOver() || choices[chosen].host.empty()) return;
    const std::string port = questions.ask("Port", "3456");
    if (questions.isOver()) return;
    const auto hostPort = [&](const std::string& host) { return (host.find(':') == std::string::npos ? host : '[' + host + ']') + ':' + port; };
    answers.listen = hostPort(choices[chosen].host);
    answers.advertise.clear();
    // Binding all addresses needs one to be told to the miner.
    if (choices[chosen].host == "0.0.0.0" && !facing.empty()) answers.advertise = hostPort(facing);
}

void askWork(Questions& questions, SetupAnswers& answers, const common::PresentSetup& present) {
    if (questions.isOver()) return;
    print("\nWork\n");
    std::vector<std::string> texts;
    std::size_t chosen = 0, now = 0;
    for (const setup::Role& role : setup::roles()) {
        if (role.name == answers.role) now = texts.size();
        texts.push_back(std::string(role.name) + ": " + std::string(role.about));
    }
    if (present.isConfigured && answers.role.empty()) {
        now = texts.size();
        texts.push_back("as it is now: the settings name the tasks one by one");
    }
    (void)questions.choose("Which role", texts, now, false, chosen);
    if (!questions.isOver()) answers.role = chosen < setup::roles().size() ? std::string(setup::roles()[chosen].name) : std::string();
}

void askStorage(Questions& questions, SetupAnswers& answers, const std::filesystem::path& repo) {
    if (questions.isOver()) return;
    print("\nStorage\nA sector of 32 GiB takes " + byteText(setup::bytesInWork(32ULL << 30)) + " while it is sealed.\n");
    const bool hasPaths = !answers.sealPaths.empty() || !answers.storePaths.empty();
    for (const std::string& one : answers.sealPaths) print("There is " + one + " for sealing.\n");
    for (const std::string& one : answers.storePaths) print("There is " + one + " for long-term storage.\n");
    const std::string seal = hasPaths ? questions.ask("One more folder for sealing (empty: none)") : questions.ask("Folder for sealing", repo.string());
    if (!seal.empty() && (hasPaths || common::plainStoragePath(seal) != repo)) answers.sealPaths.push_back(common::plainStoragePath(seal).string());
    const std::string store = questions.ask(hasPaths ? "One more for long-term storage (empty: none)" : "Folder for long-term storage (empty: none)");
    if (!store.empty()) answers.storePaths.push_back(common::plainStoragePath(store).string());
}

void askParameters(Questions& questions, SetupAnswers& answers, const common::PresentSetup& present) {
    const auto role = setup::roleNamed(answers.role);
    if (questions.isOver() || (role ? std::string((*role)->parameters) : present.proven).empty()) return;
    print("\nProof parameters\n");
    std::vector<std::string> texts{"automatic: all of them, the fastest first"};
    for (const params::Gateway& one : params::knownGateways()) texts.push_back(one.name + ": " + one.about);
    std::size_t chosen = 0, now = 0;
    if (!answers.gateways.empty()) {
        now = texts.size();
        std::string all;
        for (const std::string& one : answers.gateways) all += (all.empty() ? "" : ", ") + one;
        texts.push_back("as it is now: " + all);
    }
    const std::string other = questions.choose("Gateway, by number or address", texts, now, true, chosen);
    if (!other.empty()) answers.gateways = {other};
    else if (chosen == 0) answers.gateways.clear();
    else if (chosen <= params::knownGateways().size()) answers.gateways = {params::knownGateways()[chosen - 1].name};
    const std::string folder = questions.ask("Folder (empty: /var/tmp/filecoin-proof-parameters, or FIL_PROOFS_PARAMETER_CACHE)", answers.parameterFolder);
    if (!folder.empty() && folder != answers.parameterFolder) answers.parameterFolder = common::plainStoragePath(folder).string();
    const std::string fetch = questions.ask("Fetch what is missing in the background, once the worker runs", present.isConfigured && !answers.fetchParameters ? "no" : "yes");
    answers.fetchParameters = fetch == "yes" || fetch == "y";
}

Expected<SetupAnswers> readAnswers(const std::string& file) {
    const auto text = readSmallFile(file == "-" ? "/dev/stdin" : file);
    if (!text) return Error(text.error()).whileDoing("reading the answers");
    auto answers = common::parseAnswers(*text);
    if (!answers) return std::move(answers).error().whileDoing("reading the answers");
    return answers;
}

boost::json::array jsonOf(const std::vector<common::SetupStep>& steps) {
    boost::json::array out;
    for (const common::SetupStep& one : steps) out.push_back({{"subject", one.subject}, {"text", one.text}});
    return out;
}

/// Whether the worker joins the miner within the time. It is started by somebody else: a terminal, a service, the window.
ExitCode waitForJoin(const SetupAnswers& answers, const std::filesystem::path& repo, std::chrono::milliseconds limit, bool json, boost::json::object&& said) {
    StopSignal signal;
    if (!json) print("Waiting until the miner counts the worker. Start it in another terminal, unless it runs: lotus-seal-worker run\n");
    SetupAnswers kept = answers; // as it is written down now
    kept.keepMiner = true;
    const setup::JoinReport report = setup::watchJoin(common::doctorQuestion(kept, repo), {}, limit, signal.token());
    const auto useOf = [](const std::optional<setup::WorkerUse>& use) { return use ? boost::json::value(use->text()) : boost::json::value(); };
    said["joined"] = report.hasJoined;
    said["worker_use"] = {{"before", useOf(report.before)}, {"after", useOf(report.after)}};
    said["text"] = report.sentence();
    if (json) printJson(std::move(said));
    else print(report.sentence() + '\n');
    if (report.hasJoined) return ExitCode::Success;
    return common::exitCodeFor(signal.token().stop_requested() ? ErrorCode::Cancelled : report.trouble ? report.trouble->code() : ErrorCode::Timeout);
}

ExitCode setUp(const GlobalOptions& global, const SetupOptions& options) {
    const auto repo = common::plainStoragePath(common::workerRepo(global.workerRepo).string());
    SetupAnswers answers;
    Questions questions;
    if (!options.answers.empty()) {
        auto read = readAnswers(options.answers);
        if (!read) return fail(read.error(), options.json);
        answers = std::move(*read);
    } else {
        print("Setting up the worker in " + repo.string() + ". Nothing is changed before the end; Ctrl-C leaves everything as it is.\n");
        const common::PresentSetup present = common::presentSetup(repo);
        answers = present.answers;
        askMiner(questions, answers, present);
        checkMiner(questions, answers, repo);
        askAddress(questions, answers, present, repo);
        askWork(questions, answers, present);
        askStorage(questions, answers, repo);
        askParameters(questions, answers, present);
        if (questions.isOver()) return fail(Error(ErrorCode::InvalidArgument, "the questions were not answered to the end; nothing was changed"), options.json);
    }
    const auto limit = options.wait.empty() ? Expected<std::chrono::milliseconds>(std::chrono::milliseconds(0)) : parseGoDuration(options.wait);
    if (!limit) return fail(Error(limit.error()).whileDoing("reading --wait"), options.json);
    const auto planned = common::plannedSetup(answers, repo);
    if (!planned) return fail(planned.error(), options.json);
    if (options.check) {
        if (options.json) printJson({{"schema", 1}, {"planned", jsonOf(*planned)}});
        for (const common::SetupStep& one : *planned)
            if (!options.json) print("Would " + one.text + ".\n");
        if (planned->empty() && !options.json) say("Everything is as wanted already.");
        return ExitCode::Success;
    }
    if (options.answers.empty() && !options.yes) {
        print("\nReady. This will be done:\n");
        for (const common::SetupStep& one : *planned) print("  " + one.text + '\n');
        if (const std::string answer = questions.ask("Do it", "yes"); answer != "yes" && answer != "y")
            return fail(Error(ErrorCode::Cancelled, "nothing was changed"), options.json);
    }
    const auto done = common::carryOutSetup(answers, repo);
    if (!done) return fail(done.error(), options.json);
    boost::json::object said{{"schema", 1}, {"ok", true}, {"done", jsonOf(*done)}};
    if (options.json && !options.wait.empty()) return waitForJoin(answers, repo, *limit, true, std::move(said));
    if (options.json) {
        printJson(std::move(said));
        return ExitCode::Success;
    }
    for (const common::SetupStep& one : *done) print("Done: " + one.text + ".\n");
    if (done->empty()) print("Everything was as wanted already.\n");
    if (!options.wait.empty()) return waitForJoin(answers, repo, *limit, false, {});
    say("Start the worker with: lotus-seal-worker run; setup --wait 2m says when the miner counts it.");
    return ExitCode::Success;
}

} // namespace

void addSetupCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    CLI::App* command = app.add_subcommand("setup", "Asks what a worker has to know, and sets it up");
    auto options = std::make_shared<SetupOptions>();
    command->add_option("--answers", options->answers, "File with the answers (TOML; - for standard input): nothing is asked then");
    command->add_flag("--check", options->check, "Only say what would be done");
    command->add_flag("--yes", options->yes, "Do not ask whether to do it");
    command->add_option("--wait", options->wait, "Then wait so long for the worker to be counted by the miner (2m), and say whether it is");
    command->add_flag("--json", options->json, "As JSON (schema 1)");
    command->callback([options, &global, &action] { action = [options, &global] { return setUp(global, *options); }; });
}

} // namespace lsw::cli
