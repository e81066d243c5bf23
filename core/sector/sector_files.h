// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector/proof_type.h"
#include "sector/sector_id.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::sector {

/// What kinds of file a sector has; a bit mask on the wire (SectorFileType).
/// source  lotus storage/sealer/storiface/filetype.go
enum class FileType : std::uint32_t {
    None = 0,
    Unsealed = 1,
    Sealed = 2,
    Cache = 4,
    Update = 8,
    UpdateCache = 16,
    Piece = 32,
};
constexpr FileType operator|(FileType a, FileType b) {
    return static_cast<FileType>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
constexpr FileType operator&(FileType a, FileType b) {
    return static_cast<FileType>(static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b));
}
constexpr FileType operator~(FileType a) { return static_cast<FileType>(~static_cast<std::uint32_t>(a) & 63U); }
constexpr bool any(FileType mask) { return mask != FileType::None; }
/// One of the six, neither none nor several.
constexpr bool isSingle(FileType mask) {
    const auto bits = static_cast<std::uint32_t>(mask);
    return bits != 0 && bits < 64 && (bits & (bits - 1)) == 0;
}

/// The single types, in the order lotus walks them.
inline constexpr std::array<FileType, 6> kFileTypes{FileType::Unsealed, FileType::Sealed,      FileType::Cache,
                                                    FileType::Update,   FileType::UpdateCache, FileType::Piece};

/// The directory name of one type: "unsealed", "sealed", "cache", "update", "update-cache", "piece".
std::string_view fileTypeName(FileType one);
/// NotFound for another text.
Expected<FileType> fileTypeFromName(std::string_view name);

/// Cache and UpdateCache are directories, the others single files.
constexpr bool isDirectory(FileType one) { return one == FileType::Cache || one == FileType::UpdateCache; }

/// One file inside a cache directory and its exact size in bytes; 0 where the size depends on the path (t_aux).
struct CacheFile {
    std::string name;
    std::uint64_t size = 0;
};

std::string layerFileName(int layer);                             ///< "sc-02-data-layer-3.dat", layers from 1
std::string treeDFileName();                                      ///< "sc-02-data-tree-d.dat"
std::vector<CacheFile> layerFiles(const ProofInfo& proof);        ///< one for each layer, sector size each
CacheFile treeDFile(const ProofInfo& proof);                      ///< (2·nodes − 1) · 32 bytes
std::vector<CacheFile> treeCFiles(const ProofInfo& proof);        ///< one for each base tree
std::vector<CacheFile> treeRLastFiles(const ProofInfo& proof);    ///< one for each base tree, leaf row and discarded rows left out
std::uint64_t syntheticProofFileSize(const ProofInfo& proof);     ///< syn-porep-vanilla-proofs.dat
inline constexpr std::string_view kPAuxName = "p_aux";            ///< comm_c ‖ comm_r_last, 64 bytes
inline constexpr std::string_view kTAuxName = "t_aux";
inline constexpr std::string_view kSyntheticName = "syn-porep-vanilla-proofs.dat";

/// How far our own PC1 and PC2 are, in the cache folder while they are at work. No files of a sector: gone when the phase is over, never sent.
inline constexpr std::string_view kLabelCheckpointName = "lsw-checkpoint-pc1";
inline constexpr std::string_view kTreeCheckpointName = "lsw-checkpoint-pc2";
/// One of these, or one that was being written.
bool isCheckpointFile(std::string_view fileName);

/// Nodes of one whole base tree (arity 8) with that many leaves: 64 → 73.
std::uint64_t baseTreeNodes(std::uint64_t leaves);

/// What stays in the cache after finalization: tree R last, p_aux, t_aux.
bool isKeptAfterFinalize(std::string_view fileName);

} // namespace lsw::sector
