// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "bench/bench_row.h"
#include "bench/phases.h"

namespace lsw::bench {

struct PhaseSettings {
    const sector::ProofInfo* proof = nullptr;
    std::filesystem::path folder;            ///< an existing one with room for two sealed sectors; emptied of what was made there
    unsigned rounds = 3;
    proofs::ProofEngine* official = nullptr; ///< to compare with, or none
};

/// One phase by our engine and, in turn with it, by the official one: CPU seconds of all threads, medians of the rounds. Whatever was put out is
/// compared in a first run that is not timed, and after every round; a sector of more than 8 MiB is compared at 8 MiB before.
///
/// out     whether everything that was compared is equal
/// error   what a phase says; NoSpace; Io
Expected<bool> benchPhase(const PhaseInfo& phase, const PhaseSettings& settings, const RowSink& sink);

/// PC2 of the shape of large sectors: columns of eleven layers, whose content is random. Ours alone: the crate has no sector of this shape and of a
/// size that can be measured. The first columns are compared with the portable kernel; false when they differ.
Expected<bool> benchElevenLayers(const PhaseSettings& settings, const RowSink& sink);

/// Tree D over the data of a sector, ours alone: the crate builds its own inside PC1.
Expected<void> benchTreeD(const PhaseSettings& settings, const RowSink& sink);

} // namespace lsw::bench
