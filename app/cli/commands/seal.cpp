// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/commands/seal_files.h"
#include "cli/commands/seal_options.h"
#include "cli/output.h"
#include "cli/stop_signal.h"
#include "common/storage_path.h"

#include <CLI/CLI.hpp>

#include <deque>
#include <random>
#include <vector>

namespace lsw::cli {
namespace {

enum class Through { Pc1, Pc2, C1, C2 };

struct SealOptions {
    SectorOptions sector;
    std::string seed, data, padded, out, through, labelMemory;
    unsigned sectors = 1;
    bool zero = false, finalize = false, noCheck = false;
};

/// A sealing run of one sector in a folder, phase after phase; each prints its line. PC1 is done by the caller, who may do several at once.
class SealRun {
public:
    SealRun(const SealOptions& options, SectorChoice choice, tasks::IsolatedEngine& engine, TaskContext context, const std::filesystem::path& folder)
        : m_options(options), m_choice(std::move(choice)), m_engine(engine), m_context(std::move(context)), m_files(folder) {}

    Expected<void> begin() {
        const sector::PaddedBytes size = m_choice.proof->sectorSize;
        auto input = m_options.zero            ? Expected<SealInput>(SealInput())
                     : !m_options.data.empty() ? SealInput::userData(m_options.data, size.unpadded())
                                               : SealInput::padded(m_options.padded, size);
        if (!input) return std::move(input).error();
        LSW_TRY(m_files.prepare(size));
        if (auto added = addPiece(*input); !added) {
            m_files.discard(); // nothing worth keeping
            return added;
        }
        return {};
    }

    proofs::PreCommit1Member labels(std::uint64_t memory) {
        m_labelling = PhaseClock();
        return {{m_choice.proof->proof, m_choice.id, m_choice.ticket, m_pieces, m_files.unsealed, m_files.sealed, m_files.cache, memory}, m_context,
                [this](Expected<std::string> output) { m_labelled = keep(std::move(output)); }};
    }

    Expected<void> finish(Through through, const Bytes32& seed) {
        LSW_TRY(std::move(m_labelled));
        if (through == Through::Pc1) return {};
        LSW_TRY(preCommit2());
        const bool isSynthetic = m_choice.proof->feature == sector::ProofFeature::SyntheticPoRep;
        const bool hasProofs = isSynthetic && (m_options.finalize || through >= Through::C1);
        if (hasProofs) LSW_TRY(syntheticProofs());
        // Places of a synthetic sector are proven from the file of synthetic proofs, which checks the trees itself when it is made.
        if (!m_options.noCheck && m_choice.prover.engine != "official" && (hasProofs || !isSynthetic)) LSW_TRY(check());
        if (through >= Through::C1) LSW_TRY(commit1(seed));
        if (through == Through::C2) LSW_TRY(commit2(seed));
        if (m_options.finalize) LSW_TRY(finalize());
        return {};
    }

private:
    void tell(const std::string& phase, const PhaseClock& clock, boost::json::object extra) const {
        const double seconds = clock.seconds();
        if (!m_options.sector.json) {
            std::string line = phase + ": " + durationText(seconds) + ", " + byteText(tasks::IsolatedEngine::lastPeakMemory()) + " of memory";
            for (const auto& [key, value] : extra)
                if (value.is_string()) line += "\n    " + std::string(key) + ": " + std::string(value.as_string());
            print(line + '\n');
            return;
        }
        boost::json::object object{{"schema", 1},
                                   {"phase", phase},
                                   {"sector", sector::sectorName(m_choice.id)},
                                   {"proof", m_choice.proof->number()},
                                   {"seconds", seconds},
                                   {"peak_memory", tasks::IsolatedEngine::lastPeakMemory()}};
        for (const auto& [key, value] : extra) object[key] = value;
        printJson(object);
    }

    boost::json::object dataCommitment() const {
        return {{"comm_d", toHex(m_pieces.front().commitment)}, {"comm_d_cid", sector::unsealedCid(m_pieces.front().commitment)}};
    }
    boost::json::object commitments() const {
        return {{"comm_d", toHex(m_sealed.commD)},
                {"comm_d_cid", sector::unsealedCid(m_sealed.commD)},
                {"comm_r", toHex(m_sealed.commR)},
                {"comm_r_cid", sector::sealedCid(m_sealed.commR)}};
    }

    Expected<void> addPiece(SealInput& input) {
        const PhaseClock clock;
        proofs::AddPieceOrder order;
        order.proof = m_choice.proof->proof;
        order.unsealed = m_files.unsealed;
        order.size = m_choice.proof->sectorSize.unpadded();
        order.source.descriptor = input.descriptor();
        order.source.isPadded = !m_options.padded.empty();
        auto piece = m_engine.addPiece(order, m_context);
        LSW_TRY(input.finish());
        if (!piece) return std::move(piece).error();
        m_pieces = {*piece};
        tell("addpiece", clock, dataCommitment());
        return {};
    }

    Expected<void> keep(Expected<std::string> output) {
        if (!output) return std::move(output).error();
        m_phase1 = std::move(*output);
        LSW_TRY(m_files.write("pc1.json", m_phase1));
        tell("pc1", m_labelling, dataCommitment());
        return {};
    }

    Expected<void> preCommit2() {
        const PhaseClock clock;
        auto result = m_engine.preCommit2({m_phase1, m_files.sealed, m_files.cache}, m_context);
        if (!result) return std::move(result).error();
        m_sealed = *result;
        tell("pc2", clock, commitments());
        return {};
    }

    Expected<void> syntheticProofs() {
        const PhaseClock clock;
        LSW_TRY(m_engine.syntheticProofs({m_choice.proof->proof, m_choice.id, m_choice.ticket, m_pieces, m_sealed.commR, m_sealed.commD,
                                          m_files.sealed, m_files.cache}, m_context));
        tell("synthetic", clock, {});
        return {};
    }

    /// What our own kernels made is proven at random places by the official crate before anybody builds on it.
    Expected<void> check() {
        const PhaseClock clock;
        std::random_device random;
        Bytes32 seed;
        for (std::uint8_t& byte : seed) byte = static_cast<std::uint8_t>(random());
        const auto proven = m_engine.commit1({m_choice.proof->proof, m_choice.id, m_choice.ticket, seed, m_pieces, m_sealed.commR, m_sealed.commD,
                                              m_files.sealed, m_files.cache}, m_context);
        if (!proven) return Error(proven.error()).whileDoing("checking the sector by the official crate (--no-check leaves that out)");
        tell("check", clock, {{"ok", true}});
        return {};
    }

    Expected<void> commit1(const Bytes32& seed) {
        const PhaseClock clock;
        auto output = m_engine.commit1({m_choice.proof->proof, m_choice.id, m_choice.ticket, seed, m_pieces, m_sealed.commR, m_sealed.commD,
                                        m_files.sealed, m_files.cache}, m_context);
        if (!output) return std::move(output).error();
        m_commit1 = std::move(*output);
        LSW_TRY(m_files.write("c1.json", m_commit1));
        boost::json::object extra = commitments();
        extra["bytes"] = m_commit1.size();
        tell("c1", clock, std::move(extra));
        return {};
    }

    Expected<void> commit2(const Bytes32& seed) {
        const PhaseClock clock;
        auto proof = m_engine.commit2({m_commit1, m_choice.id}, m_context);
        if (!proof) return std::move(proof).error();
        LSW_TRY(m_files.write("proof", asText(*proof)));
        boost::json::object extra = commitments();
        extra["proof"] = toHex(*proof);
        tell("c2", clock, std::move(extra));
        const PhaseClock verifying;
        const auto valid = m_engine.verifySeal({m_choice.proof->proof, m_choice.id, m_choice.ticket, seed, m_sealed.commR, m_sealed.commD, *proof}, m_context);
        if (!valid) return valid.error();
        if (!*valid) return Error(ErrorCode::VerificationFailed, "the official verifier refuses the proof of " + sector::sectorName(m_choice.id));
        tell("verify", verifying, {{"ok", true}});
        return {};
    }

    Expected<void> finalize() {
        const PhaseClock clock;
        LSW_TRY(m_engine.clearCache({m_files.cache, false}, m_context));
        tell("finalize", clock, {});
        return {};
    }

    const SealOptions& m_options;
    SectorChoice m_choice;
    tasks::IsolatedEngine& m_engine;
    TaskContext m_context;
    SealFiles m_files;
    PhaseClock m_labelling;
    Expected<void> m_labelled = Error(ErrorCode::Internal, "PC1 ended without a result");
    std::vector<sector::PieceInfo> m_pieces;
    std::string m_phase1, m_commit1;
    proofs::PreCommit2Result m_sealed;
};

Expected<Through> throughFrom(const std::string& text, bool hasSeed) {
    if (text.empty()) return hasSeed ? Through::C1 : Through::Pc2;
    if (text == "pc1") return Through::Pc1;
    if (text == "pc2") return Through::Pc2;
    if (text == "c1") return Through::C1;
    if (text == "c2") return Through::C2;
    return Error(ErrorCode::InvalidArgument, "--through must be pc1, pc2, c1 or c2, not \"" + text + '"');
}

Expected<void> seal(const SealOptions& options, std::stop_token stop) {
    const auto choice = understand(options.sector);
    if (!choice) return choice.error();
    if ((options.zero ? 1 : 0) + (options.data.empty() ? 0 : 1) + (options.padded.empty() ? 0 : 1) != 1)
        return Error(ErrorCode::InvalidArgument, "say what to seal by exactly one of --data FILE, --padded FILE and --zero");
    const auto through = throughFrom(options.through, !options.seed.empty());
    if (!through) return through.error();
    Bytes32 seed{};
    if (!options.seed.empty()) {
        const auto parsed = bytes32FromHex(options.seed, "seed");
        if (!parsed) return Error(parsed.error()).whileDoing("reading --seed");
        seed = *parsed;
    } else if (*through >= Through::C1) {
        return Error(ErrorCode::InvalidArgument, "--through " + options.through + " needs --seed: 32 bytes in hex");
    }
    std::uint64_t memory = 0;
    if (!options.labelMemory.empty()) {
        const auto bytes = common::parseByteSize(options.labelMemory);
        if (!bytes) return Error(bytes.error()).whileDoing("reading --pc1-memory");
        memory = *bytes;
    }
    if (options.sectors > 1 && choice->prover.engine == "official")
        return Error(ErrorCode::InvalidArgument, "the official engine labels one sector at a time: leave out --sectors or --engine official");
    tasks::IsolatedEngine engine(choice->prover);
    const TaskContext context = terminalContext(std::move(stop));
    std::deque<SealRun> runs; // they are pointed to
    std::vector<proofs::PreCommit1Member> members;
    for (unsigned i = 0; i < options.sectors; ++i) {
        SectorChoice one = *choice;
        one.id.number += i;
        const std::filesystem::path out = options.out;
        SealRun& run = runs.emplace_back(options, one, engine, context, options.sectors > 1 ? out / sector::sectorName(one.id) : out);
        LSW_TRY(run.begin());
        members.push_back(run.labels(memory));
    }
    if (members.size() > 1) engine.preCommit1Together(std::move(members));
    else members.front().done(engine.preCommit1(members.front().order, context));
    for (SealRun& run : runs) LSW_TRY(run.finish(*through, seed));
    return {};
}

} // namespace

void addSealCommand(CLI::App& app, Action& action) {
    auto options = std::make_shared<SealOptions>();
    CLI::App* command = app.add_subcommand("seal", "Seal one sector here, without a miner");
    options->sector.addTo(*command);
    command->add_option("--seed", options->seed, "Seed of the interactive challenge: 32 bytes in hex (for c1 and c2)");
    command->add_option("--data", options->data, "User bytes: padded here, the rest of the sector is zeros");
    command->add_option("--padded", options->padded, "A whole sector of field elements, already padded");
    command->add_flag("--zero", options->zero, "Zeros (a CC sector)");
    command->add_option("--out", options->out, "Folder for unsealed, sealed, cache/ and the outputs of the phases")->required();
    command->add_option("--sectors", options->sectors, "So many sectors of the same data, numbered from --sector on and labelled together by one core, each in a folder of its own in --out")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command->add_option("--pc1-memory", options->labelMemory, "Memory that PC1 of a sector may take, such as 24GiB; where that does not hold two layers, they are read from the disk again and again (default: what is free)");
    command->add_option("--through", options->through, "Last phase: pc1, pc2, c1 or c2 (default: c1 with a seed, else pc2)");
    command->add_flag("--no-check", options->noCheck, "Do not have the official crate prove random places of what our engine made");
    command->add_flag("--finalize", options->finalize, "Clear the cache afterwards, as a finished sector has it");
    command->callback([options, &action] {
        action = [options] {
            StopSignal signal;
            const auto sealed = seal(*options, signal.token());
            if (!sealed) return fail(sealed.error(), options->sector.json);
            return common::ExitCode::Success;
        };
    });
}

} // namespace lsw::cli
