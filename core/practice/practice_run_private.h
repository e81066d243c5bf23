// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "practice/practice_checks.h"
#include "practice/practice_run.h"
#include "practice/practice_worker.h"
#include "practice/task_asker.h"
#include "protocol/lotus_json.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QThreadPool>
#include <QtCore/QTimer>

namespace lsw::practice {

/// A practice run from inside. Its life (one step after the other, the end, work aside) is in practice_run.cpp, the worker processes in
/// practice_sites.cpp, what each step asks for and checks in practice_steps.cpp.
class PracticeRun::Private {
public:
    using Step = void (Private::*)();
    using Work = std::function<Expected<void>(const TaskContext&)>;

    /// A worker process and what is known of it.
    struct Site {
        std::string name;   ///< its name at the miner; empty when it is the only one and keeps the name of the machine
        const char* folder; ///< its own folder, which is a sealing path too, below the folder of the run
        std::unique_ptr<PracticeWorker> worker;
        std::unique_ptr<TaskAsker> asker;
        std::string session;
        bool isReady = false;
    };

    Private(PracticeRun* owner, PracticeSettings given, proofs::ProofEngine& engine) : q(owner), s(std::move(given)), checker(engine) {
        pool.setMaxThreadCount(1);
    }

    // practice_run.cpp
    Expected<void> prepare();
    void next();
    void begin(const char* phase, const char* text = "");
    void emitPhase(boost::json::object extra = {});
    void end(std::optional<Error> error);
    void inBackground(Work work, std::function<void()> then);
    /// Goes on once nothing is wrong any more, which takes a moment after a worker or a miner came back; VerificationFailed with what was
    /// wrong when that does not come.
    void whenTrue(std::function<std::string()> whatIsWrong, std::function<void()> then);
    /// Goes on once the index has these types in the storage path and nowhere else.
    void whenInStore(std::vector<std::string> types, std::function<void()> then);
    /// Fetches each of `held` for reading, then unseals the whole sector and goes on. It fails when there still is an unsealed copy.
    void unsealFrom(std::vector<protocol::FileType> held, const sector::Commitment& commD);

    // practice_sites.cpp
    void startMiner();
    void addSite(std::string name, const char* folder, std::map<std::string, std::string> environment);
    void onConnected(const std::string& session);
    void addStore(Site& site);
    void siteReady(Site& site);
    void stopSites(const std::function<void()>& then);
    int askedAgain() const;
    /// Adds the data, labels, keeps the storage path, unseals.
    Site& first() { return *sites.front(); }
    /// Builds the trees and commits: another worker than first() when there are two.
    Site& second() { return *sites.back(); }

    // practice_steps.cpp
    void task(Site& site, TaskAsker::MakeCall make, std::function<void(protocol::TaskResult)> then);
    /// A task whose result has this type; a worker that returns another one fails the run.
    template <typename T>
    void taskFor(Site& site, TaskAsker::MakeCall make, std::function<void(T)> then) {
        task(site, std::move(make), [this, then = std::move(then)](protocol::TaskResult result) {
            if (auto* got = std::get_if<T>(&result)) return then(std::move(*got));
            end(Error(ErrorCode::Remote, "the worker returned a result of another kind for " + phase));
        });
    }
    void fetch(Site& site, protocol::FileType types, protocol::PathType kind, protocol::AcquireMode mode, std::function<void()> then);
    /// As fetch(), and what was in `from` must be in `to` afterwards, byte for byte, and in `from` no more.
    void fetchWhole(Site& site, const char* from, const char* to, protocol::PathType kind, std::function<void()> then);
    void makeParameters();
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
    void checkFiles();

    // practice_snap.cpp
    std::vector<Step> snapSteps() const;
    void makeUpdateParameters();
    void takeDeals();
    void updateReplica();
    void proveUpdate1();
    void proveUpdate2();
    void finalizeUpdate();
    void moveUpdate();
    void unsealUpdate();
    void regenerateKey();
    /// The file in the folder of the first worker, else in the storage path.
    std::filesystem::path whereIs(protocol::FileType type);

    std::filesystem::path fileOf(const char* root, protocol::FileType type) const {
        return s.folder / root / sector::fileTypeName(type) / sector::sectorName(ref.id);
    }
    boost::json::value sizesIn(const char* root) const;

    PracticeRun* q;
    PracticeSettings s;
    proofs::ProofEngine& checker;
    QThreadPool pool;
    std::stop_source stop;
    std::unique_ptr<PracticeMiner> miner;
    std::vector<std::unique_ptr<Site>> sites; ///< one or two
    std::vector<Step> steps;
    std::size_t step = 0;
    bool ended = false, ready = false;
    int storeRefusals = 0, readBackFailures = 0, askedAgainBefore = 0;
    std::optional<Error> unreachable; ///< why the last reading back failed
    QElapsedTimer whole, sincePhase;
    std::string phase;

    protocol::SectorRef ref;
    std::filesystem::path data;
    std::uint64_t dataBytes = 0;
    std::vector<PiecePlan> plan;     ///< of the sector as it is sealed
    std::vector<PiecePlan> dealPlan; ///< of the data that an update brings later
    protocol::ReplicaUpdateOut update;
    protocol::ReplicaVanillaProofs vanillaProofs;
    std::vector<proofs::PieceInfo> expected, pieces;
    std::string storeId;
    std::map<protocol::FileType, std::string> contents; ///< digests of what is on its way from one path to another
    Bytes32 ticket{}, seed{};
    Bytes phase1, commit1Output, proof;
    protocol::SectorCids cids;
};

} // namespace lsw::practice
