// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/expected.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lsw::proofs {

/// What a phase that was interrupted left of itself: whose it is, and a line for each part that is done (core/README.md, "Checkpoints").
struct CheckpointFile {
    Bytes32 owner{};
    std::vector<std::string> lines;

    /// Nothing when there is none, and when what is there is not whole, not of `owner` or of another version: then nothing is known.
    static std::optional<CheckpointFile> read(const std::filesystem::path& file, const Bytes32& owner);
    /// In place of the one before, at once: after a power cut there is either of them, whole. What the lines speak of must be on the disk already.
    Expected<void> write(const std::filesystem::path& file) const;
    /// Gone for good; not being there is no error.
    static Expected<void> remove(const std::filesystem::path& file);
};

} // namespace lsw::proofs
