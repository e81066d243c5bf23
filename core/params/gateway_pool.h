// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "params/gateways.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lsw::params {

using Clock = std::chrono::steady_clock;

/// What is known of one gateway while files are fetched.
struct GatewayRecord {
    Gateway gateway;
    unsigned active = 0;       ///< requests running
    int strikes = 0;           ///< failures since it last gave what was asked for
    double rate = 0;           ///< bytes a second of one request, lately; 0 until one succeeded
    std::uint64_t bytes = 0;   ///< taken from it
    bool hasRanges = true;     ///< answers to a range with that range
    bool isBanned = false;     ///< gave wrong bytes: not asked again
    bool isLeftOut = false;    ///< not asked for this file
    bool isRetired = false;    ///< no longer wanted: what runs may end, nothing more is asked
    Clock::time_point notBefore{};
    std::string words;         ///< what it did wrong last
};

/// Which gateway is asked next: all at once in the beginning, then the fast ones first. One that fails waits, twice as long each time.
class GatewayPool {
public:
    GatewayPool(std::vector<Gateway> gateways, std::chrono::milliseconds backoff, int patience);

    /// Others are asked from now on; what is known of those that stay is kept, and one that was given up gets a new chance.
    void use(const std::vector<Gateway>& gateways);

    /// The one for the next ranged request; nothing when none is to be asked now. `only`: no other.
    std::optional<std::size_t> choose(unsigned perGateway, Clock::time_point now, std::optional<std::size_t> only) const;
    /// One that sends whole files alone, when no other is left.
    std::optional<std::size_t> chooseWhole(Clock::time_point now, std::optional<std::size_t> only) const;
    /// Whether anybody can still be hoped for.
    bool isHopeless(std::optional<std::size_t> only) const;
    /// The fastest request there is, bytes a second.
    double bestRate() const;

    void began(std::size_t one) { ++m_all[one].active; }
    void gave(std::size_t one, std::uint64_t bytes, Clock::duration took);
    /// `isRefusal`: it answered, and not with the file; that seldom gets better by itself.
    void failed(std::size_t one, std::string words, Clock::time_point now, bool isRefusal = false);
    void ended(std::size_t one) { --m_all[one].active; }

    GatewayRecord& operator[](std::size_t one) { return m_all[one]; }
    std::size_t size() const { return m_all.size(); }
    const std::vector<GatewayRecord>& all() const { return m_all; }
    /// "chainsafe: HTTP 403; china: …"
    std::string words() const;

private:
    bool isUsable(const GatewayRecord& one, std::size_t index, std::optional<std::size_t> only) const;
    std::vector<GatewayRecord> m_all;
    std::chrono::milliseconds m_backoff;
    int m_patience;
};

} // namespace lsw::params
