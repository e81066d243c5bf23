// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "setup/connection_doctor.h"
#include "setup/tcp_probe.h"

#include "protocol/listen_plan.h"

/// The checks of the doctor, and what each leaves for those after it.
namespace lsw::setup::doctor {

struct Visit {
    Visit(const DoctorQuestion& asked, const std::stop_token& token) : question(asked), stop(token) {}
    const DoctorQuestion& question;
    const std::stop_token& stop;
    std::optional<FoundMiner> miner;            ///< from #1 on
    std::vector<SocketAddress> addresses;       ///< from #3 on
    std::string facing;                         ///< from #4 on: our address on the way to the miner
    bool minerIsHere = false;
    std::string proxy;                          ///< URL; usually empty
    std::optional<RpcAnswer> version;           ///< from #6 on: the answer to `Version` without a token
    std::optional<Found> verdict;               ///< of its version
    std::optional<MinerView> view;              ///< from #6 on
    std::string ourSession;                     ///< of the worker that runs from our folder
    bool isOurWorkerAsked = false;

    const protocol::Endpoint& endpoint() const { return miner->api.endpoint; }
    std::string where() const { return protocol::hostPort(endpoint().host, endpoint().port); }
    RpcQuestion rpc(bool withToken) const { return {endpoint(), withToken ? miner->api.token : std::string(), proxy, question.httpLimit}; }
    std::string variable(const char* name) const { return question.miner.environment ? question.miner.environment(name) : std::string(); }
};

/// What a check says when it cannot be run because of one that comes later.
using Outcome = std::optional<CheckId>;

Outcome checkInput(Visit& visit, CheckNotes& notes);
Outcome checkToken(Visit& visit, CheckNotes& notes);
Outcome checkName(Visit& visit, CheckNotes& notes);
Outcome checkRoute(Visit& visit, CheckNotes& notes);
Outcome checkTcp(Visit& visit, CheckNotes& notes);
Outcome checkRpc(Visit& visit, CheckNotes& notes);
Outcome checkAuth(Visit& visit, CheckNotes& notes);
Outcome checkVersion(Visit& visit, CheckNotes& notes);
Outcome checkMiner(Visit& visit, CheckNotes& notes);
Outcome checkListenPort(Visit& visit, CheckNotes& notes);
Outcome checkAdvertise(Visit& visit, CheckNotes& notes);
Outcome checkClock(Visit& visit, CheckNotes& notes);
Outcome checkLimits(Visit& visit, CheckNotes& notes);
Outcome checkStorage(Visit& visit, CheckNotes& notes);

/// The session of the worker that runs from our folder; empty when none answers there. Asked once.
const std::string& ourSession(Visit& visit);
/// "read", "read and write"
std::string listed(const std::set<std::string>& words);
/// "lotus-miner (pid 4711)"
std::string programText(pid_t pid);
/// "5", "0.3"
std::string seconds(std::chrono::milliseconds time);
/// Where to listen and what to tell the miner, from #4 on. Absent when what was given cannot be understood, with the reason in `why`.
std::optional<protocol::ListenPlan> listenPlan(const Visit& visit, std::string& why);

} // namespace lsw::setup::doctor
