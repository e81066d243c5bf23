// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/multiaddr.h"

namespace lsw::protocol {

/// The address of this machine that packets to `other` leave from: what others reach us by on that network. Sends nothing.
/// MinerUnreachable when the name cannot be resolved or no route leads there.
///
/// thread  may ask a name server: io threads
Expected<std::string> addressFacing(const Endpoint& other);

/// "10.0.0.5:3456", "[::1]:3456": as people write and read it.
std::string hostPort(const std::string& host, std::uint16_t port);

/// Where to listen and what to tell others. The ports are still those that were asked for (0: any).
struct ListenPlan {
    std::string bindHost;
    std::uint16_t bindPort = 0;
    Endpoint advertised; ///< port 0: the one that was bound
};

/// `listen` as lotus-worker takes it: 0.0.0.0 (or ::) alone becomes the address that faces the miner; with `advertise` it binds all.
Expected<ListenPlan> planListening(const std::string& listen, const std::string& advertise, const Endpoint& miner);

} // namespace lsw::protocol
