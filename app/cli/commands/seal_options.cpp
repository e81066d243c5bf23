// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/seal_options.h"

#include "cli/progress_bar.h"
#include "tasks/engine_choice.h"

#include <CLI/CLI.hpp>

#include <mutex>

namespace lsw::cli {

void SectorOptions::addTo(CLI::App& command) {
    command.add_option("--proof", proof, "Registered seal proof, by number (5) or name (StackedDrg2KiBV1_1)")->required();
    command.add_option("--miner", miner, "Actor id of the miner: 1000 or f01000")->required();
    command.add_option("--sector", sector, "Sector number")->required();
    command.add_option("--ticket", ticket, "Ticket: 32 bytes in hex")->required();
    command.add_option("--engine", engine, "Who computes: auto, native (our kernels) or official (the official crate)")->capture_default_str();
    command.add_option("--parameter-cache", parameterCache, "Folder of the proof parameters (FIL_PROOFS_PARAMETER_CACHE)");
    command.add_option("--prover-folder", proverFolder, "Folder of lotus-seal-prover, when it is not beside this program");
    command.add_flag("--json", json, "One JSON line for each phase");
}

Expected<SectorChoice> understand(const SectorOptions& options) {
    SectorChoice choice;
    const auto proof = sector::parseProof(options.proof);
    if (!proof) return Error(proof.error()).whileDoing("reading --proof");
    choice.proof = *proof;
    const auto miner = sector::parseMinerId(options.miner);
    if (!miner) return Error(miner.error()).whileDoing("reading --miner");
    const auto number = sector::parseUnsigned(options.sector, "sector number");
    if (!number) return Error(number.error()).whileDoing("reading --sector");
    choice.id = {*miner, *number};
    const auto ticket = bytes32FromHex(options.ticket, "ticket");
    if (!ticket) return Error(ticket.error()).whileDoing("reading --ticket");
    choice.ticket = *ticket;
    const auto engine = tasks::chosenEngine(options.engine);
    if (!engine) return Error(engine.error()).whileDoing("reading --engine");
    choice.prover.engine = *engine;
    choice.prover.parameterCache = options.parameterCache;
    choice.prover.folder = options.proverFolder;
    return choice;
}

Expected<sector::Commitment> parseCommitment(std::string_view text, bool isSealed, std::string_view what) {
    if (text.starts_with("bag")) { // no hex digits, so no hex
        const auto fromCid = isSealed ? sector::commitmentFromSealedCid(text) : sector::commitmentFromUnsealedCid(text);
        if (!fromCid) return Error(ErrorCode::InvalidArgument, std::string(what) + ": " + fromCid.error().message());
        return *fromCid;
    }
    return bytes32FromHex(text, what);
}

TaskContext terminalContext(std::stop_token stop) {
    struct Shared {
        std::mutex mutex; // progress may come from any thread
        ProgressBar bar;
    };
    auto shared = std::make_shared<Shared>();
    return {stop, [shared](const Progress& progress) {
                const std::lock_guard lock(shared->mutex);
                const double fraction = progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : -1;
                shared->bar.show(progress.phase, fraction, progress.step);
            }};
}

} // namespace lsw::cli
