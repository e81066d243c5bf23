// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/output.h"
#include "cli/progress_bar.h"
#include "cli/stop_signal.h"
#include "common/practice_host.h"
#include "sector/proof_type.h"

#include <CLI/CLI.hpp>

#include <QtCore/QCoreApplication>

#include <map>

namespace lsw::cli {
namespace {

/// What a phase is for, in a sentence; shown when it ends.
std::string_view explanation(std::string_view phase) {
    static const std::map<std::string_view, std::string_view> texts{
        {"start", "A practice miner listens on this machine alone, and a real worker, a second process, has registered with it."},
        {"start-two", "A practice miner listens on this machine alone, and two real workers, processes of their own, have registered with it."},
        {"addpiece", "AddPiece: the data were pushed to the worker, padded (two bits in 256) and written into the unsealed sector file."},
        {"pc1", "PreCommit 1: every 32 bytes of the sector got a label that depends on many others, layer after layer. This is the slow phase."},
        {"pc2", "PreCommit 2: trees were built over the labels; their root, CommR, is what the miner puts on the chain."},
        {"seed", "WaitSeed: a real miner now waits about 75 minutes (150 epochs) for randomness from the chain; practice draws it at once."},
        {"c1", "Commit 1: the places that the seed asks for were opened and checked."},
        {"c2", "Commit 2: the openings were turned into a short proof (zk-SNARK) that the chain can verify."},
        {"verify", "The official verifier was asked whether the proof holds."},
        {"finalize", "Finalize: the labels are no longer needed and were removed."},
        {"move", "The sealed sector went to long-term storage."},
        {"unseal", "Unseal: the data were computed back from the sealed sector."},
        {"readback", "The data were read back through the worker's port and compared with what went in."},
        {"dealdata", "SnapDeals: a deal came, and its data shall go into the sector of zeros that is sealed already."},
        {"replicaupdate", "ReplicaUpdate: the data were encoded into a copy of the sealed sector. Nothing had to be labelled again."},
        {"pr1", "ProveReplicaUpdate 1: the places that show what the update holds were opened and checked."},
        {"pr2", "ProveReplicaUpdate 2: the openings were turned into a short proof (zk-SNARK), and the official verifier accepted it."},
        {"finalizeupdate", "FinalizeReplicaUpdate: what was needed for the proofs alone was removed."},
        {"moveupdate", "The update went to long-term storage, beside the sector that it was made of."},
        {"regensectorkey", "GenerateSectorKeyFromData: the sector that was removed was computed back from the update and its data, and is the same."},
        {"parameters", "The proof parameters for practice sectors were generated. They are kept, in a folder that no real network reads."},
    };
    const auto found = texts.find(phase);
    return found == texts.end() ? std::string_view() : found->second;
}

std::string textOf(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

void showPhase(const boost::json::object& object) {
    const std::string phase = textOf(object, "phase");
    if (phase == "done") {
        const auto* ok = object.if_contains("ok");
        print(ok && ok->is_bool() && ok->as_bool() ? "Done: the sector is sealed, and what was read back equals what went in.\n" : "The practice run failed.\n");
        return;
    }
    std::string line = "[" + phase + "]";
    if (const auto* seconds = object.if_contains("seconds"); seconds && seconds->is_number()) line += ' ' + durationText(seconds->to_number<double>());
    line += '\n';
    const auto* workers = object.if_contains("workers");
    const bool shared = workers && workers->is_array() && workers->as_array().size() > 1;
    if (const auto text = explanation(shared ? "start-two" : phase); !text.empty()) line += "    " + std::string(text) + '\n';
    for (const auto& [key, name] : std::initializer_list<std::pair<const char*, const char*>>{
             {"comm_d_cid", "CommD"}, {"comm_r_cid", "CommR"}, {"note", "Note"}, {"folder", "Folder"}}) {
        if (const std::string value = textOf(object, key); !value.empty()) line += "    " + std::string(name) + ": " + value + '\n';
    }
    print(line);
}

struct PracticeOptions {
    common::PracticeChoice choice;
    std::string size = "2KiB";
    bool json = false;
};

common::ExitCode practice(PracticeOptions options) {
    const auto size = sector::parseSectorSize(options.size);
    if (!size) return fail(Error(size.error()).whileDoing("reading --size"), options.json);
    options.choice.sectorSize = size->value;

    common::PracticeHost* hostToStop = nullptr;
    StopSignal signal([&hostToStop] {
        QMetaObject::invokeMethod(QCoreApplication::instance(), [&hostToStop] {
            if (hostToStop) hostToStop->cancel();
        }, Qt::QueuedConnection);
    });
    common::PracticeHost host;
    hostToStop = &host;
    ProgressBar bar;
    bool toldOfParameters = false;
    common::ExitCode exit = common::ExitCode::Failure;
    QObject::connect(&host, &common::PracticeHost::phase, QCoreApplication::instance(), [&](const QByteArray& line) {
        bar.clear();
        boost::json::error_code error;
        const auto value = boost::json::parse(boost::json::string_view(line.constData(), static_cast<std::size_t>(line.size())), error);
        if (error || !value.is_object()) return;
        if (options.json) printJson(value);
        else showPhase(value.as_object());
    });
    QObject::connect(&host, &common::PracticeHost::progress, QCoreApplication::instance(), [&](const QString& phase, double fraction, const QString& text) {
        if (phase == QLatin1String("parameters") && !toldOfParameters) { // takes long, so it is told wherever the output goes
            toldOfParameters = true;
            say("Now: " + text.toStdString());
        }
        bar.show(phase.toStdString(), fraction, text.toStdString());
    });
    QObject::connect(&host, &common::PracticeHost::finished, QCoreApplication::instance(), [&](int code, const QString& message) {
        bar.clear();
        exit = code < 0 ? common::ExitCode::Success : fail(Error(static_cast<ErrorCode>(code), message.toStdString()), options.json);
        QCoreApplication::quit();
    });
    if (const auto started = host.start(options.choice); !started) return fail(started.error(), options.json);
    if (signal.token().stop_requested()) host.cancel();
    QCoreApplication::exec();
    return exit;
}

} // namespace

void addPracticeCommand(CLI::App& app, Action& action) {
    auto options = std::make_shared<PracticeOptions>();
    CLI::App* command = app.add_subcommand("practice", "Seal one small sector end to end on this machine, with a practice miner, and explain each phase");
    command->add_option("--size", options->size, "Sector size: 2KiB, 8MiB or 512MiB")->capture_default_str();
    command->add_option("--file", options->choice.file, "Seal this file (default: random bytes)");
    command->add_flag("--prove", options->choice.prove, "Also make the final proof (C2) and verify it");
    command->add_flag("--snap", options->choice.snap, "Seal a sector of zeros first, then bring the data in by an update (SnapDeals)");
    command->add_option("--workers", options->choice.workers, "Workers that share the sector: with 2, one labels and the other does the rest")
        ->check(CLI::Range(1, 2))
        ->capture_default_str();
    command->add_option("--keep", options->choice.keep, "Keep everything that was made in this folder");
    command->add_flag("--json", options->json, "One JSON line for each phase");
    command->callback([options, &action] { action = [options] { return practice(*options); }; });
}

} // namespace lsw::cli
