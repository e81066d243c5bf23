// SPDX-License-Identifier: MIT OR Apache-2.0
// A worker for proofs of storage whose parameters are still to come: the miner does not count on it before.
#include "params/parameter_manifest.h"
#include "protocol/lotus_post.h"
#include "worker_stage.h"

using namespace lsw;
using namespace lsw::test;

class PostParametersTest : public QObject {
    Q_OBJECT

    static WorkerSettings settingsOf(Stage& stage) {
        WorkerSettings settings = stage.settings();
        settings.switches = {};
        settings.switches.windowPost = true;
        settings.switches.explicitlySet = {"windowpost"};
        settings.fetchParameters = true;
        settings.prover.parameterCache = stage.at("parameters");
        return settings;
    }
    static std::string unregistered(const Stage& stage) {
        const auto view = stage.worker->view();
        return view.connection == ConnectionState::Registering ? view.connectionDetail : std::string();
    }

private Q_SLOTS:
    void initTestCase() { qputenv("IPFS_GATEWAY", "http://127.0.0.1:9/"); } // nobody gives any

    void itRegistersWhenItCanProve() {
        Stage stage;
        stage.startWorker(settingsOf(stage));
        QTRY_VERIFY2_WITH_TIMEOUT(unregistered(stage).starts_with("proof parameters: "), stage.worker->view().connectionDetail.c_str(), kWait);
        QVERIFY2(unregistered(stage).ends_with("; this worker registers when they are there"), unregistered(stage).c_str());

        // A call that comes all the same is told at once.
        protocol::PostCall call;
        call.proof = protocol::PostProof{10};
        call.miner = 1000;
        call.sectors.push_back({sector::SealProof{5}, 99, Bytes32{1}, {37, 36, 44}, false});
        call.randomness = Bytes(32, 5);
        const auto refused = stage.ask("Filecoin.GenerateWindowPoSt", protocol::windowPostParams(call));
        QVERIFY(!refused);
        QVERIFY2(refused.error().message().find("this worker cannot make the proof yet: proof parameters: ") != std::string::npos, refused.error().message().c_str());
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().finished.size(), std::size_t{1}, kWait);
        QVERIFY(stage.worker->view().finished.front().error.starts_with("this worker cannot make the proof yet"));
        QVERIFY(stage.miner->workers().empty());

        stage.worker->requestStop();
        QTRY_VERIFY_WITH_TIMEOUT(stage.ears->stopped > 0, kWait);
        fs::create_directories(stage.at("parameters"));
        for (const auto& file : params::neededFiles(params::parameterManifest(), sector::PaddedBytes{2048}, {params::Circuit::WindowPost}))
            std::ofstream(stage.at("parameters") / file.name) << "not hashed here";
        stage.startWorker(settingsOf(stage));
        QTRY_VERIFY2_WITH_TIMEOUT(stage.connected(), stage.worker->view().connectionDetail.c_str(), kWait);
    }
};

QTEST_GUILESS_MAIN(PostParametersTest)
#include "tst_post_parameters.moc"
