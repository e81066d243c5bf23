// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/post_tasks.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tasks/task_bodies.h"

namespace lsw::tasks {
namespace {

/// Readers of a proof without a limit: each waits for a disk or for another worker.
constexpr std::size_t kMostReaders = 256;

SectorRef refOf(std::uint64_t miner, const PostSectorChallenge& sector) { return {{miner, sector.sectorNumber}, sector.sealProof}; }
FileType replicaOf(const PostSectorChallenge& sector) { return sector.update ? FileType::Update : FileType::Sealed; }
FileType cacheOf(const PostSectorChallenge& sector) { return sector.update ? FileType::UpdateCache : FileType::Cache; }

Error notHere() { return Error(ErrorCode::NotFound, "fsstat: path not found"); }

Expected<Bytes> readChallenges(const PostSectorChallenge& sector, PostProof proof, const std::filesystem::path& replica,
                               const std::filesystem::path& cache, const PostTools& tools, const TaskContext& context) {
    return tools.engine.vanillaPost({proof, sector.sectorNumber, sector.challenges, sector.sealedCid, replica, cache}, context);
}

/// The files here, else the proof of whoever has them.
Expected<Bytes> vanillaProof(std::uint64_t miner, const PostSectorChallenge& sector, PostProof proof, const PostTools& tools,
                             const TaskContext& context) {
    const FileType types = replicaOf(sector) | cacheOf(sector);
    const auto ref = refOf(miner, sector);
    auto here = tools.store.acquireHere(ref, types, context.stop);
    if (here) return readChallenges(sector, proof, here->path(replicaOf(sector)), here->path(cacheOf(sector)), tools, context);
    if (here.error().code() != ErrorCode::NotFound) return std::move(here).error();
    return tools.store.askHolders(ref.id, types, "vanilla/single", toGoJson(toJson(SingleVanillaRequest{miner, sector, proof})), context.stop);
}

/// A stop token that also fires when its time is over.
class Deadline {
public:
    Deadline(const std::stop_token& parent, std::chrono::milliseconds time) : m_link(parent, Stop{&m_source}) {
        if (time.count() > 0) m_clock = std::jthread([this, time](const std::stop_token& ended) { watch(ended, time); });
    }
    std::stop_token token() const { return m_source.get_token(); }
    bool hasPassed() const { return m_hasPassed; }

private:
    struct Stop {
        std::stop_source* source;
        void operator()() const { source->request_stop(); }
    };
    void watch(const std::stop_token& ended, std::chrono::milliseconds time) {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any never;
        never.wait_for(lock, ended, time, [] { return false; });
        if (ended.stop_requested()) return;
        m_hasPassed = true;
        m_source.request_stop();
    }

    std::stop_source m_source;
    std::stop_callback<Stop> m_link;
    std::atomic<bool> m_hasPassed{false};
    std::jthread m_clock; // last: it uses the others
};

/// The vanilla proofs of all sectors, read side by side, taken up in their order.
std::vector<Expected<Bytes>> readAll(const PostCall& call, std::size_t readers, const PostTools& tools, const TaskContext& context) {
    std::vector<Expected<Bytes>> proofs(call.sectors.size(), Expected<Bytes>(Error(ErrorCode::Cancelled, "stopped before it was read")));
    std::atomic<std::size_t> next{0}, done{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < call.sectors.size() && !context.stop.stop_requested(); i = next++) {
            const Deadline deadline(context.stop, tools.readTimeout);
            TaskContext one{deadline.token(), [](const Progress&) {}};
            auto proof = vanillaProof(call.miner, call.sectors[i], call.proof, tools, one);
            if (!proof && deadline.hasPassed())
                proof = Error(ErrorCode::Timeout, "failed to generate vanilla proof before context cancellation: context deadline exceeded");
            else if (proof && proof->empty())
                proof = Error(ErrorCode::Remote, "vanilla is nil");
            proofs[i] = std::move(proof);
            context.report({"post", "reading challenges", ++done, call.sectors.size(), "sectors"});
        }
    };
    readers = std::clamp<std::size_t>(readers == 0 ? call.sectors.size() : readers, 1, kMostReaders);
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(readers, call.sectors.size()); ++i) threads.emplace_back(work);
    work();
    threads.clear(); // joins
    return proofs;
}

/// Several errors as lotus lists them.
std::string listOf(const std::vector<std::string>& errors) {
    std::string out = std::to_string(errors.size()) + (errors.size() == 1 ? " error" : " errors") + " occurred:";
    for (const std::string& error : errors) out += "\n\t* " + error;
    return out + "\n\n";
}

std::vector<Bytes> takeAll(std::vector<Expected<Bytes>> proofs) {
    std::vector<Bytes> out;
    out.reserve(proofs.size());
    for (auto& proof : proofs) out.push_back(std::move(*proof));
    return out;
}

} // namespace

Expected<std::vector<PostProofBytes>> winningPost(const PostCall& call, const PostTools& tools, const TaskContext& context) {
    if (const auto info = sector::postProofInfo(call.proof); !info) return info.error();
    const auto randomness = toBytes32(call.randomness, "randomness");
    if (!randomness) return randomness.error();
    // Nothing holds a winning proof up: the block is due in seconds.
    auto proofs = readAll(call, 0, tools, context);
    if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "this worker is shutting down");
    std::vector<std::string> errors;
    for (std::size_t i = 0; i < proofs.size(); ++i)
        if (!proofs[i])
            errors.push_back("get winning sector:" + std::to_string(call.sectors[i].sectorNumber) + ",vanilla failed: " + proofs[i].error().message());
    if (!errors.empty()) return Error(ErrorCode::Remote, listOf(errors));
    auto proof = tools.engine.winningPost({call.proof, call.miner, *randomness, takeAll(std::move(proofs))}, context);
    if (!proof) return std::move(proof).error();
    return std::vector<PostProofBytes>{{call.proof, std::move(*proof)}};
}

Expected<WindowPostResult> windowPost(const PostCall& call, const PostTools& tools, const TaskContext& context) {
    if (const auto info = sector::postProofInfo(call.proof); !info) return info.error();
    const auto randomness = toBytes32(call.randomness, "randomness");
    if (!randomness) return randomness.error();
    if (call.partition < 0)
        return Error(ErrorCode::InvalidArgument, "there is no partition " + std::to_string(call.partition));
    auto proofs = readAll(call, static_cast<std::size_t>(std::max(0, tools.parallelReads)), tools, context);
    // What was not read because we stop must not be counted as lost.
    if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "this worker is shutting down");
    WindowPostResult result;
    for (std::size_t i = 0; i < proofs.size(); ++i)
        if (!proofs[i]) result.skipped.push_back({call.miner, call.sectors[i].sectorNumber});
    if (!result.skipped.empty()) return result;
    auto proof = tools.engine.windowPost(
        {call.proof, call.miner, *randomness, takeAll(std::move(proofs)), static_cast<std::uint64_t>(call.partition)}, context);
    if (!proof) return std::move(proof).error().whileDoing("generate window PoSt with vanilla proofs");
    result.proof = {call.proof, std::move(*proof)};
    return result;
}

Expected<Bytes> vanillaProofHere(const SingleVanillaRequest& request, const PostTools& tools, const TaskContext& context) {
    const SectorId id{request.miner, request.sector.sectorNumber};
    const auto replica = tools.store.localPath(id, replicaOf(request.sector)), cache = tools.store.localPath(id, cacheOf(request.sector));
    if (!replica || !cache) return notHere();
    return readChallenges(request.sector, request.proof, *replica, *cache, tools, context);
}

Expected<std::string> porepVanillaHere(const PorepVanillaRequest& request, const PostTools& tools, const TaskContext& context) {
    const auto sealed = tools.store.localPath(request.sector.id, FileType::Sealed), cache = tools.store.localPath(request.sector.id, FileType::Cache);
    if (!sealed || !cache) return notHere();
    const auto info = sector::proofInfo(request.sector.proof);
    if (!info) return info.error();
    const auto ticket = toBytes32(request.ticket, "ticket");
    if (!ticket) return ticket.error();
    const auto seed = toBytes32(request.seed, "seed");
    if (!seed) return seed.error();
    const std::vector<PieceInfo> whole{{(*info)->sectorSize, request.unsealed}};
    return tools.engine.commit1(
        {request.sector.proof, request.sector.id, *ticket, *seed, whole, request.sealed, request.unsealed, *sealed, *cache}, context);
}

} // namespace lsw::tasks
