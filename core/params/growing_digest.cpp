// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/growing_digest.h"

#include "base/bytes.h"

#include <algorithm>
#include <chrono>

namespace lsw::params {
namespace {

constexpr std::size_t kBlock = 1U << 20;
constexpr std::chrono::milliseconds kLookForStop{50};

} // namespace

GrowingDigest::GrowingDigest(const File& file, std::uint64_t total) : m_file(file), m_total(total) {
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

GrowingDigest::~GrowingDigest() = default;

void GrowingDigest::grewTo(std::uint64_t end) {
    {
        const std::lock_guard lock(m_mutex);
        m_end = std::max(m_end, end);
    }
    m_changed.notify_all();
}

void GrowingDigest::shrankTo(std::uint64_t begin) {
    const std::lock_guard lock(m_mutex);
    if (m_end <= begin) return;
    // What is being read now may reach beyond it.
    ++m_round;
    m_done = 0;
    m_end = begin;
}

void GrowingDigest::beginAnew() {
    m_digest.emplace();
    m_sums.emplace(m_total);
    m_done = 0;
}

void GrowingDigest::run(const std::stop_token& stop) {
    Bytes block(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, m_total)));
    std::unique_lock lock(m_mutex);
    std::uint64_t round = m_round;
    beginAnew();
    while (!stop.stop_requested()) {
        if (round != m_round) {
            round = m_round;
            beginAnew();
        }
        if (!m_changed.wait(lock, stop, [&] { return m_done < m_end || round != m_round; })) return;
        if (round != m_round) continue;
        const auto part = std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), m_end - m_done)));
        const std::uint64_t at = m_done;
        lock.unlock();
        auto read = m_file.readAt(at, part);
        if (read) {
            m_digest->add(part);
            m_sums->add(part);
        }
        lock.lock();
        if (round != m_round) continue;
        if (!read) {
            m_failure = std::move(read).error();
            m_changed.notify_all();
            return;
        }
        m_done += part.size();
        if (m_done == m_total) m_changed.notify_all();
    }
}

Expected<GrowingDigest::Whole> GrowingDigest::finish(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    while (m_done != m_total && !m_failure) {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while checking " + m_file.path().string());
        m_changed.wait_for(lock, kLookForStop, [this] { return m_done == m_total || m_failure; });
    }
    if (m_failure) return *m_failure;
    Whole out{m_digest->finish(), std::move(*m_sums)};
    ++m_round;
    m_end = m_done = 0;
    return out;
}

} // namespace lsw::params
