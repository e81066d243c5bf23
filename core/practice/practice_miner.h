// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/api_info.h"
#include "protocol/json_rpc.h"
#include "protocol/lotus_types.h"

#include <QtCore/QObject>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>

namespace lsw::practice {

/// Misbehaviour on demand, for tests. Names are methods without namespace.
struct Faults {
    std::map<std::string, int> refuse;         ///< answer this method with an RPC error n times
    std::map<std::string, int> unauthorized;   ///< answer 401 n times
    std::map<std::string, int> dropConnection; ///< close the connection without an answer n times
    std::map<std::string, int> dropAfterDoing; ///< do it, then close without an answer n times (a lost reply)
    std::map<std::string, int> lateMs;         ///< answer that late, always
};

/// A worker that registered.
struct ConnectedWorker {
    std::string url, session;
    protocol::WorkerInfo info;
    std::set<std::string> taskTypes;
    bool enabled = true; ///< its last Session was answered
};

/// A return as it arrived.
struct ArrivedReturn {
    std::string method;
    protocol::CallId id;
    protocol::TaskResult value;
    std::optional<protocol::CallError> error;
};

/// The miner's side of the worker protocol: repo folder, tokens, sector index, registration with call-backs, returns, /remote. Loopback
/// only.
///
/// It is the practice mode, the first-run check and the double of all tests; there is no other.
/// thread  an event loop's; start() binds and serves
class PracticeMiner : public QObject {
    Q_OBJECT
public:
    struct Settings {
        std::filesystem::path repo;            ///< made and filled: token, api, config.toml, keystore
        std::uint16_t port = 0;                ///< 0: any free one
        std::uint64_t actor = 1000;
        std::uint64_t sectorSize = 2048;
        std::filesystem::path storagePath;     ///< a storage path of the miner's own; empty: none
        int sessionPollMs = 10000;
    };
    explicit PracticeMiner(Settings settings, QObject* parent = nullptr);
    ~PracticeMiner() override;

    Expected<void> start();
    void stop();
    /// Stops, unless it is stopped, and starts on the same port with a new session, as a restarted miner; knows no worker and no
    /// storage path of one any more.
    Expected<void> restart();

    std::uint16_t port() const;
    /// TOKEN:MULTIADDR with all four permissions.
    std::string apiInfo() const;
    /// Whether its accounts have room on that worker for one more task of the kind. What the worker offers is for the caller to ask.
    bool hasRoomFor(const std::string& session, std::string_view taskType, sector::SealProof proof) const;
    /// A token with only these permissions, signed with this miner's key.
    std::string tokenWith(const std::vector<std::string>& allow) const;
    Faults& faults();

    std::vector<ConnectedWorker> workers() const;
    /// How often each method was called since start.
    std::map<std::string, int> callCounts() const;
    std::map<std::string, std::vector<protocol::SectorStorageInfo>> holders(protocol::SectorId sector) const; ///< by type name
    /// Calls that a worker took and whose result has not come yet.
    std::size_t owedResults() const;
    /// Everything the index has, by storage path.
    std::map<std::string, std::vector<protocol::SectorDeclaration>> declarations() const;
    /// The token that this miner sends to workers and their /remote: `admin` alone.
    std::string workerToken() const;

    /// Calls a task method of a worker ("SealPreCommit1") and reports the call id; the result comes by `returned`.
    void callWorker(const std::string& session, const protocol::TaskCall& call, std::function<void(Expected<protocol::CallId>)> done);
    /// Calls any method of a worker, with its namespace ("Filecoin.StorageLocal"). NotFound when no worker has the session.
    void callWorkerMethod(const std::string& session, const std::string& method, boost::json::array params,
                          std::function<void(Expected<boost::json::value>)> done);
    /// Makes bytes available as a pushed reader: the stream to put into the call. `file` is pushed once the worker asks;
    /// what it lacks of `size` are zeros.
    protocol::ReaderStream pushFile(const std::string& session, const std::filesystem::path& file, std::uint64_t size);

Q_SIGNALS:
    /// A call came in, whatever becomes of it; `body` is the request.
    void called(const QString& method, const QByteArray& body);
    void workerConnected(const QString& session);
    /// A worker answered a task call with its id.
    void taken(const QString& method, const QString& uuid);
    /// Its session is another or none, as after a restart. One that does not answer is kept, disabled, and asked again.
    void workerLost(const QString& session);
    void returned(const lsw::practice::ArrivedReturn& result);

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::practice

Q_DECLARE_METATYPE(lsw::practice::ArrivedReturn)
