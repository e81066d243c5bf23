// SPDX-License-Identifier: MIT OR Apache-2.0
#include "bench/self_test.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "bench/phases.h"
#include "kernels/kernel_registry.h"
#include "proofs/native/native_engine.h"
#include "proofs/piece_commitment.h"

#include <cstdlib>

namespace lsw::bench {
namespace {

namespace fs = std::filesystem;

constexpr sector::PaddedBytes kSize{2048};

Row resultOf(std::string_view test, const Expected<void>& outcome, const Stopwatch& watch) {
    Row row{{"selftest", test}, {"shape", "2KiB"}, {"result", outcome ? "passed" : "failed"}, {"ms", 1000 * watch.elapsed().wall}};
    if (!outcome) row["reason"] = outcome.error().message();
    return row;
}

/// Sector 1 of miner f01000 with the bytes 1, 2, 3 … as its ticket and nothing but zeros in it.
/// source  the official crate 19.1.0 (tests/data/sectors/2KiB-V1_1-zero)
Expected<void> knownSector(const fs::path& folder) {
    const auto commR = bytes32FromHex("441c6ea9c3a7f254967d8d2477f243d4b049b813a94a6f6784f7578b48913b61", "CommR");
    if (!commR) return commR.error();
    const auto proof = sector::proofForSize(kSize);
    if (!proof) return proof.error();
    auto temporary = TemporaryFolder::make(folder, "lotus-seal-prover-selftest-");
    if (!temporary) return std::move(temporary).error();
    const fs::path unsealed = temporary->path() / "unsealed", sealed = temporary->path() / "sealed", cache = temporary->path() / "cache";
    auto zeros = File::create(unsealed);
    if (!zeros) return std::move(zeros).error();
    LSW_TRY(zeros->allocate(kSize.value));
    Bytes32 ticket{};
    for (std::size_t i = 0; i < ticket.size(); ++i) ticket[i] = static_cast<std::uint8_t>(i + 1);
    proofs::NativeEngine engine(nullptr);
    const auto phase1 = engine.preCommit1({(*proof)->proof, {1000, 1}, ticket, {{kSize, proofs::zeroCommitment(kSize)}}, unsealed, sealed, cache}, {});
    if (!phase1) return phase1.error();
    const auto phase2 = engine.preCommit2({*phase1, sealed, cache}, {});
    if (!phase2) return phase2.error();
    if (phase2->commR != *commR) return Error(ErrorCode::VerificationFailed, "a sector of zeros got the CommR " + toHex(phase2->commR) + " instead of " + toHex(*commR));
    return {};
}

/// Every phase of both engines on a sector of random data.
Expected<void> officialSector(const fs::path& folder, proofs::ProofEngine& official) {
    const auto proof = sector::proofForSize(kSize);
    if (!proof) return proof.error();
    const auto temporary = TemporaryFolder::make(folder, "lotus-seal-prover-selftest-");
    if (!temporary) return temporary.error();
    const auto bed = Bed::make(**proof, temporary->path());
    if (!bed) return bed.error();
    proofs::NativeEngine ours(nullptr);
    for (const PhaseInfo& info : phases()) {
        if (info.isMulticore) continue;
        const auto phase = info.make();
        LSW_TRY(phase->prepare(*bed));
        for (const Side side : {Side::Ours, Side::Official}) {
            LSW_TRY(phase->begin(*bed, side));
            LSW_TRY(phase->run(side == Side::Ours ? static_cast<proofs::ProofEngine&>(ours) : official, *bed, side));
        }
        const auto difference = phase->difference(*bed);
        if (!difference) return difference.error();
        if (!difference->empty()) return Error(ErrorCode::VerificationFailed, std::string(info.name) + ": " + *difference + " differs from the official crate's");
    }
    return {};
}

} // namespace

bool selfTest(const fs::path& folder, proofs::ProofEngine* official, const RowSink& sink) {
    bool hasPassed = true;
    for (const auto& one : kernels::kernelReport()) {
        Row row{{"selftest", one.kernel}, {"implementation", one.implementation}, {"in_use", one.isChosen}};
        switch (one.fitness) {
        case kernels::Fitness::Works: row["result"] = "passed"; break;
        case kernels::Fitness::SelfTestFailed:
            row["result"] = "failed";
            row["reason"] = "it computes wrong values on this machine and is not used";
            hasPassed = false;
            break;
        case kernels::Fitness::NoInstructions:
            row["result"] = "skipped";
            row["reason"] = "this processor has only: " + kernels::featureText(kernels::cpuFeatures());
            break;
        }
        if (one.fitness != kernels::Fitness::NoInstructions) row["ms"] = 1000 * one.selfTestSeconds;
        sink(row);
    }
    const auto add = [&](std::string_view name, const auto& test) {
        const Stopwatch watch;
        const Expected<void> outcome = test();
        hasPassed = hasPassed && outcome.hasValue();
        sink(resultOf(name, outcome, watch));
    };
    add("sector", [&] { return knownSector(folder); });
    if (official) add("sector-official", [&] { return officialSector(folder, *official); });
    else sink({{"selftest", "sector-official"}, {"shape", "2KiB"}, {"result", "skipped"}, {"reason", "this prover was built without the official crate"}});
    return hasPassed;
}

} // namespace lsw::bench
