// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "setup/network_interfaces.h"

#include <cstdint>

/// Where a miner could listen, and what each choice means. (Where this program's own worker listens: worker/listen_plan.h.)
namespace lsw::setup {

enum class ListenKind { Loopback, Lan, All };

/// A consequence, in the words of the wizard; the argument is an address or a setting.
enum class ListenNote {
    ThisMachineOnly,  ///< no other machine reaches it
    OneAddress,       ///< reached under the argument; no longer under 127.0.0.1
    AddressMayChange, ///< the miner does not start when it no longer has the argument
    EveryNetwork,     ///< on all networks of the machine
    PublicAddress,    ///< the argument is an address of the internet: needs consent
    ClearText,        ///< what goes over the wire, token included, can be read there
    WorkersFetchFrom, ///< workers fetch sector files from the argument
    VariableWins,     ///< the argument (NAME=value) beats the file: the edit has no effect
    FlagWins,         ///< --miner-api with the argument beats the file and forces 127.0.0.1
    NeedsRestart,     ///< the miner reads its file once
};
struct ListenRemark {
    ListenNote note;
    std::string argument;
};

struct MinerListenPlan {
    ListenKind kind = ListenKind::Loopback;
    std::string listenAddress;       ///< "/ip4/192.168.1.5/tcp/2345/http"
    std::string remoteListenAddress; ///< "192.168.1.5:2345": where workers fetch from
    std::vector<ListenRemark> remarks;
    bool needsConsent = false;       ///< a public address would be reachable
};

/// What to write for this choice. `address`: of Lan the address, which must be one of this machine; of All the one that workers shall use
/// ("" takes the only private one). InvalidArgument names the addresses that there are.
Expected<MinerListenPlan> planMinerListening(ListenKind kind, const std::string& address, std::uint16_t port, const std::vector<NetworkInterface>& interfaces);

std::string_view nameOf(ListenKind kind); ///< "loopback", "lan", "all"
std::string_view nameOf(ListenNote note);
std::string sentenceOf(const ListenRemark& remark);

} // namespace lsw::setup
