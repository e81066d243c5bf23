// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/commands/seal_options.h"
#include "cli/output.h"
#include "cli/stop_signal.h"

#include <CLI/CLI.hpp>

#include <fstream>
#include <iterator>

namespace lsw::cli {
namespace fs = std::filesystem;
namespace {

Error inOption(const Error& error, const char* option) { return Error(error).whileDoing(std::string("reading ") + option); }

struct VerifyOptions {
    SectorOptions sector;
    std::string seed, commR, commD, proofFile;
};

Expected<bool> verify(const VerifyOptions& options, std::stop_token stop) {
    const auto choice = understand(options.sector);
    if (!choice) return choice.error();
    const auto seed = bytes32FromHex(options.seed, "seed");
    if (!seed) return inOption(seed.error(), "--seed");
    const auto commR = parseCommitment(options.commR, true, "CommR");
    if (!commR) return inOption(commR.error(), "--commr");
    const auto commD = parseCommitment(options.commD, false, "CommD");
    if (!commD) return inOption(commD.error(), "--commd");
    std::ifstream file(options.proofFile, std::ios::binary);
    if (!file) return Error(ErrorCode::InvalidArgument, "the proof file " + options.proofFile + " cannot be read");
    const Bytes proof((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    tasks::IsolatedEngine engine(choice->prover);
    return engine.verifySeal({choice->proof->proof, choice->id, choice->ticket, *seed, *commR, *commD, proof}, terminalContext(std::move(stop)));
}

struct UnsealOptions {
    SectorOptions sector;
    std::string commD, sealed, cache, out;
    std::uint64_t offset = 0, size = 0;
};

Expected<std::uint64_t> unseal(const UnsealOptions& options, std::stop_token stop) {
    const auto choice = understand(options.sector);
    if (!choice) return choice.error();
    const auto commD = parseCommitment(options.commD, false, "CommD");
    if (!commD) return inOption(commD.error(), "--commd");
    const std::uint64_t whole = choice->proof->sectorSize.unpadded().value;
    const std::uint64_t size = options.size ? options.size : whole - std::min(whole, options.offset);
    if (size == 0 || options.offset >= whole || size > whole - options.offset)
        return Error(ErrorCode::InvalidArgument, "the range ends beyond the " + std::to_string(whole) + " user bytes of the sector");
    std::error_code ec;
    if (!fs::is_regular_file(options.sealed, ec)) return Error(ErrorCode::InvalidArgument, "there is no sealed file " + options.sealed);
    if (!fs::is_directory(options.cache, ec)) return Error(ErrorCode::InvalidArgument, "there is no cache folder " + options.cache);
    // Beside the result, where room for a sector must be anyway.
    const fs::path output = fs::absolute(options.out);
    const fs::path scratch = output.string() + ".scratch";
    if (fs::exists(scratch, ec)) return Error(ErrorCode::AlreadyExists, scratch.string() + " is in the way; remove it or give another --out");
    std::ofstream made(output, std::ios::binary | std::ios::trunc);
    if (!made || !fs::create_directory(scratch, ec)) return Error(ErrorCode::StorageUnavailable, output.string() + " cannot be written");
    made.close();
    tasks::IsolatedEngine engine(choice->prover);
    proofs::UnsealOrder order{choice->proof->proof, choice->id, choice->ticket, *commD, fs::absolute(options.sealed), fs::absolute(options.cache),
                              scratch, output, false, {options.offset}, {size}};
    auto done = engine.unseal(order, terminalContext(std::move(stop)));
    fs::remove_all(scratch, ec);
    if (!done) {
        fs::remove(output, ec);
        return std::move(done).error();
    }
    return size;
}

} // namespace

void addVerifyCommand(CLI::App& app, Action& action) {
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* command = app.add_subcommand("verify", "Ask the official verifier about a seal proof");
    options->sector.addTo(*command);
    command->add_option("--seed", options->seed, "Seed: 32 bytes in hex")->required();
    command->add_option("--commr", options->commR, "CommR, in hex or as CID")->required();
    command->add_option("--commd", options->commD, "CommD, in hex or as CID")->required();
    command->add_option("--proof-file", options->proofFile, "The proof: 192 bytes for each partition")->required();
    command->callback([options, &action] {
        action = [options] {
            StopSignal signal;
            const PhaseClock clock;
            const auto valid = verify(*options, signal.token());
            if (!valid) return fail(valid.error(), options->sector.json);
            if (options->sector.json) printJson({{"schema", 1}, {"phase", "verify"}, {"ok", *valid}, {"seconds", clock.seconds()}});
            else print(*valid ? "The proof is valid.\n" : "The proof is NOT valid.\n");
            return *valid ? common::ExitCode::Success : common::ExitCode::VerificationFailed;
        };
    });
}

void addUnsealCommand(CLI::App& app, Action& action) {
    auto options = std::make_shared<UnsealOptions>();
    CLI::App* command = app.add_subcommand("unseal", "Compute user bytes back from a sealed sector");
    options->sector.addTo(*command);
    command->add_option("--commd", options->commD, "CommD, in hex or as CID")->required();
    command->add_option("--sealed", options->sealed, "The sealed file")->required();
    command->add_option("--cache", options->cache, "The cache folder of the sector; only read")->required();
    command->add_option("--out", options->out, "File for the user bytes")->required();
    command->add_option("--offset", options->offset, "First user byte")->capture_default_str();
    command->add_option("--size", options->size, "User bytes (default: to the end)");
    command->callback([options, &action] {
        action = [options] {
            StopSignal signal;
            const PhaseClock clock;
            const auto size = unseal(*options, signal.token());
            if (!size) return fail(size.error(), options->sector.json);
            if (options->sector.json)
                printJson({{"schema", 1}, {"phase", "unseal"}, {"ok", true}, {"seconds", clock.seconds()},
                           {"peak_memory", tasks::IsolatedEngine::lastPeakMemory()}, {"bytes", *size}});
            else print("Unsealed " + byteText(*size) + " into " + options->out + '\n');
            return common::ExitCode::Success;
        };
    });
}

} // namespace lsw::cli
