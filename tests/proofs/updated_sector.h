// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sealed_sector.h"

/// The recorded sector of tests/data/sectors/2KiB-update: its files before the update are copied into a folder of its own.
namespace lsw::proofs {

inline Commitment commitment(const char* text) {
    Commitment out{};
    const auto bytes = fromHex(text);
    if (bytes && bytes->size() == out.size()) std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

struct UpdatedSector {
    // As lotus answered.
    static Commitment keyCommR() { return commitment("cc07c6406893a25bf3a9f201d0b28c8aa4d30e991efb5f806ffd780b6c5bf371"); }
    static Commitment newCommR() { return commitment("54b775708a1bd9bffa0c0d479823f77aaba8d8463431630329b7d12b7af09737"); }
    static Commitment newCommD() { return commitment("738b52f40f1f8f5aa6386eda0fdd8053f3f89c8526fd21752721950fde0bfc03"); }

    QTemporaryDir dir;
    std::filesystem::path root = dir.path().toStdString(), unsealed = root / "unsealed", sealed = root / "sealed", cache = root / "cache",
                          update = root / "update", updateCache = root / "update-cache", scratch = root / "scratch";
    SealProof proof{5};
    SectorId id{1000, 1};
    Bytes32 ticket{};
    std::vector<PieceInfo> pieces{{{512}, commitment("fb49037d6a38f086afb25d14093e653c7cd5f7cc7a6417f613d9088ff6d1a63d")},
                                  {{512}, commitment("edd4e60f805cbcea9d1ac0df3a27c5cd672c1dc0fc1e38c7aac1f6c38f048b21")},
                                  {{1024}, commitment("91f7fe1781fb37ba3017fb9fe7960f28e8acc45e4ec5107163e802962ce30f31")}};
    OfficialEngine engine;
    TaskContext context;

    UpdatedSector() {
        for (std::size_t i = 0; i < ticket.size(); ++i) ticket[i] = static_cast<std::uint8_t>(9 - i % 4);
        std::filesystem::create_directory(scratch);
        writeFile(unsealed, contentOf(recorded("unsealed")));
        writeFile(sealed, contentOf(recorded("sealed")));
        copyCache("cache", cache);
    }
    static std::filesystem::path recorded(const char* name) { return vectorPath("2KiB-update") / name; }
    static void copyCache(const char* from, const std::filesystem::path& to) {
        std::filesystem::create_directories(to);
        for (const auto& entry : std::filesystem::directory_iterator(recorded(from)))
            writeFile(to / entry.path().filename(), contentOf(entry.path()));
    }
    /// Instead of updating: what was recorded.
    void takeRecordedUpdate() {
        writeFile(update, contentOf(recorded("update")));
        copyCache("update-cache", updateCache);
    }

    Expected<ReplicaUpdateResult> replicaUpdate() {
        return engine.replicaUpdate({proof, pieces, unsealed, sealed, cache, update, updateCache}, context);
    }
    Expected<void> decode(const std::filesystem::path& output) {
        return engine.decodeUpdate({proof, newCommD(), update, sealed, cache, output}, context);
    }
    Expected<void> regenerateKey(const std::filesystem::path& output) {
        return engine.regenerateKey({proof, newCommD(), unsealed, update, output, cache, scratch}, context);
    }
    ProveUpdate1Order prove1Order() const { return {proof, keyCommR(), newCommR(), newCommD(), sealed, cache, update, updateCache}; }

    /// Names and contents of all files of the sector before its update.
    QMap<QString, QByteArray> sectorFiles() const {
        QMap<QString, QByteArray> out{{QStringLiteral("sealed"), contentOf(sealed)}};
        for (const QString& name : QDir(QString::fromStdString(cache.string())).entryList(QDir::Files, QDir::Name))
            out[name] = contentOf(cache / name.toStdString());
        return out;
    }
    QStringList scratchFiles() const {
        return QDir(QString::fromStdString(scratch.string())).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
    }
};

} // namespace lsw::proofs
