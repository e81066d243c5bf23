// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "sector/piece_size.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::params {

/// What a parameter file proves.
enum class Circuit { PoRep, WindowPost, WinningPost, SnapUpdate };

/// "porep", "windowpost", "winningpost", "update".
std::string_view circuitName(Circuit circuit);

/// One file of parameters: the proving part (".params"), gigabytes, or the verifying key (".vk"), kilobytes.
struct ParameterFile {
    std::string name, cid;
    std::string digest;                ///< first 16 bytes of its BLAKE2b-512, in hex: nothing that a gateway says is trusted beyond that
    sector::PaddedBytes sectorSize;
    std::optional<Circuit> circuit;    ///< nothing for a file that this program does not know
    std::uint64_t about = 0;           ///< bytes, roughly: the manifest of lotus has no sizes; 0 when nobody said

    bool isKey() const { return name.ends_with(".vk"); }
};

/// Those of lotus v1.36 (v28), all sector sizes.
///
/// source  lotus build/proof-params/parameters.json
const std::vector<ParameterFile>& parameterManifest();

/// A list in the form of lotus' parameters.json: {"NAME": {"cid": …, "digest": …, "sector_size": …}}. Names that are known have their circuit.
/// NotFound, PermissionDenied, Io; InvalidArgument for a folder or 1 MiB and more; Corrupt names what is wrong with which entry.
Expected<std::vector<ParameterFile>> readManifest(const std::filesystem::path& file);

/// What proofs of one sector size need: parameters and key of each of the circuits (none given: all); keys first, small before large.
std::vector<ParameterFile> neededFiles(const std::vector<ParameterFile>& manifest, sector::PaddedBytes sectorSize, const std::vector<Circuit>& circuits);

/// "c2" or "porep", "windowpost", "winningpost", "update" or "prove-replica-update2"; "all" gives all. InvalidArgument for another word.
Expected<std::vector<Circuit>> circuitsFor(std::string_view words);

} // namespace lsw::params
