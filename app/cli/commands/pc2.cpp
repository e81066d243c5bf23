// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/commands/seal_options.h"
#include "cli/output.h"
#include "cli/stop_signal.h"
#include "tasks/engine_choice.h"

#include <CLI/CLI.hpp>

#include <array>
#include <cstdlib>

namespace lsw::cli {
namespace {

struct Pc2Options {
    bool lotusExternal = false, json = false;
    std::string engine = "auto", proverFolder;
};

Expected<std::string> variable(const char* name) {
    const char* value = std::getenv(name);
    if (!value || !*value)
        return Error(ErrorCode::InvalidArgument, std::string("the variable ") + name +
                                                     " is not set: this is for `lotus-worker run --external-pc2 \"lotus-seal-worker pc2 --lotus-external\"`, "
                                                     "which sets it");
    return std::string(value);
}

/// PC2 as lotus-worker orders it from a program of its operator: everything is said by variables, the result is the files.
/// source  lotus storage/sealer/ffiwrapper/extern_pc2.go
Expected<void> externalPc2(const Pc2Options& options, std::stop_token stop) {
    const auto engine = tasks::chosenEngine(options.engine);
    if (!engine) return Error(engine.error()).whileDoing("reading --engine");
    std::array<std::string, 7> values;
    constexpr std::array kNames{"EXTSEAL_PC2_SECTOR_MINER", "EXTSEAL_PC2_SECTOR_NUM", "EXTSEAL_PC2_PROOF_TYPE", "EXTSEAL_PC2_SECTOR_SIZE",
                                "EXTSEAL_PC2_CACHE",        "EXTSEAL_PC2_SEALED",     "EXTSEAL_PC2_PC1OUT"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        auto value = variable(kNames[i]);
        if (!value) return std::move(value).error();
        values[i] = std::move(*value);
    }
    const auto& [minerText, numberText, proofText, sizeText, cache, sealed, encoded] = values;
    const auto miner = sector::parseMinerId(minerText);
    if (!miner) return Error(miner.error()).whileDoing("reading EXTSEAL_PC2_SECTOR_MINER");
    const auto number = sector::parseUnsigned(numberText, "sector number");
    if (!number) return Error(number.error()).whileDoing("reading EXTSEAL_PC2_SECTOR_NUM");
    const auto proof = sector::parseProof(proofText);
    if (!proof) return Error(proof.error()).whileDoing("reading EXTSEAL_PC2_PROOF_TYPE");
    const auto size = sector::parseUnsigned(sizeText, "sector size");
    if (!size) return Error(size.error()).whileDoing("reading EXTSEAL_PC2_SECTOR_SIZE");
    if (*size != (*proof)->sectorSize.value)
        return Error(ErrorCode::InvalidArgument, "EXTSEAL_PC2_SECTOR_SIZE is " + sizeText + ", but a sector of proof type " + proofText + " has " +
                                                     std::to_string((*proof)->sectorSize.value) + " bytes");
    const auto phase1 = fromBase64(encoded);
    if (!phase1) return Error(phase1.error()).whileDoing("reading EXTSEAL_PC2_PC1OUT");

    tasks::ProverSettings prover;
    prover.engine = *engine;
    prover.folder = options.proverFolder;
    tasks::IsolatedEngine ours(prover);
    const PhaseClock clock;
    const auto made = ours.preCommit2({std::string(asText(*phase1)), sealed, cache, false}, terminalContext(std::move(stop)));
    if (!made) return made.error();
    const std::string name = sector::sectorName({*miner, *number});
    if (options.json)
        printJson({{"schema", 1}, {"phase", "pc2"}, {"sector", name}, {"seconds", clock.seconds()},
                   {"comm_r_cid", sector::sealedCid(made->commR)}, {"comm_d_cid", sector::unsealedCid(made->commD)}});
    else
        print("PC2 of " + name + " done in " + durationText(clock.seconds()) + ": " + sector::sealedCid(made->commR) + '\n');
    return {};
}

} // namespace

void addPc2Command(CLI::App& app, Action& action) {
    auto options = std::make_shared<Pc2Options>();
    CLI::App* command = app.add_subcommand("pc2", "PC2 for a stock lotus-worker: run --external-pc2 \"lotus-seal-worker pc2 --lotus-external\"");
    command->add_flag("--lotus-external", options->lotusExternal, "Take the order from the variables EXTSEAL_PC2_* as lotus-worker sets them")->required();
    command->add_option("--engine", options->engine, "Who computes: auto, native (our kernels) or official (the official crate)")->capture_default_str();
    command->add_option("--prover-folder", options->proverFolder, "Folder of lotus-seal-prover, when it is not beside this program");
    command->add_flag("--json", options->json, "The result as a JSON line");
    command->callback([options, &action] {
        action = [options] {
            StopSignal signal;
            const auto done = externalPc2(*options, signal.token());
            if (!done) return fail(done.error(), options->json);
            return common::ExitCode::Success;
        };
    });
}

} // namespace lsw::cli
