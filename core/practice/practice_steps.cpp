// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_run_private.h"

#include <algorithm>
#include <fstream>

#include <QtCore/QRandomGenerator>

#include "proofs/piece_commitment.h"
#include "storage/remote_fetch.h"

// The steps of a practice run: what the worker is asked for, in the order and with the arguments of a miner, and what is checked.
namespace lsw::practice {
namespace {

using boost::json::array;
using boost::json::object;
using protocol::AcquireMode;
using protocol::FileType;
using protocol::TaskResult;

constexpr int kReadBackPauseMs = 500, kReadBackAttempts = 60;

Bytes asVector(const Bytes32& bytes) { return {bytes.begin(), bytes.end()}; }

Expected<void> writeRandomFile(const std::filesystem::path& file, std::uint64_t size) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    std::vector<quint32> block(1 << 14);
    while (out && size > 0) {
        QRandomGenerator::system()->fillRange(block.data(), static_cast<qsizetype>(block.size()));
        const std::uint64_t count = std::min<std::uint64_t>(size, block.size() * sizeof(quint32));
        out.write(reinterpret_cast<const char*>(block.data()), static_cast<std::streamsize>(count));
        size -= count;
    }
    out.close();
    if (!out) return errnoError(errno, "cannot write " + file.string());
    return {};
}

} // namespace

void PracticeRun::Private::task(Site& site, TaskAsker::MakeCall make, std::function<void(TaskResult)> then) {
    site.asker->ask(phase, std::move(make), [this, then = std::move(then)](Expected<TaskResult> result) {
        if (ended) return;
        if (!result) end(std::move(result).error());
        else then(*std::move(result));
    });
}

void PracticeRun::Private::fetch(Site& site, FileType types, protocol::PathType kind, AcquireMode mode, std::function<void()> then) {
    task(
        site,
        [this, types, kind, mode](const std::string&) {
            return protocol::FetchCall{ref, types, kind, mode};
        },
        [then = std::move(then)](const TaskResult&) { then(); });
}

void PracticeRun::Private::fetchWhole(Site& site, const char* from, const char* to, protocol::PathType kind, std::function<void()> then) {
    const FileType types = FileType::Sealed | FileType::Cache;
    if (std::string_view(from) == to) return fetch(site, types, kind, AcquireMode::Move, std::move(then));
    inBackground([this, from](const TaskContext& context) -> Expected<void> {
        for (const FileType one : {FileType::Sealed, FileType::Cache}) {
            auto digest = contentDigest(fileOf(from, one), context.stop);
            if (!digest) return std::move(digest).error();
            contents[one] = *std::move(digest);
        }
        return {};
    }, [this, &site, from, to, kind, types, then = std::move(then)] {
        const auto check = [this, from, to, then] {
            inBackground([this, from, to](const TaskContext& context) -> Expected<void> {
                for (const FileType one : {FileType::Sealed, FileType::Cache}) {
                    const std::string name(sector::fileTypeName(one));
                    const auto digest = contentDigest(fileOf(to, one), context.stop);
                    if (!digest) return digest.error();
                    if (*digest != contents[one])
                        return Error(ErrorCode::VerificationFailed, name + " is not byte for byte what it was before it was brought to " + fileOf(to, one).string());
                    std::error_code ignored;
                    if (std::filesystem::exists(fileOf(from, one), ignored))
                        return Error(ErrorCode::VerificationFailed, name + " was moved, but " + fileOf(from, one).string() + " is still there");
                }
                return {};
            }, then);
        };
        fetch(site, types, kind, AcquireMode::Move, [this, &site, types, kind, check] {
            if (kind != protocol::PathType::Storage) return check();
            task(site, [this, types](const std::string&) { return protocol::MoveStorageCall{ref, types}; }, [check](const TaskResult&) { check(); });
        });
    });
}

boost::json::value PracticeRun::Private::sizesIn(const char* root) const {
    object out;
    for (const FileType type : {FileType::Unsealed, FileType::Sealed, FileType::Cache})
        if (const std::uint64_t size = sizeOnDisk(fileOf(root, type)); size > 0) out[sector::fileTypeName(type)] = size;
    return out;
}

void PracticeRun::Private::makeParameters() {
    begin("parameters",
          "generating the proof parameters of practice sectors: 15-30 minutes on two cores and 5.2 GB of memory for 2KiB, once");
    std::error_code failure;
    std::filesystem::create_directories(s.parameters, failure);
    if (failure) return end(errnoError(failure.value(), "cannot make the folder " + s.parameters.string()));
    inBackground([this](const TaskContext& context) { return checker.testParameters({{s.sectorSize}}, context); }, [this] {
        emitPhase({{"folder", s.parameters.string()}});
        next();
    });
}

void PracticeRun::Private::makeData() {
    begin("addpiece", s.file.empty() ? "drawing random data" : "reading the file");
    inBackground([this](const TaskContext& context) -> Expected<void> {
        if (s.file.empty()) LSW_TRY(writeRandomFile(data, dataBytes));
        auto computed = expectedPieces(data, plan, context.stop);
        if (!computed) return std::move(computed).error();
        expected = *std::move(computed);
        return {};
    }, [this] { next(); });
}

void PracticeRun::Private::addPiece() {
    const std::size_t index = pieces.size();
    if (index == plan.size()) {
        array list;
        for (const proofs::PieceInfo& piece : pieces)
            list.push_back(object{{"size", piece.size.value}, {"cid", sector::unsealedCid(piece.commitment)}});
        const bool isZeros = std::none_of(plan.begin(), plan.end(), [](const PiecePlan& piece) { return piece.isData; });
        emitPhase({{"data_bytes", isZeros ? 0 : dataBytes},
                   {"data", isZeros ? "zeros" : s.file.empty() ? "random" : s.file.string()},
                   {"pieces", std::move(list)},
                   {"sizes", sizesIn(first().folder)}});
        return next();
    }
    task(first(), [this, index](const std::string& to) {
        std::vector<std::uint64_t> existing;
        for (std::size_t i = 0; i < index; ++i) existing.push_back(plan[i].size.value);
        const std::uint64_t size = plan[index].size.value;
        const protocol::ReaderStream stream =
            plan[index].isData ? miner->pushFile(to, data, size) : protocol::ReaderStream{"null", std::to_string(size)};
        return protocol::AddPieceCall{ref, existing, size, stream};
    }, [this, index](const TaskResult& result) {
        const auto* piece = std::get_if<proofs::PieceInfo>(&result);
        if (!piece || *piece != expected[index])
            return end(Error(ErrorCode::VerificationFailed,
                             "the worker's commitment of piece " + std::to_string(index) +
                                 " is not that of the data: " + (piece ? sector::unsealedCid(piece->commitment) : "none") + " instead of " +
                                 sector::unsealedCid(expected[index].commitment)));
        pieces.push_back(*piece);
        addPiece();
    });
}

void PracticeRun::Private::preCommit1() {
    begin("pc1", "labelling the sector");
    fetch(first(), FileType::Unsealed, protocol::PathType::Sealing, AcquireMode::Move, [this] {
        taskFor<Bytes>(
            first(),
            [this](const std::string&) {
                return protocol::SealPreCommit1Call{ref, asVector(ticket), pieces};
            },
            [this](Bytes result) {
                phase1 = std::move(result);
                emitPhase({{"ticket", toHex(ticket)}, {"output_bytes", phase1.size()}, {"sizes", sizesIn(first().folder)}});
                next();
            });
    });
}

void PracticeRun::Private::preCommit2() {
    begin("pc2", "building the trees");
    fetchWhole(second(), first().folder, second().folder, protocol::PathType::Sealing, [this] {
        taskFor<protocol::SectorCids>(second(), [this](const std::string&) { return protocol::SealPreCommit2Call{ref, phase1}; },
                                      [this](const protocol::SectorCids& result) { takePreCommit2(result); });
    });
}

void PracticeRun::Private::takePreCommit2(const protocol::SectorCids& result) {
    cids = result;
    const auto commD = proofs::sectorCommitment({s.sectorSize}, expected);
    if (!commD) return end(commD.error());
    if (*commD != cids.unsealed)
        return end(Error(ErrorCode::VerificationFailed, "the worker's CommD is " + sector::unsealedCid(cids.unsealed) +
                                                            ", computed from the data it is " + sector::unsealedCid(*commD)));
    const std::string unsealed = sector::unsealedCid(cids.unsealed), sealed = sector::sealedCid(cids.sealed);
    emitPhase({{"comm_d", toHex(cids.unsealed)}, {"comm_r", toHex(cids.sealed)}, {"comm_d_cid", unsealed}, {"comm_r_cid", sealed},
               {"unsealed_cid", unsealed}, {"sealed_cid", sealed}, {"comm_d_checked", true}, {"sizes", sizesIn(second().folder)}});
    next();
}

void PracticeRun::Private::waitSeed() {
    begin("seed", "waiting for the seed: on a real network it comes 150 epochs (75 minutes) after the pre-commit, here after a moment");
    QTimer::singleShot(s.seedWaitMs, q, [this] {
        if (ended) return;
        emitPhase({{"seed", toHex(seed)}, {"note", "random here; a real network gives it 150 epochs (75 minutes) after the pre-commit"}});
        next();
    });
}

void PracticeRun::Private::commit1() {
    begin("c1", "opening what the seed asks for");
    taskFor<Bytes>(
        second(),
        [this](const std::string&) {
            return protocol::SealCommit1Call{ref, asVector(ticket), asVector(seed), pieces, cids};
        },
        [this](Bytes result) {
            commit1Output = std::move(result);
            const proofs::Commit1Order order{ref.proof,
                                             ref.id,
                                             ticket,
                                             seed,
                                             pieces,
                                             cids.sealed,
                                             cids.unsealed,
                                             fileOf(second().folder, FileType::Sealed),
                                             fileOf(second().folder, FileType::Cache)};
            Q_EMIT q->progress(QString::fromStdString(phase), -1, QStringLiteral("checking what the worker returned"));
            inBackground([this, order](const TaskContext& context) { return checkCommit1(checker, order, commit1Output, context); },
                         [this] {
                             emitPhase({{"output_bytes", commit1Output.size()}, {"checked", true}});
                             next();
                         });
        });
}

void PracticeRun::Private::commit2() {
    begin("c2", "computing the zk-SNARK");
    taskFor<Bytes>(second(), [this](const std::string&) { return protocol::SealCommit2Call{ref, commit1Output}; }, [this](Bytes result) {
        proof = std::move(result);
        emitPhase({{"proof_bytes", proof.size()}, {"proof_hex", toHex(proof)}});
        next();
    });
}

void PracticeRun::Private::verify() {
    begin("verify", "asking the official verifier");
    inBackground([this](const TaskContext& context) -> Expected<void> {
        auto holds = checker.verifySeal({ref.proof, ref.id, ticket, seed, cids.sealed, cids.unsealed, proof}, context);
        if (!holds) return std::move(holds).error();
        if (!*holds) return Error(ErrorCode::VerificationFailed, "the official verifier says that the proof does not hold");
        return {};
    }, [this] {
        emitPhase({{"verified", true}});
        next();
    });
}

void PracticeRun::Private::finalize() {
    begin("finalize", "removing what is no longer needed");
    fetch(first(), FileType::Unsealed, protocol::PathType::Storage, AcquireMode::Move, [this] {
        task(first(), [this](const std::string&) { return protocol::ReleaseUnsealedCall{ref, {}}; }, [this](const TaskResult&) {
            fetch(second(), FileType::Cache, protocol::PathType::Sealing, AcquireMode::Move, [this] {
                task(second(), [this](const std::string&) { return protocol::FinalizeSectorCall{ref}; }, [this](const TaskResult&) {
                    emitPhase({{"unsealed_removed", true}, {"sizes", sizesIn(second().folder)}});
                    next();
                });
            });
        });
    });
}

void PracticeRun::Private::whenInStore(std::vector<std::string> types, std::function<void()> then) {
    const auto wrong = [this, types = std::move(types)]() -> std::string {
        const auto holders = miner->holders(ref.id);
        for (const std::string& type : types) {
            const auto found = holders.find(type);
            if (found == holders.end() || found->second.size() != 1 || found->second.front().id != storeId)
                return "after the move the index does not have " + type + " in the storage path alone";
        }
        return {};
    };
    whenTrue(wrong, std::move(then));
}

void PracticeRun::Private::unsealFrom(std::vector<FileType> held, const sector::Commitment& commD) {
    if (held.empty())
        return task(first(), [this, commD](const std::string&) {
            return protocol::UnsealPieceCall{ref, 0, sector::PaddedBytes{s.sectorSize}.unpadded().value, asVector(ticket), commD};
        }, [this](const TaskResult&) {
            emitPhase({{"sizes", sizesIn(first().folder)}});
            next();
        });
    if (miner->holders(ref.id).contains("unsealed"))
        return end(Error(ErrorCode::VerificationFailed, "the unsealed copy was to be gone before unsealing, but the index still has one"));
    const FileType types = held.front();
    held.erase(held.begin());
    fetch(first(), types, protocol::PathType::Sealing, AcquireMode::Copy, [this, held = std::move(held), commD] { unsealFrom(held, commD); });
}

void PracticeRun::Private::move() {
    begin("move", "moving the sealed sector to long-term storage");
    // With two workers this is a transfer from one to the other; the storage path is a third place in any case.
    fetchWhole(first(), second().folder, "store", protocol::PathType::Storage, [this] {
        // A miner that was restarted meanwhile learns it when the worker declares its paths again.
        whenInStore({"sealed", "cache"}, [this] {
            emitPhase({{"sizes", sizesIn("store")}});
            next();
        });
    });
}

void PracticeRun::Private::unseal() {
    begin("unseal", "computing the data back from the sealed sector");
    unsealFrom({FileType::Sealed | FileType::Cache}, cids.unsealed);
}

void PracticeRun::Private::readBack() {
    begin("readback", "reading the data back and comparing them");
    readBackOnce();
}

void PracticeRun::Private::readBackOnce() {
    const auto holders = miner->holders(ref.id);
    const auto found = holders.find("unsealed");
    if (found == holders.end()) {
        // As above: a miner that was restarted is told again.
        if (++readBackFailures >= kReadBackAttempts)
            return end(Error(ErrorCode::VerificationFailed, "nobody holds the unsealed sector after unsealing"));
        return QTimer::singleShot(kReadBackPauseMs, q, [this] { if (!ended) readBackOnce(); });
    }
    const std::vector<std::string> urls = found->second.front().urls;
    inBackground([this, urls, token = miner->workerToken()](const TaskContext& context) -> Expected<void> {
        const std::filesystem::path copy = s.folder / "readback.bin";
        auto fetched = storage::fetchFile(urls, token, copy.string() + ".part", copy, context);
        unreachable = !fetched && fetched.error().code() != ErrorCode::NoSpace ? std::optional(fetched.error()) : std::nullopt;
        if (unreachable) return {};
        LSW_TRY(std::move(fetched));
        LSW_TRY(compareUnsealed(copy, data, dataBytes, context.stop));
        std::error_code ignored;
        std::filesystem::remove(copy, ignored);
        return {};
    }, [this] {
        // A worker that died meanwhile comes back, perhaps at another address: the index is asked again.
        if (unreachable && ++readBackFailures >= kReadBackAttempts) return end(std::move(unreachable));
        if (unreachable) return QTimer::singleShot(kReadBackPauseMs, q, [this] { if (!ended) readBackOnce(); });
        emitPhase({{"bytes", dataBytes}, {"equal", true}});
        next();
    });
}

/// Whatever happened on the way: every call has its result, every sector file is declared, every declared file is there, and nothing else
/// was left.
void PracticeRun::Private::checkFiles() {
    whenTrue(
        [this]() -> std::string {
            std::vector<std::filesystem::path> roots{s.folder / "store"};
            for (const auto& site : sites) {
                if (site->session.empty()) return "a worker did not come back";
                roots.push_back(s.folder / site->folder);
            }
            if (const std::size_t owed = miner->owedResults(); owed > 0) return "the results of " + std::to_string(owed) + " calls did not come";
            return whatIsStray(roots, miner->declarations());
        },
        [this] { next(); });
}

} // namespace lsw::practice
