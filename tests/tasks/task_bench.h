// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <condition_variable>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <mutex>
#include <unistd.h>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "sector/partial_file.h"
#include "tasks/seal_tasks.h"

/// What the tests of tasks share: an index in memory, an engine that writes down what it is asked, and a worker's folder.
namespace lsw::tests {

using namespace lsw::protocol;
using namespace lsw::proofs;

inline Bytes32 filled(std::uint8_t v) {
    Bytes32 out{};
    out.fill(v);
    return out;
}
inline Bytes asVector(const Bytes32& v) { return Bytes(v.begin(), v.end()); }

/// The miner's index for one worker.
class MemoryIndex : public storage::SectorIndex {
public:
    Expected<void> attach(const StorageInfo& info, const FsStat&, std::stop_token) override {
        m_paths[info.id] = info;
        return {};
    }
    Expected<void> detach(const std::string& id, const std::string&, std::stop_token) override {
        m_paths.erase(id);
        return {};
    }
    Expected<StorageInfo> info(const std::string& id, std::stop_token) override {
        if (m_paths.contains(id)) return m_paths[id];
        return Error(ErrorCode::NotFound, "path not found");
    }
    Expected<void> reportHealth(const std::string&, const HealthReport&, std::stop_token) override { return {}; }
    Expected<void> declare(const std::string& id, SectorId sector, FileType types, bool primary, std::stop_token) override {
        note("StorageDeclareSector", mask(types) + (primary ? ",true" : ",false"));
        const std::lock_guard lock(m_mutex);
        for (const FileType one : sector::kFileTypes) {
            if (any(types & one)) m_held[{sector, one}][id] = primary;
        }
        return {};
    }
    Expected<void> drop(const std::string& id, SectorId sector, FileType types, std::stop_token) override {
        note("StorageDropSector", mask(types));
        const std::lock_guard lock(m_mutex);
        for (const FileType one : sector::kFileTypes) {
            if (any(types & one)) m_held[{sector, one}].erase(id);
        }
        return {};
    }
    Expected<std::vector<SectorStorageInfo>> find(SectorId sector, FileType types, std::uint64_t size, std::stop_token) override {
        note("StorageFindSector", mask(types) + ',' + std::to_string(size) + ",false");
        const std::lock_guard lock(m_mutex);
        ++finds;
        std::map<std::string, SectorStorageInfo> found;
        for (const FileType one : sector::kFileTypes) {
            if (!any(types & one)) continue;
            for (const auto& [id, primary] : m_held[{sector, one}]) {
                const StorageInfo& path = m_paths[id];
                SectorStorageInfo& entry = found[id];
                entry.id = id;
                entry.primary = primary;
                entry.canSeal = path.canSeal;
                entry.canStore = path.canStore;
                entry.weight = path.weight;
                entry.baseUrls = path.urls;
                for (const std::string& url : path.urls) {
                    entry.urls.push_back(url + '/' + std::string(sector::fileTypeName(one)) + '/' + sector::sectorName(sector));
                }
            }
        }
        std::vector<SectorStorageInfo> out;
        for (auto& [id, entry] : found) out.push_back(entry);
        return out;
    }
    Expected<std::vector<StorageInfo>> bestAlloc(FileType types, std::uint64_t size, PathType kind, std::uint64_t, std::stop_token) override {
        note("StorageBestAlloc", mask(types) + ',' + std::to_string(size) + (kind == PathType::Sealing ? ",sealing" : ",storage"));
        const std::lock_guard lock(m_mutex);
        std::vector<StorageInfo> out;
        for (const auto& [id, path] : m_paths) {
            if (kind == PathType::Sealing ? path.canSeal : path.canStore) out.push_back(path);
        }
        return out;
    }
    Expected<std::map<std::string, std::vector<SectorDeclaration>>> list(std::stop_token) override {
        return std::map<std::string, std::vector<SectorDeclaration>>();
    }

    std::size_t holders(SectorId sector, FileType one) { return m_held[{sector, one}].size(); }
    bool isPrimary(SectorId sector, FileType one, const std::string& id) { return m_held[{sector, one}].at(id); }
    /// A place of somebody else.
    void addOther(const std::string& id, const std::string& url) {
        StorageInfo info;
        info.id = id;
        info.urls = {url};
        info.canStore = true;
        m_paths[id] = info;
    }
    /// What was asked since the last time, as "StorageFindSector 8,2048,false".
    std::vector<std::string> takeCalls() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_calls, {});
    }
    int finds = 0;

private:
    static std::string mask(FileType types) { return std::to_string(static_cast<std::uint32_t>(types)); }
    void note(const char* method, const std::string& rest) {
        const std::lock_guard lock(m_mutex);
        m_calls.push_back(std::string(method) + ' ' + rest);
    }

    std::mutex m_mutex; ///< guards all below
    std::vector<std::string> m_calls;
    std::map<std::string, StorageInfo> m_paths;
    std::map<std::pair<SectorId, FileType>, std::map<std::string, bool>> m_held;
};

/// Writes down what it is asked and makes the files that the order is for; fails where a test says so.
class NotingEngine : public ProofEngine {
public:
    Expected<PieceInfo> addPiece(const AddPieceOrder& order, const TaskContext&) override {
        addPieces.push_back(order);
        const int fd = ::open(order.unsealed.c_str(), O_WRONLY);
        if (fd < 0) return errnoError(errno, "opening");
        std::uint64_t total = 0;
        char block[4096];
        if (!order.source.isZeros()) {
            for (ssize_t n = 0; (n = ::read(order.source.descriptor, block, sizeof block)) > 0; total += static_cast<std::uint64_t>(n)) {
                if (::pwrite(fd, block, static_cast<std::size_t>(n), static_cast<off_t>(order.offset.value + total)) != n) break;
            }
        }
        ::close(fd);
        if (auto failure = failing("addPiece")) return *failure;
        if (!order.source.isZeros() && total < order.size.value) return Error(ErrorCode::InvalidArgument, "the piece ended early");
        return PieceInfo{order.size.padded(), filled(0x11)};
    }
    Expected<PieceInfo> pieceCommitment(const PieceCommitmentOrder& order, const TaskContext&) override {
        if (auto failure = failing("pieceCommitment")) return *failure;
        return PieceInfo{order.size.padded(), filled(order.source.isZeros() ? 0x22 : 0x33)};
    }
    Expected<std::string> preCommit1(const PreCommit1Order& order, const TaskContext&) override {
        preCommit1s.push_back(order);
        if (auto failure = failing("preCommit1")) return *failure;
        std::ofstream(order.sealed) << "sealed";
        std::filesystem::create_directories(order.cache);
        std::ofstream(order.cache / "layer") << "layer";
        return std::string(R"({"registered_proof":"StackedDrg2KiBV1_1","labels":{"b":1,"a":[{"size":64,"id":"x"}]},"comm_d":[1,2]})");
    }
    Expected<PreCommit2Result> preCommit2(const PreCommit2Order& order, const TaskContext&) override {
        preCommit2s.push_back(order);
        if (auto failure = failing("preCommit2")) return *failure;
        return PreCommit2Result{filled(0x44), filled(0x55)};
    }
    Expected<void> syntheticProofs(const SyntheticProofsOrder& order, const TaskContext&) override {
        synthetics.push_back(order);
        if (auto failure = failing("syntheticProofs")) return *failure;
        return {};
    }
    Expected<std::string> commit1(const Commit1Order& order, const TaskContext& context) override {
        commit1s.push_back(order);
        context.report({"c1", "", 1, 1, "seconds"});
        if (auto failure = failing("commit1")) return *failure;
        return std::string("c1-output");
    }
    Expected<Bytes> commit2(const Commit2Order& order, const TaskContext&) override {
        if (throws) throw std::runtime_error("thrown by a test");
        if (auto failure = failing("commit2")) return *failure;
        return Bytes(order.commit1Output.begin(), order.commit1Output.end());
    }
    Expected<bool> verifySeal(const VerifySealOrder&, const TaskContext&) override { return true; }
    Expected<void> clearCache(const ClearCacheOrder& order, const TaskContext&) override {
        clears.push_back(order);
        if (auto failure = failing(order.syntheticOnly ? "clearSynthetic" : "clearCache")) return *failure;
        return {};
    }
    Expected<void> unseal(const UnsealOrder& order, const TaskContext&) override {
        unseals.push_back(order);
        scratchWasThere = std::filesystem::is_directory(order.scratch);
        std::ofstream(order.scratch / "labels") << "labels";
        if (auto failure = failing("unseal")) return *failure;
        return {};
    }
    Expected<ReplicaUpdateResult> replicaUpdate(const ReplicaUpdateOrder& order, const TaskContext&) override {
        if (auto failure = failing("replicaUpdate")) return *failure;
        replicaUpdates.push_back(order);
        std::ofstream(order.update) << "update";
        std::filesystem::create_directories(order.updateCache);
        return ReplicaUpdateResult{filled(0x66), filled(0x77)};
    }
    Expected<void> decodeUpdate(const DecodeUpdateOrder& order, const TaskContext&) override {
        if (auto failure = failing("decodeUpdate")) return *failure;
        decodes.push_back(order);
        keyWas = contentOf(order.sealed);
        return {};
    }
    Expected<void> regenerateKey(const RegenerateKeyOrder& order, const TaskContext&) override {
        if (auto failure = failing("regenerateKey")) return *failure;
        regeneratedKeys.push_back(order);
        scratchWasThere = std::filesystem::is_directory(order.scratch);
        std::ofstream(order.sealed) << "key";
        return {};
    }
    Expected<void> regenerateReplica(const RegenerateReplicaOrder& order, const TaskContext&) override {
        if (auto failure = failing("regenerateReplica")) return *failure;
        regeneratedReplicas.push_back(order);
        scratchWasThere = std::filesystem::is_directory(order.scratch);
        std::ofstream(order.sealed) << "labelled anew";
        return {};
    }
    Expected<std::vector<Bytes>> proveUpdate1(const ProveUpdate1Order& order, const TaskContext&) override {
        if (auto failure = failing("proveUpdate1")) return *failure;
        proveUpdate1s.push_back(order);
        return std::vector<Bytes>{{1, 2}, {3}};
    }
    Expected<Bytes> proveUpdate2(const ProveUpdate2Order& order, const TaskContext&) override {
        if (auto failure = failing("proveUpdate2")) return *failure;
        proveUpdate2s.push_back(order);
        return Bytes(192, 9);
    }
    Expected<bool> verifyUpdate(const VerifyUpdateOrder&, const TaskContext&) override { return true; }
    /// The sector's number as a byte; one that is told to hang waits for its stop token.
    Expected<Bytes> vanillaPost(const VanillaPostOrder& order, const TaskContext& context) override {
        {
            const std::lock_guard lock(m_mutex);
            vanillaPosts.push_back(order);
            ++m_reading;
            mostReaders = std::max(mostReaders, m_reading);
        }
        m_changed.notify_all();
        std::unique_lock lock(m_mutex);
        if (readersToMeet > 0) m_changed.wait(lock, context.stop, [&] { return mostReaders >= readersToMeet; });
        if (order.sectorNumber == hangsAt) m_changed.wait(lock, context.stop, [] { return false; });
        --m_reading;
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped on request");
        if (auto failure = failing("vanillaPost " + std::to_string(order.sectorNumber))) return *failure;
        return Bytes{static_cast<std::uint8_t>(order.sectorNumber)};
    }
    Expected<Bytes> winningPost(const WinningPostOrder& order, const TaskContext&) override {
        if (auto failure = failing("winningPost")) return *failure;
        winningPosts.push_back(order);
        return Bytes(192, 7);
    }
    Expected<Bytes> windowPost(const WindowPostOrder& order, const TaskContext&) override {
        if (auto failure = failing("windowPost")) return *failure;
        windowPosts.push_back(order);
        return Bytes(192, 8);
    }
    Expected<bool> verifyPost(const VerifyPostOrder&, const TaskContext&) override { return true; }
    Expected<void> testParameters(const TestParametersOrder&, const TaskContext&) override { return {}; }

    void fail(const std::string& what, ErrorCode code, const std::string& message) {
        m_failures.insert_or_assign(what, Error(code, message));
    }
    void heal() { m_failures.clear(); }

    std::vector<AddPieceOrder> addPieces;
    std::vector<PreCommit1Order> preCommit1s;
    std::vector<PreCommit2Order> preCommit2s;
    std::vector<SyntheticProofsOrder> synthetics;
    std::vector<Commit1Order> commit1s;
    std::vector<ClearCacheOrder> clears;
    std::vector<UnsealOrder> unseals;
    std::vector<ReplicaUpdateOrder> replicaUpdates;
    std::vector<DecodeUpdateOrder> decodes;
    std::vector<RegenerateKeyOrder> regeneratedKeys;
    std::vector<RegenerateReplicaOrder> regeneratedReplicas;
    std::vector<ProveUpdate1Order> proveUpdate1s;
    std::vector<ProveUpdate2Order> proveUpdate2s;
    std::vector<VanillaPostOrder> vanillaPosts;
    std::vector<WinningPostOrder> winningPosts;
    std::vector<WindowPostOrder> windowPosts;
    std::string keyWas;                       ///< content of the sector key that an update was decoded with
    int mostReaders = 0, readersToMeet = 0;   ///< at once; and how many each reader waits for
    std::uint64_t hangsAt = ~std::uint64_t(0);
    bool scratchWasThere = false, throws = false;

private:
    std::optional<Error> failing(const std::string& what) const {
        const auto it = m_failures.find(what);
        return it == m_failures.end() ? std::nullopt : std::optional<Error>(it->second);
    }
    static std::string contentOf(const std::filesystem::path& file) {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    std::map<std::string, Error> m_failures;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    int m_reading = 0;
};

/// Data that are zeros, or bytes in a pipe with what the transfer has to say at its end.
class TestData : public PieceData {
public:
    explicit TestData(std::optional<std::string> bytes, std::optional<Error> end = std::nullopt)
        : m_bytes(std::move(bytes)), m_end(std::move(end)) {}
    bool isZeros() const override { return !m_bytes; }
    Expected<int> open(std::stop_token) override {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) return errnoError(errno, "pipe");
        const ssize_t n = ::write(ends[1], m_bytes->data(), m_bytes->size()); // fits into a pipe
        ::close(ends[1]);
        if (n != static_cast<ssize_t>(m_bytes->size())) return Error(ErrorCode::Internal, "pipe");
        return ends[0];
    }
    Expected<void> finish() override {
        if (m_end) return *m_end;
        return {};
    }
    std::uint64_t passed() const override { return m_bytes ? m_bytes->size() : 0; }

private:
    std::optional<std::string> m_bytes;
    std::optional<Error> m_end;
};

/// A worker's folder with one path for sealing, and one for storing if wanted.
class TaskBench {
public:
    explicit TaskBench(bool withStore = false) {
        addPath("sealing-path", true, false);
        if (withStore) addPath("storing-path", false, true);
    }

    std::filesystem::path folder() const { return m_dir.path().toStdString(); }
    std::filesystem::path file(FileType one, const std::string& path = "sealing-path") const {
        return folder() / path / std::string(sector::fileTypeName(one)) / sector::sectorName(sectorRef.id);
    }
    Expected<TaskResult> run(const TaskCall& call, std::shared_ptr<PieceData> data = nullptr) {
        return tasks::runTask(call, data, {engine, store, {}, nullptr, labelMemory}, context);
    }
    /// A file or cache folder of the sector that the index knows.
    void lay(FileType one, const std::string& path = "sealing-path", bool primary = false) {
        if (sector::isDirectory(one)) {
            std::filesystem::create_directories(file(one, path));
            std::ofstream(file(one, path) / "p_aux") << "aux";
        } else {
            std::ofstream(file(one, path)) << "content";
        }
        (void)index.declare(path, sectorRef.id, one, primary, {});
    }
    sector::RunSet allocated() const {
        auto opened = sector::PartialFile::open(file(FileType::Unsealed), {2048});
        return opened ? opened->allocated() : sector::RunSet();
    }
    static std::shared_ptr<PieceData> zeros() { return std::make_shared<TestData>(std::nullopt); }
    static std::shared_ptr<PieceData> bytes(std::size_t n, std::optional<Error> end = std::nullopt) {
        return std::make_shared<TestData>(std::string(n, 'd'), std::move(end));
    }
    void remove(FileType one, const std::string& path = "sealing-path") {
        std::filesystem::remove_all(file(one, path));
        (void)index.drop(path, sectorRef.id, one, {});
    }
    /// Scratch folders and the like that lie about in the sealing path.
    std::size_t strays() const {
        std::size_t n = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder() / "sealing-path"))
            n += entry.path().filename().string().starts_with("lsw-");
        return n;
    }

    SectorRef sectorRef{{1000, 1}, SealProof{5}};
    MemoryIndex index;
    NotingEngine engine;
    TaskContext context;
    std::uint64_t labelMemory = 0;

private:
    void addPath(const std::string& id, bool canSeal, bool canStore) {
        std::filesystem::create_directories(folder() / id);
        storage::PathMetadata metadata;
        metadata.id = id;
        metadata.canSeal = canSeal;
        metadata.canStore = canStore;
        (void)storage::writePathMetadata(folder() / id, metadata);
        const auto opened = store.openPath(folder() / id, false, {});
        if (!opened) qFatal("%s", opened.error().message().c_str());
    }

    QTemporaryDir m_dir;

public:
    storage::LocalStore store{{folder(), "http://127.0.0.1:1/remote", "no-token", 1}, index};
};

inline QString messageOf(const Expected<TaskResult>& result) {
    return result ? QString() : QString::fromStdString(result.error().message());
}

} // namespace lsw::tests
