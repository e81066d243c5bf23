// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/proof_engine.h"
#include "sector/proof_type.h"

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::bench {

enum class Side { Ours, Official };

/// A sector of random data (always the same) that both sides seal, each in a folder of its own.
class Bed {
public:
    /// Everything is made in `root`, an empty folder. Its unsealed file is there afterwards.
    static Expected<Bed> make(const sector::ProofInfo& proof, const std::filesystem::path& root);

    const sector::ProofInfo& proof() const { return *m_proof; }
    std::filesystem::path user() const { return m_root / "user"; }         ///< the data before padding
    std::filesystem::path unsealed() const { return m_root / "unsealed"; } ///< and after
    std::filesystem::path folder(Side side) const { return m_root / (side == Side::Ours ? "ours" : "official"); }
    std::filesystem::path sealed(Side side) const { return folder(side) / "sealed"; }
    std::filesystem::path cache(Side side) const { return folder(side) / "cache"; }

    proofs::PreCommit1Order preCommit1(Side side) const;
    const sector::PieceInfo& piece() const { return m_piece; }

private:
    Bed(const sector::ProofInfo& proof, std::filesystem::path root) : m_proof(&proof), m_root(std::move(root)) {}

    const sector::ProofInfo* m_proof;
    std::filesystem::path m_root;
    sector::PieceInfo m_piece;
};

/// Something that both engines do and whose outputs are to be the same.
class Phase {
public:
    virtual ~Phase() = default;
    /// Once, before any run.
    virtual Expected<void> prepare(const Bed&) { return {}; }
    /// What is not timed before each run.
    virtual Expected<void> begin(const Bed&, Side) { return {}; }
    virtual Expected<void> run(proofs::ProofEngine& engine, const Bed& bed, Side side) = 0;
    /// How many sectors a run does: costs are told for one of them.
    virtual unsigned sectors(Side) const { return 1; }
    /// What the two sides gave differently; empty when nothing.
    virtual Expected<std::string> difference(const Bed& bed) const = 0;
};

struct PhaseInfo {
    std::string_view name;
    std::unique_ptr<Phase> (*make)();
    bool isMulticore = false; ///< the crate labels with several cores: chosen once for a process
};
/// In their order: piece, add-piece, pc1, pc1-multicore, pc1-x2, pc1-x4, pc1-x16, pc1-parts, pc1-small-pages, pc2, update, unseal.
std::span<const PhaseInfo> phases();

} // namespace lsw::bench
