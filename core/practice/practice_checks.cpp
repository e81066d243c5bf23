// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_checks.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>

#include <QtCore/QCryptographicHash>

#include "proofs/fr32.h"
#include "proofs/piece_commitment.h"
#include "sector/sector_files.h"
#include "storage/durable_files.h"
#include "storage/storage_config.h"

namespace lsw::practice {

Expected<std::vector<PiecePlan>> planPieces(std::uint64_t dataBytes, sector::PaddedBytes sectorSize) {
    if (dataBytes > sectorSize.unpadded().value)
        return Error(ErrorCode::InvalidArgument, std::to_string(dataBytes) + " bytes do not fit into a sector of " +
                                                     sector::sizeName(sectorSize.value) + ", which holds " +
                                                     std::to_string(sectorSize.unpadded().value));
    std::vector<PiecePlan> plan{{sector::pieceSizeFor(dataBytes), true}};
    std::uint64_t filled = plan.front().size.padded().value;
    while (filled < sectorSize.value) {
        // The lowest set bit is the largest piece that is aligned here; it never exceeds the rest of a power of two.
        const std::uint64_t padded = filled & (~filled + 1);
        plan.push_back({sector::PaddedBytes{padded}.unpadded(), false});
        filled += padded;
    }
    return plan;
}

Expected<std::vector<proofs::PieceInfo>> expectedPieces(const std::filesystem::path& data, const std::vector<PiecePlan>& plan,
                                                        std::stop_token stop) {
    std::vector<proofs::PieceInfo> out;
    for (const PiecePlan& piece : plan) {
        auto info = piece.isData ? proofs::pieceCommitmentOf(data, piece.size, stop) : proofs::zeroPiece(piece.size);
        if (!info) return std::move(info).error();
        out.push_back(*std::move(info));
    }
    return out;
}

Expected<void> checkCommit1(proofs::ProofEngine& checker, const proofs::Commit1Order& order, const Bytes& fromWorker,
                            const TaskContext& context) {
    auto own = checker.commit1(order, context);
    if (!own) return std::move(own).error().whileDoing("checking the worker's C1 output");
    boost::system::error_code wrong, ownWrong;
    const boost::json::value theirs = boost::json::parse(asText(fromWorker), wrong);
    const boost::json::value ours = boost::json::parse(*own, ownWrong);
    if (wrong || ownWrong) return Error(ErrorCode::VerificationFailed, "the C1 output of the worker is no JSON");
    if (theirs != ours)
        return Error(ErrorCode::VerificationFailed,
                     "the C1 output of the worker differs from what the official crate makes of its sealed files");
    return {};
}

Expected<void> compareUnsealed(const std::filesystem::path& unsealed, const std::filesystem::path& data, std::uint64_t dataBytes,
                               std::stop_token stop) {
    std::ifstream padded(unsealed, std::ios::binary), user(data, std::ios::binary);
    if (!padded) return errnoError(errno, "cannot read " + unsealed.string());
    if (!user) return errnoError(errno, "cannot read " + data.string());
    std::array<std::uint8_t, 128> group{};
    std::array<std::uint8_t, 127> got{}, wanted{};
    const std::uint64_t pieceBytes = sector::pieceSizeFor(dataBytes).value;
    for (std::uint64_t offset = 0; offset < pieceBytes; offset += got.size()) {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped");
        if (!padded.read(reinterpret_cast<char*>(group.data()), static_cast<std::streamsize>(group.size())))
            return Error(ErrorCode::VerificationFailed, "the unsealed file ends before its piece does");
        proofs::unpadGroup(group, got);
        wanted.fill(0);
        const std::uint64_t rest = dataBytes > offset ? dataBytes - offset : 0;
        const auto count = static_cast<std::streamsize>(std::min<std::uint64_t>(rest, wanted.size()));
        if (count > 0 && !user.read(reinterpret_cast<char*>(wanted.data()), count))
            return Error(ErrorCode::Io, data.string() + " ended while it was compared");
        if (got == wanted) continue;
        const auto differs = std::mismatch(got.begin(), got.end(), wanted.begin()).first - got.begin();
        return Error(ErrorCode::VerificationFailed, "what was read back differs from what went in at byte " +
                                                        std::to_string(offset + static_cast<std::uint64_t>(differs)));
    }
    return {};
}

Expected<std::string> contentDigest(const std::filesystem::path& place, std::stop_token stop) {
    std::error_code failure;
    std::vector<std::filesystem::path> files;
    if (!std::filesystem::is_directory(place, failure)) files.push_back(place);
    else
        for (std::filesystem::directory_iterator it(place, failure), end; !failure && it != end; it.increment(failure)) files.push_back(it->path());
    if (failure) return errnoError(failure.value(), "cannot list " + place.string());
    std::sort(files.begin(), files.end());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    std::vector<char> block(1U << 20);
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        if (!in) return errnoError(errno, "cannot read " + file.string());
        hash.addData(QByteArray::fromStdString(file.filename().string() + ' ' + std::to_string(sizeOnDisk(file)) + '\n'));
        while (in) {
            if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped");
            in.read(block.data(), static_cast<std::streamsize>(block.size()));
            hash.addData(QByteArrayView(block.data(), static_cast<qsizetype>(in.gcount())));
        }
        if (in.bad()) return errnoError(errno, "cannot read " + file.string());
    }
    return hash.result().toHex().toStdString();
}

std::string whatIsStray(const std::vector<std::filesystem::path>& roots,
                        const std::map<std::string, std::vector<protocol::SectorDeclaration>>& declared) {
    namespace fs = std::filesystem;
    std::string found;
    const auto tell = [&found](const std::string& what) { found += (found.empty() ? "" : "; ") + what; };
    std::error_code ignored;
    for (const fs::path& root : roots) {
        const auto metadata = storage::readPathMetadata(root);
        if (!metadata) return root.string() + " is no storage path: " + metadata.error().message();
        const auto known = declared.find(metadata->id);
        std::set<fs::path> missing;
        if (known != declared.end())
            for (const protocol::SectorDeclaration& one : known->second)
                for (const auto type : sector::kFileTypes)
                    if (sector::any(one.types & type)) missing.insert(root / sector::fileTypeName(type) / sector::sectorName(one.sector));
        for (const auto type : sector::kFileTypes) {
            const fs::path folder = root / sector::fileTypeName(type);
            for (const auto& entry : fs::directory_iterator(folder, ignored)) {
                if (entry.path().filename() == storage::kFetchingFolder) {
                    for (const auto& part : fs::directory_iterator(entry.path(), ignored))
                        tell(part.path().string() + " was left by a transfer or a removal");
                } else if (missing.erase(entry.path()) == 0) {
                    tell(entry.path().string() + " is not declared");
                }
            }
        }
        for (const fs::path& path : missing) tell(path.string() + " is declared, but not there");
        for (const auto& entry : fs::directory_iterator(root, ignored)) {
            const std::string name = entry.path().filename().string();
            if (name.starts_with("lsw-") || name.find(".new") != std::string::npos) tell(entry.path().string() + " was left by a task");
        }
        for (const auto& own : fs::directory_iterator(root, ignored))
            for (const auto& entry : fs::directory_iterator(own.path() / "scratch", ignored)) tell(entry.path().string() + " was left by a task");
    }
    return found;
}

std::uint64_t sizeOnDisk(const std::filesystem::path& place) {
    std::error_code failure;
    if (!std::filesystem::is_directory(place, failure)) {
        const auto size = std::filesystem::file_size(place, failure);
        return failure ? 0 : size;
    }
    std::uint64_t sum = 0;
    for (const auto& entry : std::filesystem::directory_iterator(place, failure))
        if (const auto size = entry.file_size(failure); !failure) sum += size;
    return sum;
}

std::string parameterFileName(std::uint64_t sectorSize) {
    const char* hash = nullptr;
    if (sectorSize == 2ULL << 10) hash = "032d3138d22506ec0082ed72b2dcba18df18477904e35bafee82b3793b06832f";
    if (sectorSize == 8ULL << 20) hash = "ecd683648512ab1765faa2a5f14bab48f676e633467f0aa8aad4b55dcb0652bb";
    if (sectorSize == 512ULL << 20) hash = "6babf46ce344ae495d558e7770a585b2382d54f225af8ed0397b8be7c3fcd472";
    return hash ? std::string("v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-0-0-sha256_hasher-") + hash + ".params"
                : std::string();
}

} // namespace lsw::practice
