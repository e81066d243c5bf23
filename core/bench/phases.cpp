// SPDX-License-Identifier: MIT OR Apache-2.0
#include "bench/phases.h"

#include "base/file.h"
#include "proofs/native/native_engine.h"
#include "proofs/native/native_parents.h"
#include "proofs/native/native_pieces.h"
#include "proofs/sector_folder.h"
#include "sector/sector_files.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <random>

#include <boost/json.hpp>

#include <sys/prctl.h>

namespace lsw::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using proofs::ProofEngine;
using sector::PieceInfo;
using Buffer = std::vector<std::uint8_t>;

constexpr std::size_t kBlock = 1U << 20;

Expected<void> writeRandom(const fs::path& path, std::uint64_t size) {
    auto file = File::create(path);
    if (!file) return std::move(file).error();
    std::mt19937_64 random(7);
    Buffer block(kBlock);
    for (std::uint64_t at = 0; at < size; at += kBlock) {
        for (std::uint8_t& byte : block) byte = static_cast<std::uint8_t>(random() >> 32);
        LSW_TRY(file->writeAt(at, std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, size - at)))));
    }
    return {};
}

/// Creates a file of zeros without their room.
Expected<void> createOfSize(const fs::path& path, std::uint64_t size) {
    LSW_TRY(proofs::createEmpty(path));
    std::error_code failed;
    fs::resize_file(path, size, failed);
    if (failed) return errnoError(failed.value(), "cannot extend " + path.string());
    return {};
}

Expected<bool> isSame(const fs::path& a, const fs::path& b) {
    const auto first = File::openToRead(a), second = File::openToRead(b);
    if (!first) return first.error();
    if (!second) return second.error();
    const auto size = first->size(), other = second->size();
    if (!size) return size.error();
    if (!other) return other.error();
    if (*size != *other) return false;
    Buffer x(kBlock), y(kBlock);
    for (std::uint64_t at = 0; at < *size; at += kBlock) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, *size - at));
        LSW_TRY(first->readAt(at, std::span(x).first(count)));
        LSW_TRY(second->readAt(at, std::span(y).first(count)));
        if (!std::equal(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count), y.begin())) return false;
    }
    return true;
}

/// The first of these files of the cache, and the sealed file, that the sides have differently.
Expected<std::string> differingFile(const Bed& bed, const std::vector<sector::CacheFile>& files) {
    for (const auto& file : files) {
        const auto same = isSame(bed.cache(Side::Ours) / file.name, bed.cache(Side::Official) / file.name);
        if (!same) return same.error();
        if (!*same) return file.name;
    }
    const auto same = isSame(bed.sealed(Side::Ours), bed.sealed(Side::Official));
    if (!same) return same.error();
    return std::string(*same ? "" : "the sealed file");
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
    return text;
}

/// What both sides gave, by side.
template <typename T>
struct Results {
    T ours{}, official{};
    T& of(Side side) { return side == Side::Ours ? ours : official; }
};

class PiecePhase final : public Phase {
public:
    Expected<void> run(ProofEngine& engine, const Bed& bed, Side side) override {
        const auto data = File::openToRead(bed.user());
        if (!data) return data.error();
        const auto piece = engine.pieceCommitment({bed.proof().sectorSize.unpadded(), {data->descriptor(), false}}, {});
        if (!piece) return piece.error();
        m_pieces.of(side) = *piece;
        return {};
    }
    Expected<std::string> difference(const Bed&) const override { return std::string(m_pieces.ours == m_pieces.official ? "" : "the commitment"); }

private:
    Results<PieceInfo> m_pieces;
};

class AddPiecePhase final : public Phase {
public:
    Expected<void> begin(const Bed& bed, Side side) override { return createOfSize(bed.folder(side) / "unsealed", bed.proof().sectorSize.value); }
    Expected<void> run(ProofEngine& engine, const Bed& bed, Side side) override {
        const auto data = File::openToRead(bed.user());
        if (!data) return data.error();
        const auto piece = engine.addPiece({bed.proof().proof, bed.folder(side) / "unsealed", {}, bed.proof().sectorSize.unpadded(), {data->descriptor(), false}}, {});
        if (!piece) return piece.error();
        m_pieces.of(side) = *piece;
        return {};
    }
    Expected<std::string> difference(const Bed& bed) const override {
        if (!(m_pieces.ours == m_pieces.official)) return std::string("the commitment");
        const auto same = isSame(bed.folder(Side::Ours) / "unsealed", bed.folder(Side::Official) / "unsealed");
        if (!same) return same.error();
        return std::string(*same ? "" : "the padded data");
    }

private:
    Results<PieceInfo> m_pieces;
};

class PreCommit1Phase : public Phase {
public:
    /// The parents are made once for all sectors of a proof type: no part of a sector.
    Expected<void> prepare(const Bed& bed) override {
        if (const auto parents = proofs::mappedParents(bed.proof(), "pc1", {}); !parents) return parents.error();
        return {};
    }
    Expected<void> run(ProofEngine& engine, const Bed& bed, Side side) override {
        auto output = engine.preCommit1(order(bed, side), {});
        if (!output) return std::move(output).error();
        m_outputs.of(side) = std::move(*output);
        return {};
    }
    Expected<std::string> difference(const Bed& bed) const override {
        boost::system::error_code failed;
        const auto ours = json::parse(replaced(m_outputs.ours, bed.cache(Side::Ours).string(), bed.cache(Side::Official).string()), failed);
        if (failed || ours != json::parse(m_outputs.official, failed)) return std::string("the output");
        auto files = sector::layerFiles(bed.proof());
        files.push_back(sector::treeDFile(bed.proof()));
        return differingFile(bed, files);
    }

protected:
    virtual proofs::PreCommit1Order order(const Bed& bed, Side side) const { return bed.preCommit1(side); }

    Results<std::string> m_outputs;
};

/// Several sectors at once beside the crate, which does one after the other: it is given the last of them.
template <unsigned Sectors>
class PreCommit1BatchPhase final : public PreCommit1Phase {
public:
    Expected<void> run(ProofEngine& engine, const Bed& bed, Side side) override {
        if (side == Side::Official) return PreCommit1Phase::run(engine, bed, side);
        std::optional<Error> failed;
        std::vector<proofs::PreCommit1Member> members;
        for (unsigned i = 1; i <= Sectors; ++i) {
            auto order = bed.preCommit1(side);
            if (i < Sectors) {
                order.ticket[31] = static_cast<std::uint8_t>(i + 100);
                order.sealed += '-' + std::to_string(i);
                order.cache += '-' + std::to_string(i);
            }
            members.push_back({std::move(order), {}, [this, &failed, i](Expected<std::string> output) {
                                   if (!output) failed = std::move(output).error();
                                   else if (i == Sectors) m_outputs.ours = std::move(*output);
                               }});
        }
        engine.preCommit1Together(std::move(members));
        if (failed) return std::move(*failed);
        return {};
    }
    unsigned sectors(Side side) const override { return side == Side::Ours ? Sectors : 1; }
};

/// Where memory does not hold two layers: half of one is granted.
class PreCommit1PartsPhase final : public PreCommit1Phase {
protected:
    proofs::PreCommit1Order order(const Bed& bed, Side side) const override {
        auto order = bed.preCommit1(side);
        order.memory = bed.proof().sectorSize.value / 2;
        return order;
    }
};

/// Where the system gives no huge pages.
class PreCommit1SmallPagesPhase final : public PreCommit1Phase {
public:
    Expected<void> run(ProofEngine& engine, const Bed& bed, Side side) override {
        if (side == Side::Ours && ::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) != 0) return errnoError(errno, "cannot do without huge pages");
        auto done = PreCommit1Phase::run(engine, bed, side);
        ::prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
        return done;
    }
};

class PreCommit2Phase final : public Phase {
public:
    /// Layers are made once, by ours, for both.
    Expected<void> prepare(const Bed& bed) override {
        proofs::NativeEngine native(nullptr);
        auto output = native.preCommit1(bed.preCommit1(Side::Ours), {});
        if (!output) return std::move(output).error();
        m_phase1.official = replaced(*output, bed.cache(Side::Ours).string(), bed.cache(Side::Official).string());
        m_phase1.ours = std::move(*output);
        std::error_code failed;
        fs::copy(bed.cache(Side::Ours), bed.cache(Side::Official), fs::copy_options::recursive | fs::copy_options::overwrite_existing, failed);
        if (failed) return errnoError(failed.value(), "cannot copy the layers to " + bed.cache(Side::Official).string());
        return {};
    }
    Expected<void> run(ProofEngine& engine, const Bed& bed, Side side) override {
        const auto result = engine.preCommit2({m_phase1.of(side), bed.sealed(side), bed.cache(side)}, {});
        if (!result) return result.error();
        m_results.of(side) = *result;
        return {};
    }
    Expected<std::string> difference(const Bed& bed) const override {
        if (m_results.ours.commR != m_results.official.commR) return std::string("CommR");
        auto files = sector::treeCFiles(bed.proof());
        std::ranges::copy(sector::treeRLastFiles(bed.proof()), std::back_inserter(files));
        files.push_back({std::string(sector::kPAuxName), 0}); // t_aux has the folder in it
        return differingFile(bed, files);
    }

private:
    Results<std::string> m_phase1;
    Results<proofs::PreCommit2Result> m_results;
};

/// A whole sector whose cache was cleared: all labels are made anew.
class UnsealPhase final : public Phase {
public:
    Expected<void> prepare(const Bed& bed) override {
        proofs::NativeEngine native(nullptr);
        const auto phase1 = native.preCommit1(bed.preCommit1(Side::Ours), {});
        if (!phase1) return phase1.error();
        if (const auto phase2 = native.preCommit2({*phase1, bed.sealed(Side::Ours), bed.cache(Side::Ours)}, {}); !phase2) return phase2.error();
        return proofs::removeFiles(bed.cache(Side::Ours), proofs::isClearedFile);
    }
    Expected<void> begin(const Bed& bed, Side side) override { return createOfSize(bed.folder(side) / "data", bed.proof().sectorSize.value); }
    Expected<void> run(ProofEngine& engine, const Bed& bed, Side side) override {
        const auto sector = bed.preCommit1(Side::Ours);
        return engine.unseal({sector.proof, sector.sector, sector.ticket, bed.piece().commitment, sector.sealed, sector.cache, bed.folder(side),
                              bed.folder(side) / "data", true, {}, bed.proof().sectorSize.unpadded()}, {});
    }
    Expected<std::string> difference(const Bed& bed) const override {
        for (const Side side : {Side::Ours, Side::Official}) {
            const auto same = isSame(bed.folder(side) / "data", bed.unsealed());
            if (!same) return same.error();
            if (!*same) return std::string("the data");
        }
        return std::string();
    }
};

/// SnapDeals: the data of the sector go into its own replica.
class UpdatePhase final : public Phase {
public:
    Expected<void> prepare(const Bed& bed) override {
        proofs::NativeEngine native(nullptr);
        const auto phase1 = native.preCommit1(bed.preCommit1(Side::Ours), {});
        if (!phase1) return phase1.error();
        const auto phase2 = native.preCommit2({*phase1, bed.sealed(Side::Ours), bed.cache(Side::Ours)}, {});
        if (!phase2) return phase2.error();
        return proofs::removeFiles(bed.cache(Side::Ours), proofs::isClearedFile);
    }
    Expected<void> run(ProofEngine& engine, const Bed& bed, Side side) override {
        const auto key = bed.preCommit1(Side::Ours);
        const auto result = engine.replicaUpdate({key.proof, key.pieces, key.unsealed, key.sealed, key.cache, bed.folder(side) / "update", bed.folder(side) / "update-cache"}, {});
        if (!result) return result.error();
        m_results.of(side) = *result;
        return {};
    }
    Expected<std::string> difference(const Bed& bed) const override {
        if (m_results.ours.commR != m_results.official.commR) return std::string("CommR");
        std::vector<fs::path> files{"update", fs::path("update-cache") / sector::treeDFileName(), fs::path("update-cache") / sector::kPAuxName};
        for (const auto& tree : sector::treeRLastFiles(bed.proof())) files.push_back(fs::path("update-cache") / tree.name);
        for (const fs::path& file : files) {
            const auto same = isSame(bed.folder(Side::Ours) / file, bed.folder(Side::Official) / file);
            if (!same) return same.error();
            if (!*same) return file.filename().string();
        }
        return std::string();
    }

private:
    Results<proofs::ReplicaUpdateResult> m_results;
};

template <typename T>
std::unique_ptr<Phase> make() {
    return std::make_unique<T>();
}

} // namespace

Expected<Bed> Bed::make(const sector::ProofInfo& proof, const fs::path& root) {
    Bed bed(proof, root);
    std::error_code failed;
    for (const Side side : {Side::Ours, Side::Official}) fs::create_directories(bed.cache(side), failed);
    if (failed) return errnoError(failed.value(), "cannot make a folder in " + root.string());
    const auto size = proof.sectorSize.unpadded();
    LSW_TRY(writeRandom(bed.user(), size.value));
    LSW_TRY(createOfSize(bed.unsealed(), proof.sectorSize.value));
    const auto data = File::openToRead(bed.user());
    if (!data) return data.error();
    const auto piece = proofs::addPieceNatively({proof.proof, bed.unsealed(), {}, size, {data->descriptor(), false}}, {});
    if (!piece) return piece.error();
    bed.m_piece = *piece;
    return bed;
}

proofs::PreCommit1Order Bed::preCommit1(Side side) const {
    Bytes32 ticket{};
    for (std::size_t i = 0; i < ticket.size(); ++i) ticket[i] = static_cast<std::uint8_t>(i + 1);
    return {m_proof->proof, {1000, 1}, ticket, {m_piece}, unsealed(), sealed(side), cache(side)};
}

std::span<const PhaseInfo> phases() {
    static const std::array<PhaseInfo, 12> all{{{"piece", make<PiecePhase>},
                                               {"add-piece", make<AddPiecePhase>},
                                               {"pc1", make<PreCommit1Phase>},
                                               {"pc1-multicore", make<PreCommit1Phase>, true},
                                               {"pc1-x2", make<PreCommit1BatchPhase<2>>},
                                               {"pc1-x4", make<PreCommit1BatchPhase<4>>},
                                               {"pc1-x16", make<PreCommit1BatchPhase<16>>},
                                               {"pc1-parts", make<PreCommit1PartsPhase>},
                                               {"pc1-small-pages", make<PreCommit1SmallPagesPhase>},
                                               {"pc2", make<PreCommit2Phase>},
                                               {"update", make<UpdatePhase>},
                                               {"unseal", make<UnsealPhase>}}};
    return all;
}

} // namespace lsw::bench
