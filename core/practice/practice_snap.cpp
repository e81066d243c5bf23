// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_run_private.h"

#include "proofs/piece_commitment.h"
#include "storage/remote_fetch.h"

// The steps of SnapDeals: a sector that was sealed from zeros takes data later. What the worker is asked for, in the order and with the
// arguments of a miner, and what is checked.
namespace lsw::practice {
namespace {

using boost::json::object;
using protocol::AcquireMode;
using protocol::FileType;
using protocol::PathType;
using protocol::TaskResult;

constexpr FileType kSector = FileType::Sealed | FileType::Cache, kUpdate = FileType::Update | FileType::UpdateCache;

} // namespace

std::vector<PracticeRun::Private::Step> PracticeRun::Private::snapSteps() const {
    std::vector<Step> out{&Private::takeDeals, &Private::addPiece, &Private::updateReplica, &Private::proveUpdate1};
    if (s.prove) out.push_back(&Private::proveUpdate2);
    out.insert(out.end(), {&Private::finalizeUpdate, &Private::moveUpdate, &Private::unsealUpdate, &Private::readBack, &Private::regenerateKey});
    return out;
}

void PracticeRun::Private::makeUpdateParameters() {
    begin("parameters", "generating the proof parameters of updates of practice sectors: 15 minutes on two cores and 3.2 GB of memory for 2KiB, once");
    std::error_code failure;
    std::filesystem::create_directories(s.parameters, failure);
    if (failure) return end(errnoError(failure.value(), "cannot make the folder " + s.parameters.string()));
    inBackground([this](const TaskContext& context) { return checker.testParameters({{s.sectorSize}, proofs::Circuit::Update}, context); }, [this] {
        emitPhase({{"folder", s.parameters.string()}});
        next();
    });
}

/// From here on the pieces are those of the data.
void PracticeRun::Private::takeDeals() {
    begin("dealdata", "a deal comes: its data shall go into the sealed sector");
    plan = dealPlan;
    pieces.clear();
    inBackground([this](const TaskContext& context) -> Expected<void> {
        auto computed = expectedPieces(data, plan, context.stop);
        if (!computed) return std::move(computed).error();
        expected = *std::move(computed);
        return {};
    }, [this] { next(); });
}

void PracticeRun::Private::updateReplica() {
    begin("replicaupdate", "encoding the data into a copy of the sector");
    fetch(first(), FileType::Unsealed | kSector, PathType::Sealing, AcquireMode::Copy, [this] {
        taskFor<protocol::ReplicaUpdateOut>(
            first(), [this](const std::string&) { return protocol::ReplicaUpdateCall{ref, pieces}; },
            [this](const protocol::ReplicaUpdateOut& made) {
                update = made;
                const auto commD = proofs::sectorCommitment({s.sectorSize}, expected);
                if (!commD) return end(commD.error());
                if (*commD != update.newUnsealed)
                    return end(Error(ErrorCode::VerificationFailed, "the worker's CommD of the update is " + sector::unsealedCid(update.newUnsealed) +
                                                                        ", computed from the data it is " + sector::unsealedCid(*commD)));
                emitPhase({{"comm_d", toHex(update.newUnsealed)},
                           {"comm_r", toHex(update.newSealed)},
                           {"comm_d_cid", sector::unsealedCid(update.newUnsealed)},
                           {"comm_r_cid", sector::sealedCid(update.newSealed)},
                           {"comm_d_checked", true},
                           {"sizes", sizesIn(first().folder)}});
                next();
            });
    });
}

void PracticeRun::Private::proveUpdate1() {
    begin("pr1", "opening the places that show that the update holds the data");
    fetch(first(), kSector | kUpdate, PathType::Sealing, AcquireMode::Copy, [this] {
        taskFor<protocol::ReplicaVanillaProofs>(
            first(),
            [this](const std::string&) {
                return protocol::ProveReplicaUpdate1Call{ref, cids.sealed, update.newSealed, update.newUnsealed};
            },
            [this](protocol::ReplicaVanillaProofs made) {
                vanillaProofs = std::move(made);
                Q_EMIT q->progress(QString::fromStdString(phase), -1, QStringLiteral("checking what the worker returned"));
                inBackground([this](const TaskContext& context) -> Expected<void> {
                    auto own = checker.proveUpdate1({ref.proof, cids.sealed, update.newSealed, update.newUnsealed, whereIs(FileType::Sealed),
                                                     whereIs(FileType::Cache), whereIs(FileType::Update), whereIs(FileType::UpdateCache)},
                                                    context);
                    if (!own) return std::move(own).error();
                    if (*own != vanillaProofs)
                        return Error(ErrorCode::VerificationFailed, "the vanilla proofs of the update are not those that its files give");
                    return {};
                }, [this] {
                    std::uint64_t bytes = 0;
                    for (const Bytes& one : vanillaProofs) bytes += one.size();
                    emitPhase({{"proofs", vanillaProofs.size()}, {"output_bytes", bytes}, {"checked", true}});
                    next();
                });
            });
    });
}

void PracticeRun::Private::proveUpdate2() {
    begin("pr2", "computing the zk-SNARK of the update");
    taskFor<Bytes>(
        second(),
        [this](const std::string&) {
            return protocol::ProveReplicaUpdate2Call{ref, cids.sealed, update.newSealed, update.newUnsealed,
                                                     {vanillaProofs.begin(), vanillaProofs.end()}};
        },
        [this](Bytes made) {
            proof = std::move(made);
            inBackground([this](const TaskContext& context) -> Expected<void> {
                auto holds = checker.verifyUpdate({ref.proof, cids.sealed, update.newSealed, update.newUnsealed, proof}, context);
                if (!holds) return std::move(holds).error();
                if (!*holds) return Error(ErrorCode::VerificationFailed, "the official verifier says that the proof of the update does not hold");
                return {};
            }, [this] {
                emitPhase({{"proof_bytes", proof.size()}, {"proof_hex", toHex(proof)}, {"verified", true}});
                next();
            });
        });
}

void PracticeRun::Private::finalizeUpdate() {
    begin("finalizeupdate", "removing what is no longer needed");
    fetch(first(), FileType::Unsealed, PathType::Storage, AcquireMode::Move, [this] {
        task(first(), [this](const std::string&) { return protocol::ReleaseUnsealedCall{ref, {}}; }, [this](const TaskResult&) {
            fetch(first(), FileType::Cache | FileType::UpdateCache, PathType::Sealing, AcquireMode::Move, [this] {
                task(first(), [this](const std::string&) { return protocol::FinalizeReplicaUpdateCall{ref}; }, [this](const TaskResult&) {
                    emitPhase({{"unsealed_removed", true}, {"sizes", sizesIn(first().folder)}});
                    next();
                });
            });
        });
    });
}

void PracticeRun::Private::moveUpdate() {
    begin("moveupdate", "moving the update to long-term storage");
    fetch(first(), kUpdate, PathType::Storage, AcquireMode::Move, [this] {
        task(first(), [this](const std::string&) { return protocol::MoveStorageCall{ref, kUpdate}; }, [this](const TaskResult&) {
            whenInStore({"update", "update-cache"}, [this] {
                emitPhase({{"sizes", sizesIn("store")}});
                next();
            });
        });
    });
}

void PracticeRun::Private::unsealUpdate() {
    begin("unseal", "computing the data back from the update and the sector that it was made of");
    unsealFrom({kSector, kUpdate}, update.newUnsealed);
}

/// A miner may give the sector away that the update was made of: with the data it can be computed back.
void PracticeRun::Private::regenerateKey() {
    begin("regensectorkey", "removing the sector that the update was made of, and computing it back");
    const auto holders = miner->holders(ref.id);
    const auto found = holders.find("sealed");
    if (found == holders.end()) return end(Error(ErrorCode::VerificationFailed, "nobody holds the sealed sector any more"));
    std::vector<std::string> urls;
    for (const auto& holder : found->second) urls.insert(urls.end(), holder.urls.begin(), holder.urls.end());
    inBackground([this, urls, token = miner->workerToken()](const TaskContext& context) -> Expected<void> {
        auto digest = contentDigest(whereIs(FileType::Sealed), context.stop);
        if (!digest) return std::move(digest).error();
        contents[FileType::Sealed] = *std::move(digest);
        for (const std::string& url : urls) LSW_TRY(storage::deleteRemote(url, token, context.stop));
        return {};
    }, [this] {
        fetch(first(), FileType::Unsealed | FileType::Update, PathType::Sealing, AcquireMode::Move, [this] {
            task(first(), [this](const std::string&) { return protocol::GenerateSectorKeyCall{ref, update.newUnsealed}; }, [this](const TaskResult&) {
                inBackground([this](const TaskContext& context) -> Expected<void> {
                    const auto digest = contentDigest(whereIs(FileType::Sealed), context.stop);
                    if (!digest) return digest.error();
                    if (*digest != contents[FileType::Sealed])
                        return Error(ErrorCode::VerificationFailed, "the sector that was computed back is not the one that was removed");
                    return {};
                }, [this] {
                    emitPhase({{"equal", true}, {"sizes", sizesIn(first().folder)}});
                    next();
                });
            });
        });
    });
}

std::filesystem::path PracticeRun::Private::whereIs(FileType type) {
    std::error_code ignored;
    for (const char* root : {first().folder, "store"})
        if (std::filesystem::exists(fileOf(root, type), ignored)) return fileOf(root, type);
    return fileOf("store", type);
}

} // namespace lsw::practice
