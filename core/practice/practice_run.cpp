// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_run.h"

#include <fstream>

#include <QtCore/QElapsedTimer>
#include <QtCore/QPointer>
#include <QtCore/QRandomGenerator>
#include <QtCore/QThreadPool>
#include <QtCore/QUuid>

#include "practice/practice_checks.h"
#include "practice/practice_worker.h"
#include "practice/task_asker.h"
#include "proofs/piece_commitment.h"
#include "protocol/lotus_json.h"
#include "storage/remote_fetch.h"
#include "storage/storage_config.h"

namespace lsw::practice {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using protocol::AcquireMode;
using protocol::FileType;
using protocol::TaskResult;

constexpr int kRetryMs = 300, kMaxRefusals = 10, kReadBackPauseMs = 500, kReadBackAttempts = 60;
constexpr std::uint64_t kProveMemory = 7000000000ULL;

Bytes32 randomBytes32() {
    Bytes32 out{};
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(QRandomGenerator::system()->generate() & 0xFFU);
    // Randomness of the chain is used as a field element.
    out[31] &= 0x3FU;
    return out;
}

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

class PracticeRun::Private {
public:
    Private(PracticeRun* owner, PracticeSettings given, proofs::ProofEngine& engine) : q(owner), s(std::move(given)), checker(engine) {
        pool.setMaxThreadCount(1);
    }

    using Step = void (Private::*)();
    using Work = std::function<Expected<void>(const TaskContext&)>;

    void next();
    void begin(const char* phase, const char* text = "");
    void emitPhase(object extra = {});
    void end(std::optional<Error> error);
    void inBackground(Work work, std::function<void()> then);
    void task(TaskAsker::MakeCall make, std::function<void(TaskResult)> then);
    /// A task whose result has this type; a worker that returns another one fails the run.
    template <typename T>
    void taskFor(TaskAsker::MakeCall make, std::function<void(T)> then) {
        task(std::move(make), [this, then = std::move(then)](TaskResult result) {
            if (auto* got = std::get_if<T>(&result)) return then(std::move(*got));
            end(Error(ErrorCode::Remote, "the worker returned a result of another kind for " + phase));
        });
    }
    void fetch(FileType types, protocol::PathType kind, AcquireMode mode, std::function<void()> then);
    void onConnected(const std::string& session);
    void addStore(const std::string& session);

    Expected<void> prepare();
    void makeParameters();
    void startMiner();
    void makeData();
    void addPiece();
    void preCommit1();
    void preCommit2();
    void takePreCommit2(const protocol::SectorCids& cids);
    void waitSeed();
    void commit1();
    void commit2();
    void verify();
    void finalize();
    void move();
    void unseal();
    void readBack();
    void readBackOnce();

    std::filesystem::path fileOf(const char* root, FileType type) const {
        return s.folder / root / sector::fileTypeName(type) / sector::sectorName(ref.id);
    }
    value sizesIn(const char* root) const {
        object out;
        for (const FileType type : {FileType::Unsealed, FileType::Sealed, FileType::Cache})
            if (const std::uint64_t size = sizeOnDisk(fileOf(root, type)); size > 0) out[sector::fileTypeName(type)] = size;
        return out;
    }

    PracticeRun* q;
    PracticeSettings s;
    proofs::ProofEngine& checker;
    QThreadPool pool;
    std::stop_source stop;
    std::unique_ptr<PracticeMiner> miner;
    std::unique_ptr<PracticeWorker> worker;
    std::unique_ptr<TaskAsker> asker;
    std::vector<Step> steps;
    std::size_t step = 0;
    bool ended = false, ready = false;
    int askedAgain = 0, storeRefusals = 0, readBackFailures = 0;
    std::optional<Error> unreachable; ///< why the last reading back failed
    QElapsedTimer whole, sincePhase;
    std::string phase;

    protocol::SectorRef ref;
    std::filesystem::path data;
    std::uint64_t dataBytes = 0;
    std::vector<PiecePlan> plan;
    std::vector<proofs::PieceInfo> expected, pieces;
    std::string session, storeId;
    Bytes32 ticket{}, seed{};
    Bytes phase1, commit1Output, proof;
    protocol::SectorCids cids;
};

void PracticeRun::Private::next() {
    if (ended) return;
    if (step == steps.size()) return end(std::nullopt);
    const Step now = steps[step++];
    (this->*now)();
}

void PracticeRun::Private::begin(const char* name, const char* text) {
    phase = name;
    sincePhase.start();
    Q_EMIT q->progress(QString::fromStdString(phase), -1, QString::fromUtf8(text));
}

void PracticeRun::Private::emitPhase(object extra) {
    object line{{"schema", 1},
                {"phase", phase},
                {"sector", sector::sectorName(ref.id)},
                {"seconds", static_cast<double>(sincePhase.elapsed()) / 1000.0}};
    for (auto& member : extra) line[member.key()] = std::move(member.value());
    Q_EMIT q->phase(QByteArray::fromStdString(boost::json::serialize(line)));
}

void PracticeRun::Private::end(std::optional<Error> error) {
    if (ended) return;
    ended = true;
    stop.request_stop();
    if (asker) asker->cancel();
    const auto finish = [this, error] {
        if (asker) askedAgain = asker->askedAgain();
        asker.reset();
        if (miner) miner->stop();
        object line{{"schema", 1}, {"phase", "done"}, {"sector", sector::sectorName(ref.id)}, {"ok", !error}, {"readback", !error},
                    {"seconds", static_cast<double>(whole.elapsed()) / 1000.0}, {"asked_again", askedAgain}};
        if (error) {
            line["error"] = error->message();
            line["code"] = errorCodeName(error->code());
        }
        Q_EMIT q->phase(QByteArray::fromStdString(boost::json::serialize(line)));
        Q_EMIT q->finished(error ? static_cast<int>(error->code()) : -1, error ? QString::fromStdString(error->message()) : QString());
    };
    // Not from inside a call of the worker's or the miner's own signals.
    QMetaObject::invokeMethod(q, [this, finish] {
        pool.waitForDone();
        if (!worker) return finish();
        QObject::connect(worker.get(), &PracticeWorker::stopped, q, finish);
        worker->stop();
    }, Qt::QueuedConnection);
}

void PracticeRun::Private::inBackground(Work work, std::function<void()> then) {
    TaskContext context;
    context.stop = stop.get_token();
    context.report = [this](const Progress& now) {
        const double fraction = now.total > 0 ? static_cast<double>(now.done) / static_cast<double>(now.total) : -1;
        QMetaObject::invokeMethod(q, [this, fraction, text = QString::fromStdString(now.step)] {
            if (!ended) Q_EMIT q->progress(QString::fromStdString(phase), fraction, text);
        }, Qt::QueuedConnection);
    };
    pool.start([this, work = std::move(work), then = std::move(then), context] {
        auto result = work(context);
        QMetaObject::invokeMethod(q, [this, result = std::move(result), then]() mutable {
            if (ended) return;
            if (!result) end(std::move(result).error());
            else then();
        }, Qt::QueuedConnection);
    });
}

void PracticeRun::Private::task(TaskAsker::MakeCall make, std::function<void(TaskResult)> then) {
    asker->ask(phase, std::move(make), [this, then = std::move(then)](Expected<TaskResult> result) {
        if (ended) return;
        if (!result) end(std::move(result).error());
        else then(*std::move(result));
    });
}

void PracticeRun::Private::fetch(FileType types, protocol::PathType kind, AcquireMode mode, std::function<void()> then) {
    task(
        [this, types, kind, mode](const std::string&) {
            return protocol::FetchCall{ref, types, kind, mode};
        },
        [then = std::move(then)](const TaskResult&) { then(); });
}

Expected<void> PracticeRun::Private::prepare() {
    const auto proofInfo = sector::proofForSize({s.sectorSize});
    if (!proofInfo) return proofInfo.error();
    ref = {{1000, s.sectorNumber}, (*proofInfo)->proof};
    ticket = s.ticket ? *s.ticket : randomBytes32();
    seed = s.seed ? *s.seed : randomBytes32();
    data = s.file.empty() ? s.folder / "data.bin" : s.file;
    std::error_code failure;
    std::filesystem::create_directories(s.folder, failure);
    if (failure) return errnoError(failure.value(), "cannot make the folder " + s.folder.string());
    dataBytes = s.file.empty() ? sector::PaddedBytes{s.sectorSize}.unpadded().value : std::filesystem::file_size(s.file, failure);
    if (failure) return errnoError(failure.value(), "cannot read " + s.file.string());
    auto planned = planPieces(dataBytes, {s.sectorSize});
    if (!planned) return std::move(planned).error();
    plan = *std::move(planned);
    if (s.prove && availableMemory() < kProveMemory)
        return Error(ErrorCode::Unsupported,
                     "--prove needs 7 GB of free memory; this machine has " + std::to_string(availableMemory() / 1000000) + " MB");
    if (s.prove && s.parameters.empty()) return Error(ErrorCode::NotConfigured, "no folder for the proof parameters");

    steps = {&Private::startMiner, &Private::makeData, &Private::addPiece, &Private::preCommit1,
             &Private::preCommit2, &Private::waitSeed, &Private::commit1};
    if (s.prove && !std::filesystem::exists(s.parameters / parameterFileName(s.sectorSize), failure))
        steps.insert(steps.begin(), &Private::makeParameters);
    if (s.prove) steps.insert(steps.end(), {&Private::commit2, &Private::verify});
    steps.insert(steps.end(), {&Private::finalize, &Private::move, &Private::unseal, &Private::readBack});
    return {};
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

void PracticeRun::Private::startMiner() {
    begin("start", "starting the practice miner and a worker");
    storage::PathMetadata store;
    store.id = storeId = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    store.canSeal = false;
    store.canStore = true;
    std::error_code failure;
    std::filesystem::create_directories(s.folder / "store", failure);
    if (failure) return end(errnoError(failure.value(), "cannot make the storage path"));
    if (auto written = storage::writePathMetadata(s.folder / "store", store); !written) return end(std::move(written).error());

    PracticeMiner::Settings settings;
    settings.repo = s.folder / "miner";
    settings.sectorSize = s.sectorSize;
    settings.sessionPollMs = s.sessionPollMs;
    miner = std::make_unique<PracticeMiner>(settings);
    if (auto started = miner->start(); !started) return end(std::move(started).error());
    asker = std::make_unique<TaskAsker>(*miner);
    QObject::connect(asker.get(), &TaskAsker::progress, q, &PracticeRun::progress);
    QObject::connect(miner.get(), &PracticeMiner::workerConnected, q, [this](const QString& id) { onConnected(id.toStdString()); });

    worker = std::make_unique<PracticeWorker>(
        PracticeWorker::Settings{s.workerProgram, s.folder / "miner", s.folder / "worker", s.folder / "worker.log", s.parameters, s.prove});
    QObject::connect(worker.get(), &PracticeWorker::started, q, &PracticeRun::workerStarted);
    QObject::connect(worker.get(), &PracticeWorker::died, q, [this] {
        session.clear();
        if (asker) asker->workerGone();
    });
    QObject::connect(worker.get(), &PracticeWorker::gaveUp, q,
                     [this](const QString& reason) { end(Error(ErrorCode::ChildDied, reason.toStdString())); });
    worker->start();
}

void PracticeRun::Private::onConnected(const std::string& id) {
    if (ended) return;
    session = id;
    worker->noteRegistered();
    addStore(id);
}

/// The worker's own folder only seals; a second path, which stores, is given to it as an operator does it with `storage attach`.
void PracticeRun::Private::addStore(const std::string& id) {
    const auto again = [this, id] { QTimer::singleShot(kRetryMs, q, [this, id] { addStore(id); }); };
    if (ended || id != session) return;
    miner->callWorkerMethod(id, "Filecoin.StorageLocal", {}, [this, id, again](Expected<value> answer) {
        if (ended || id != session) return;
        const auto* paths = answer ? answer->if_object() : nullptr;
        if (!paths) return again();
        if (!paths->contains(storeId)) {
            miner->callWorkerMethod(id, "Filecoin.StorageAddLocal", {value((s.folder / "store").string())},
                                    [this, again](Expected<value> added) {
                                        if (!added && added.error().code() == ErrorCode::Remote && ++storeRefusals >= kMaxRefusals)
                                            return end(std::move(added).error().whileDoing("giving the worker its storage path"));
                                        again();
                                    });
            return;
        }
        asker->workerReady(id);
        if (std::exchange(ready, true)) return;
        emitPhase({{"worker", id},
                   {"proof", (*sector::proofInfo(ref.proof))->name},
                   {"sector_size", s.sectorSize},
                   {"folder", s.folder.string()}});
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
        emitPhase({{"data_bytes", dataBytes},
                   {"data", s.file.empty() ? "random" : s.file.string()},
                   {"pieces", std::move(list)},
                   {"sizes", sizesIn("worker")}});
        return next();
    }
    task([this, index](const std::string& to) {
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
    fetch(FileType::Unsealed, protocol::PathType::Sealing, AcquireMode::Move, [this] {
        taskFor<Bytes>(
            [this](const std::string&) {
                return protocol::SealPreCommit1Call{ref, asVector(ticket), pieces};
            },
            [this](Bytes result) {
                phase1 = std::move(result);
                emitPhase({{"ticket", toHex(ticket)}, {"output_bytes", phase1.size()}, {"sizes", sizesIn("worker")}});
                next();
            });
    });
}

void PracticeRun::Private::preCommit2() {
    begin("pc2", "building the trees");
    fetch(FileType::Sealed | FileType::Cache, protocol::PathType::Sealing, AcquireMode::Move, [this] {
        taskFor<protocol::SectorCids>([this](const std::string&) { return protocol::SealPreCommit2Call{ref, phase1}; },
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
               {"unsealed_cid", unsealed}, {"sealed_cid", sealed}, {"comm_d_checked", true}, {"sizes", sizesIn("worker")}});
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
                                             fileOf("worker", FileType::Sealed),
                                             fileOf("worker", FileType::Cache)};
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
    taskFor<Bytes>([this](const std::string&) { return protocol::SealCommit2Call{ref, commit1Output}; }, [this](Bytes result) {
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
    fetch(FileType::Unsealed, protocol::PathType::Storage, AcquireMode::Move, [this] {
        task([this](const std::string&) { return protocol::ReleaseUnsealedCall{ref, {}}; }, [this](const TaskResult&) {
            fetch(FileType::Cache, protocol::PathType::Sealing, AcquireMode::Move, [this] {
                task([this](const std::string&) { return protocol::FinalizeSectorCall{ref}; }, [this](const TaskResult&) {
                    emitPhase({{"unsealed_removed", true}, {"sizes", sizesIn("worker")}});
                    next();
                });
            });
        });
    });
}

void PracticeRun::Private::move() {
    begin("move", "moving the sealed sector to long-term storage");
    const FileType types = FileType::Sealed | FileType::Cache;
    fetch(types, protocol::PathType::Storage, AcquireMode::Move, [this, types] {
        task([this, types](const std::string&) { return protocol::MoveStorageCall{ref, types}; }, [this](const TaskResult&) {
            const auto holders = miner->holders(ref.id);
            for (const char* type : {"sealed", "cache"}) {
                const auto found = holders.find(type);
                if (found == holders.end() || found->second.size() != 1 || found->second.front().id != storeId)
                    return end(Error(ErrorCode::VerificationFailed,
                                     std::string("after the move the index does not have ") + type + " in the storage path alone"));
            }
            emitPhase({{"sizes", sizesIn("store")}});
            next();
        });
    });
}

void PracticeRun::Private::unseal() {
    begin("unseal", "computing the data back from the sealed sector");
    if (miner->holders(ref.id).contains("unsealed"))
        return end(Error(ErrorCode::VerificationFailed, "the unsealed copy was to be gone before unsealing, but the index still has one"));
    fetch(FileType::Sealed | FileType::Cache, protocol::PathType::Sealing, AcquireMode::Copy, [this] {
        task([this](const std::string&) {
            return protocol::UnsealPieceCall{ref, 0, sector::PaddedBytes{s.sectorSize}.unpadded().value, asVector(ticket), cids.unsealed};
        }, [this](const TaskResult&) {
            emitPhase({{"sizes", sizesIn("worker")}});
            next();
        });
    });
}

void PracticeRun::Private::readBack() {
    begin("readback", "reading the data back and comparing them");
    readBackOnce();
}

void PracticeRun::Private::readBackOnce() {
    const auto holders = miner->holders(ref.id);
    const auto found = holders.find("unsealed");
    if (found == holders.end()) return end(Error(ErrorCode::VerificationFailed, "nobody holds the unsealed sector after unsealing"));
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

PracticeRun::PracticeRun(PracticeSettings settings, proofs::ProofEngine& checker, QObject* parent)
    : QObject(parent), m_private(std::make_unique<Private>(this, std::move(settings), checker)) {}

PracticeRun::~PracticeRun() {
    m_private->ended = true;
    m_private->stop.request_stop();
    m_private->pool.waitForDone();
}

void PracticeRun::start() {
    m_private->whole.start();
    QMetaObject::invokeMethod(this, [this] {
        if (m_private->ended) return;
        if (auto prepared = m_private->prepare(); !prepared) m_private->end(std::move(prepared).error());
        else m_private->next();
    }, Qt::QueuedConnection);
}

void PracticeRun::cancel() { m_private->end(Error(ErrorCode::Cancelled, "the practice run was stopped")); }

PracticeMiner* PracticeRun::miner() const { return m_private->miner.get(); }

int PracticeRun::tasksAskedAgain() const { return m_private->asker ? m_private->asker->askedAgain() : m_private->askedAgain; }

} // namespace lsw::practice
