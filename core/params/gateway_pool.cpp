// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/gateway_pool.h"

#include <algorithm>

namespace lsw::params {
namespace {

constexpr int kMostDoublings = 6, kRefusalStrikes = 4, kFirstPart = 8;
constexpr double kOldShare = 0.7;
/// One that is slower than this part of the best would only keep the end of a file waiting.
constexpr double kWorthAsking = 0.1;

} // namespace

GatewayPool::GatewayPool(std::vector<Gateway> gateways, std::chrono::milliseconds backoff, int patience) : m_backoff(backoff), m_patience(patience) {
    for (Gateway& one : gateways) {
        GatewayRecord record;
        record.gateway = std::move(one);
        m_all.push_back(std::move(record));
    }
}

void GatewayPool::use(const std::vector<Gateway>& gateways) {
    for (GatewayRecord& one : m_all) one.isRetired = true;
    for (const Gateway& wanted : gateways) {
        const auto known = std::find_if(m_all.begin(), m_all.end(), [&](const GatewayRecord& one) { return one.gateway.address == wanted.address; });
        if (known == m_all.end()) {
            m_all.push_back({});
            m_all.back().gateway = wanted;
            continue;
        }
        known->isRetired = false;
        known->strikes = 0;
        known->notBefore = {};
    }
}

bool GatewayPool::isUsable(const GatewayRecord& one, std::size_t index, std::optional<std::size_t> only) const {
    return !one.isBanned && !one.isLeftOut && !one.isRetired && one.strikes < m_patience && (!only || *only == index);
}

std::optional<std::size_t> GatewayPool::choose(unsigned perGateway, Clock::time_point now, std::optional<std::size_t> only) const {
    std::optional<std::size_t> best;
    double fastest = 0; // of those that can be asked now, perhaps not for more than they have to do
    for (std::size_t i = 0; i < m_all.size(); ++i)
        if (isUsable(m_all[i], i, only) && m_all[i].hasRanges && now >= m_all[i].notBefore) fastest = std::max(fastest, m_all[i].rate);
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        const GatewayRecord& one = m_all[i];
        // Until it gave something, one request is enough to learn how fast it is.
        if (!isUsable(one, i, only) || !one.hasRanges || now < one.notBefore || one.active >= (one.rate > 0 || only ? perGateway : 1)) continue;
        if (one.rate > 0 && one.rate < kWorthAsking * fastest) continue;
        const auto rank = [](const GatewayRecord& record) { return record.rate > 0 ? record.rate : record.strikes == 0 ? 1e18 : 0; };
        if (!best || rank(one) > rank(m_all[*best])) best = i;
    }
    return best;
}

std::optional<std::size_t> GatewayPool::chooseWhole(Clock::time_point now, std::optional<std::size_t> only) const {
    for (std::size_t i = 0; i < m_all.size(); ++i)
        if (isUsable(m_all[i], i, only) && m_all[i].hasRanges) return std::nullopt;
    for (std::size_t i = 0; i < m_all.size(); ++i)
        if (isUsable(m_all[i], i, only) && now >= m_all[i].notBefore && m_all[i].active == 0) return i;
    return std::nullopt;
}

bool GatewayPool::isHopeless(std::optional<std::size_t> only) const {
    for (std::size_t i = 0; i < m_all.size(); ++i)
        if (isUsable(m_all[i], i, only)) return false;
    return true;
}

double GatewayPool::bestRate() const {
    double best = 0;
    for (const GatewayRecord& one : m_all)
        if (!one.isBanned && !one.isLeftOut && !one.isRetired && one.hasRanges && one.strikes == 0) best = std::max(best, one.rate);
    return best;
}

void GatewayPool::gave(std::size_t one, std::uint64_t bytes, Clock::duration took) {
    GatewayRecord& record = m_all[one];
    const double rate = static_cast<double>(bytes) / std::max(1e-4, std::chrono::duration<double>(took).count());
    record.rate = record.rate > 0 ? kOldShare * record.rate + (1 - kOldShare) * rate : rate;
    record.strikes = 0;
}

void GatewayPool::failed(std::size_t one, std::string words, Clock::time_point now, bool isRefusal) {
    GatewayRecord& record = m_all[one];
    record.words = std::move(words);
    // One connection that broke off says little: the first wait is short.
    record.notBefore = now + (record.strikes == 0 && !isRefusal ? m_backoff / kFirstPart : m_backoff * (1 << std::min(record.strikes, kMostDoublings)));
    record.strikes += isRefusal ? kRefusalStrikes : 1;
}

std::string GatewayPool::words() const {
    std::string out;
    for (const GatewayRecord& one : m_all)
        if (!one.words.empty()) out += (out.empty() ? "" : "; ") + one.gateway.name + ' ' + one.words;
    return out;
}

} // namespace lsw::params
