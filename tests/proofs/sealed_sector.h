// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "outcome_checks.h"
#include "proofs/official_engine.h"
#include "proofs/piece_commitment.h"
#include "sector/sector_files.h"
#include "support/test_paths.h"

/// A 2 KiB sector with the inputs of tests/data/sectors, taken through the phases in a folder of its own.
namespace lsw::proofs {

inline std::filesystem::path vectorPath(const char* folder) { return std::filesystem::path(lsw::test::kTestData) / "sectors" / folder; }
inline Bytes32 counting(std::uint8_t first) {
    Bytes32 out;
    for (auto& byte : out) byte = first++;
    return out;
}
inline QByteArray hex(const Commitment& commitment) { return QByteArray::fromStdString(toHex(commitment)); }

/// A file that is open for as long as this lives.
class OpenFile {
public:
    explicit OpenFile(const std::filesystem::path& path) : m_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (m_fd >= 0) ::close(m_fd);
    }
    int fd() const { return m_fd; }

private:
    int m_fd;
};

struct SealedSector {
    QTemporaryDir dir;
    std::filesystem::path root = dir.path().toStdString(), unsealed = root / "unsealed", sealed = root / "sealed", cache = root / "cache";
    SealProof proof;
    SectorId id{1000, 1};
    Bytes32 ticket = counting(1), seed = counting(0x80);
    std::vector<PieceInfo> pieces;
    std::string phase1;
    PreCommit2Result phase2;
    OfficialEngine engine;
    TaskContext context;

    explicit SealedSector(int number, const char* data = "2KiB-V1_1-pattern") : proof(static_cast<SealProof>(number)) {
        writeFile(unsealed, contentOf(vectorPath(data) / "unsealed"));
        const OpenFile file(unsealed);
        pieces = {{sector::PaddedBytes{2048}, *paddedCommitmentOf(file.fd(), 0, sector::PaddedBytes{2048})}};
    }

    Expected<void> preCommit1() {
        auto out = engine.preCommit1({proof, id, ticket, pieces, unsealed, sealed, cache}, context);
        if (!out) return std::move(out).error();
        phase1 = *out;
        return {};
    }
    Expected<void> preCommit2() {
        const auto out = engine.preCommit2({phase1, sealed, cache}, context);
        if (!out) return out.error();
        phase2 = *out;
        return {};
    }
    Expected<std::string> commit1() {
        return engine.commit1({proof, id, ticket, seed, pieces, phase2.commR, phase2.commD, sealed, cache}, context);
    }
    Expected<void> syntheticProofs() {
        return engine.syntheticProofs({proof, id, ticket, pieces, phase2.commR, phase2.commD, sealed, cache}, context);
    }
    QStringList cacheFiles() const { return QDir(QString::fromStdString(cache.string())).entryList(QDir::Files, QDir::Name); }
};

} // namespace lsw::proofs
