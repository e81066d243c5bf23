// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/file_fetch.h"

#include <algorithm>
#include <new>
#include <utility>

#include <curl/curl.h>

#include "params/chunk_sums.h"
#include "params/parameter_digest.h"

namespace lsw::params {
namespace {

constexpr int kPollMs = 100, kHedge = 12;
/// A request that is slower than this part of the fastest is as good as stalled.
constexpr double kTooSlow = 0.05;

} // namespace

FileFetch::FileFetch(const ParameterFile& file, ParameterFolder& folder, const FetchSettings& settings, GatewayPool& pool, const TaskContext& context,
                     std::function<void(std::uint64_t, std::uint64_t)> told)
    : m_file(file), m_folder(folder), m_settings(settings), m_pool(pool), m_context(context), m_told(std::move(told)), m_multi(curl_multi_init()) {
    if (!m_multi) throw std::bad_alloc();
    for (std::size_t i = 0; i < m_pool.size(); ++i) {
        m_pool[i].isLeftOut = false;
        m_pool[i].strikes = std::min(m_pool[i].strikes, m_settings.patience - 1); // each file is a new chance
        m_pool[i].hasRanges = true;
    }
}

FileFetch::~FileFetch() {
    for (auto& [number, running] : m_running) end(*running);
    m_running.clear();
    curl_multi_cleanup(m_multi);
}

Expected<void> FileFetch::run() {
    LSW_TRY(takeUp());
    std::optional<ChunkSums> sums;
    for (;;) {
        LSW_TRY(fill());
        auto whole = m_digest->finish(m_context.stop);
        if (!whole) return std::move(whole).error();
        sums = std::move(whole->sums);
        if (whole->digest == m_file.digest) break;
        LSW_TRY(blame());
    }
    LSW_TRY(nameThoseWhoWereWrong());
    LSW_TRY(std::move(*m_part).finish());
    m_folder.remember(m_file);
    sums->save(m_folder.path(), m_file);
    return {};
}

/// What was said and given is now known to be right or wrong.
Expected<void> FileFetch::nameThoseWhoWereWrong() {
    for (const auto& [gateway, total] : m_said) {
        GatewayRecord& record = m_pool[gateway];
        if (total == m_part->total()) {
            if (record.words.starts_with("says that the file")) record.words.clear(); // it was right, against another
            continue;
        }
        record.words = "said a wrong length of " + m_file.name;
        m_settings.note(record.gateway.name + ' ' + record.words);
    }
    for (std::size_t chunk = 0; chunk < m_doubted.size(); ++chunk) {
        if (m_doubted[chunk].empty() || m_doubtedGiver[chunk] < 0) continue;
        const auto now = digestOf(m_part->data(), m_part->begin(chunk), m_part->end(chunk), m_context.stop);
        if (!now) return now.error();
        GatewayRecord& giver = m_pool[static_cast<std::size_t>(m_doubtedGiver[chunk])];
        if (*now == m_doubted[chunk] || giver.isBanned) continue;
        giver.isBanned = true;
        giver.words = "gave wrong bytes of " + m_file.name;
        m_settings.note(giver.gateway.name + ' ' + giver.words);
    }
    return {};
}

/// What an earlier fetch has begun, or what is left of a file that was right once.
Expected<void> FileFetch::takeUp() {
    auto resumed = PartFile::resume(m_folder.path(), m_file);
    if (!resumed) return std::move(resumed).error();
    if (*resumed) {
        hasBegun(std::move(**resumed));
        return {};
    }
    const auto sums = ChunkSums::load(m_folder.path(), m_file);
    if (!sums) return {};
    const auto damaged = File::openToRead(m_folder.placeOf(m_file));
    if (!damaged) return {};
    const auto intact = sums->intact(*damaged, m_context.stop);
    if (!intact) return intact.error();
    if (std::find(intact->begin(), intact->end(), true) == intact->end()) return {};
    auto adopted = PartFile::adopt(m_folder.path(), m_file, sums->size(), sums->chunkBytes(), *intact);
    if (!adopted) return std::move(adopted).error();
    hasBegun(std::move(*adopted));
    const auto bad = std::count(intact->begin(), intact->end(), false);
    m_settings.note(m_file.name + " is damaged in " + std::to_string(bad) + " of " + std::to_string(intact->size()) + " parts, which alone are fetched again");
    return {};
}

void FileFetch::hasBegun(PartFile part) {
    m_part = std::move(part);
    m_giver.resize(m_part->chunks());
    m_from.resize(m_giver.size());
    m_fromGiver.assign(m_giver.size(), kNobody);
    for (std::size_t i = 0; i < m_giver.size(); ++i) {
        m_giver[i] = m_part->has(i) ? kEarlier : kNobody;
        m_from[i] = m_part->begin(i);
    }
    m_complete = 0;
    m_digest.emplace(m_part->data(), m_part->total());
    growDigest();
}

void FileFetch::growDigest() {
    while (m_complete < m_giver.size() && m_giver[m_complete] != kNobody) ++m_complete;
    if (m_complete > 0) m_digest->grewTo(m_part->end(m_complete - 1));
}

Expected<void> FileFetch::begin(std::uint64_t total) {
    // Under its own name lies what is not right; it may be the beginning, as lotus' own fetcher leaves it.
    const auto old = m_folder.status(m_file);
    if (old.bytes > 0 && old.bytes < total) {
        auto adopted = PartFile::adopt(m_folder.path(), m_file, total, chunkBytesFor(m_file.about ? m_file.about : total), {});
        if (!adopted) return std::move(adopted).error();
        hasBegun(std::move(*adopted));
        return {};
    }
    std::error_code ignored;
    if (old.bytes > 0) std::filesystem::remove(m_folder.placeOf(m_file), ignored);
    const auto free = m_folder.freeBytes();
    if (!free) return free.error();
    if (*free < total || *free - total < m_settings.margin)
        return Error(ErrorCode::NoSpace, m_file.name + " has " + std::to_string(total >> 20) + " MiB, and the disk of " + m_folder.path().string() + " has " +
                                             std::to_string(*free >> 20) + " MiB free: make room, or choose another folder");
    auto part = PartFile::create(m_folder.path(), m_file, total, chunkBytesFor(m_file.about ? m_file.about : total));
    if (!part) return std::move(part).error();
    hasBegun(std::move(*part));
    return {};
}

Expected<void> FileFetch::fill() {
    Clock::time_point flushed = Clock::now();
    if (m_part) growDigest();
    while (!m_part || !m_part->isWhole()) {
        if (m_context.stop.stop_requested()) {
            if (m_part) LSW_TRY(m_part->flush());
            return Error(ErrorCode::Cancelled, "stopped while fetching " + m_file.name);
        }
        if (const auto others = m_settings.otherGateways()) {
            m_pool.use(*others);
            if (m_only && m_pool[*m_only].isRetired) m_only.reset();
        }
        m_pace = m_settings.pace();
        if (!m_pace.isPaused) LSW_TRY(startRequests());
        if (m_running.empty() && !m_pace.isPaused && m_pool.isHopeless(m_only)) {
            if (!m_only && m_otherSize.empty()) return hopeless();
            if (!m_only) {
                // Others were left out because they said another length: perhaps they were right.
                const int from = m_totalFrom;
                dropAll();
                if (from >= 0) m_pool[static_cast<std::size_t>(from)].isLeftOut = true;
                continue;
            }
            // The one that was to tell who is right does not answer: the others go on without what it gave.
            m_pool[*m_only].isLeftOut = true;
            for (std::size_t i = 0; i < m_giver.size(); ++i)
                if (m_giver[i] == static_cast<int>(*m_only)) setGiver(i, kNobody);
            m_only.reset();
            continue;
        }
        int running = 0;
        curl_multi_perform(m_multi, &running);
        const auto finished = finishRequests();
        if (!finished) return finished.error();
        if (m_part)
            for (auto& [number, one] : m_running)
                if (one->isFirst && static_cast<int>(one->gateway) != m_totalFrom) end(*one);
        endStalled();
        std::erase_if(m_running, [](const auto& one) { return one.second->isOver; });
        if (m_part) m_told(done(), m_part->total());
        if (m_part && Clock::now() - flushed >= m_settings.flush) {
            if (auto flush = m_part->flush(); !flush) return flush;
            flushed = Clock::now();
        }
        if (*finished == 0) curl_multi_poll(m_multi, nullptr, 0, kPollMs, nullptr); // else there is something to start
    }
    // What still runs was asked for twice by nobody: there is none.
    return m_part->flush();
}

std::optional<std::size_t> FileFetch::nextChunk() const {
    if (!m_part) { // the first answer says how long the file is; when it is long in coming, another is asked
        const auto now = Clock::now();
        const bool wait = std::any_of(m_running.begin(), m_running.end(), [&](const auto& one) { return now - one.second->request->begunAt() < m_settings.stall / kHedge; });
        return wait ? std::nullopt : std::optional<std::size_t>(0);
    }
    for (std::size_t i = m_complete; i < m_giver.size(); ++i) {
        if (m_giver[i] != kNobody) continue;
        const bool runs = std::any_of(m_running.begin(), m_running.end(), [&](const auto& one) { return one.second->isWhole || one.second->chunk == i; });
        if (!runs) return i;
    }
    return std::nullopt;
}

Expected<void> FileFetch::startRequests() {
    while (m_running.size() < m_settings.connections) {
        const auto chunk = nextChunk();
        if (!chunk) return {};
        const auto now = Clock::now();
        // Before the length is known one question is enough for each of them.
        if (const auto gateway = m_pool.choose(m_part ? m_settings.perGateway : 1, now, m_only)) {
            LSW_TRY(start(*gateway, *chunk, false));
            continue;
        }
        if (m_running.empty())
            if (const auto gateway = m_pool.chooseWhole(now, m_only)) LSW_TRY(start(*gateway, *chunk, true));
        return {};
    }
    return {};
}

/// The smaller of both limits; 0: none.
std::uint64_t FileFetch::maxRate() const {
    if (m_settings.maxRate == 0 || m_pace.maxRate == 0) return std::max(m_settings.maxRate, m_pace.maxRate);
    return std::min(m_settings.maxRate, m_pace.maxRate);
}

Expected<void> FileFetch::start(std::size_t gateway, std::size_t chunk, bool isWhole) {
    GatewayRequest::Order order;
    order.address = m_pool[gateway].gateway.address + m_file.cid;
    order.isWhole = isWhole;
    if (m_part) order.total = m_part->total();
    const bool goesOn = m_part && m_fromGiver[chunk] == static_cast<int>(gateway);
    order.begin = isWhole || !m_part ? 0 : goesOn ? m_from[chunk] : m_part->begin(chunk);
    order.end = isWhole ? UINT64_MAX : m_part ? m_part->end(chunk) : chunkBytesFor(m_file.about);
    if (const std::uint64_t rate = maxRate(); rate > 0)
        order.maxRate = std::max<std::uint64_t>(1, rate / std::min<std::uint64_t>(m_settings.connections, m_settings.perGateway * m_pool.size()));
    const std::size_t number = m_nextNumber++;
    auto running = std::make_unique<Running>();
    running->gateway = gateway;
    running->chunk = chunk;
    running->isWhole = isWhole;
    running->isFirst = !m_part;
    running->begunAt = running->seenAt = order.begin;
    running->seen = Clock::now();
    Running* const mine = running.get();
    running->request = std::make_unique<GatewayRequest>(std::move(order), [this, mine](std::uint64_t offset, std::span<const std::uint8_t> bytes) -> Expected<void> {
        m_received += bytes.size();
        if (!m_part) {
            m_totalFrom = static_cast<int>(mine->gateway);
            LSW_TRY(begin(*mine->request->total()));
        }
        if (mine->isFirst && static_cast<int>(mine->gateway) != m_totalFrom) return {}; // another was first; this one is ended
        if (!mine->isWhole) return m_part->write(offset, bytes);
        // Of a whole file only what is missing; a chunk is there when its last byte is.
        while (!bytes.empty()) {
            const std::size_t at = static_cast<std::size_t>(offset / (m_part->end(0) - m_part->begin(0)));
            const auto part = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), m_part->end(at) - offset)));
            if (m_giver[at] == kNobody) {
                LSW_TRY(m_part->write(offset, part));
                if (offset + part.size() == m_part->end(at)) setGiver(at, static_cast<int>(mine->gateway));
            }
            offset += part.size();
            bytes = bytes.subspan(part.size());
        }
        return {};
    });
    if (!running->request->handle()) return Error(ErrorCode::Internal, "no memory for a transfer");
    m_pool.began(gateway);
    curl_multi_add_handle(m_multi, running->request->handle());
    m_running.emplace(number, std::move(running));
    return {};
}

Expected<int> FileFetch::finishRequests() {
    int left = 0, finished = 0;
    while (const CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const auto found = std::find_if(m_running.begin(), m_running.end(), [&](const auto& one) { return one.second->request->handle() == message->easy_handle; });
        if (found == m_running.end()) continue;
        ++finished;
        const auto running = std::move(found->second);
        m_running.erase(found);
        running->request->ended(message->data.result);
        end(*running);
        if (!running->isFirst || !m_part || static_cast<int>(running->gateway) == m_totalFrom) LSW_TRY(judge(*running));
    }
    return finished;
}

Expected<void> FileFetch::judge(Running& running) {
    GatewayRequest& request = *running.request;
    GatewayRecord& record = m_pool[running.gateway];
    const auto now = Clock::now();
    const bool isNews = !request.words().empty() && request.words() != record.words;
    record.bytes += request.at() - running.begunAt;
    if (const auto total = request.total(); total && request.outcome() != GatewayRequest::Outcome::Refused) m_said[running.gateway] = *total;
    // What came in a ranged answer stays, however it ended.
    if (!running.isWhole && m_part && request.outcome() != GatewayRequest::Outcome::OwnFailure && request.at() > running.begunAt) {
        // It sent too much: none of it counts.
        m_from[running.chunk] = request.outcome() == GatewayRequest::Outcome::Refused ? m_part->begin(running.chunk) : request.at();
        m_fromGiver[running.chunk] = static_cast<int>(running.gateway);
        if (m_from[running.chunk] == m_part->end(running.chunk)) setGiver(running.chunk, static_cast<int>(running.gateway));
    }
    switch (request.outcome()) {
    case GatewayRequest::Outcome::Done:
        m_pool.gave(running.gateway, request.at() - running.begunAt, now - request.begunAt());
        break;
    case GatewayRequest::Outcome::NoRanges:
        record.hasRanges = false;
        record.words = request.words();
        break;
    case GatewayRequest::Outcome::OtherSize:
        m_pool.failed(running.gateway, request.words(), now);
        record.isLeftOut = true;
        m_otherSize.insert(running.gateway);
        break;
    case GatewayRequest::Outcome::OwnFailure:
        return request.failure();
    case GatewayRequest::Outcome::Refused:
        m_pool.failed(running.gateway, request.words(), now, true);
        break;
    case GatewayRequest::Outcome::Broken:
    case GatewayRequest::Outcome::Running:
        m_pool.failed(running.gateway, request.words(), now);
        break;
    }
    if (isNews) m_settings.note(record.gateway.name + ' ' + record.words);
    return {};
}

void FileFetch::endStalled() {
    const auto now = Clock::now();
    for (auto& [number, running] : m_running) {
        if (running->isOver || now - running->seen < m_settings.stall) continue;
        const double seconds = std::chrono::duration<double>(now - running->seen).count();
        const double rate = static_cast<double>(running->request->at() - running->seenAt) / seconds;
        running->seenAt = running->request->at();
        running->seen = now;
        const double limit = maxRate() > 0 ? 1 : std::max(static_cast<double>(m_settings.slowest), kTooSlow * m_pool.bestRate());
        if (rate >= limit) continue;
        running->request->stalled("is too slow: " + std::to_string(static_cast<std::uint64_t>(rate)) + " bytes/s");
        end(*running);
        (void)judge(*running); // a stalled request never fails on our side
    }
}

void FileFetch::end(Running& running) {
    if (std::exchange(running.isOver, true)) return;
    curl_multi_remove_handle(m_multi, running.request->handle());
    m_pool.ended(running.gateway);
}

void FileFetch::setGiver(std::size_t chunk, int giver) {
    m_giver[chunk] = giver;
    if (giver == kNobody) {
        m_part->drop(chunk);
        m_from[chunk] = m_part->begin(chunk);
        m_complete = std::min(m_complete, chunk);
        m_digest->shrankTo(m_part->begin(chunk));
    } else {
        m_part->nowHas(chunk);
        if (chunk == m_complete) growDigest();
    }
}

void FileFetch::dropAll() {
    m_doubted.clear();
    m_digest.reset();
    m_complete = 0;
    m_part.reset();
    m_giver.clear();
    m_from.clear();
    m_fromGiver.clear();
    PartFile::remove(m_folder.path(), m_file);
    // The length came from the same place.
    for (const std::size_t one : m_otherSize) m_pool[one].isLeftOut = false;
    m_otherSize.clear();
    m_totalFrom = kEarlier;
}

/// All bytes are here and they are not the file. Somebody gave wrong ones.
Expected<void> FileFetch::blame() {
    std::map<int, std::size_t> chunksOf;
    for (const int giver : m_giver) ++chunksOf[giver];
    std::optional<std::size_t> judge;
    for (const auto& [giver, count] : chunksOf)
        if (giver >= 0 && (!judge || count > chunksOf[static_cast<int>(*judge)])) judge = static_cast<std::size_t>(giver);
    if (chunksOf.size() > 1 && judge && !m_only) {
        // All from the one that gave most: what differs then from what the others gave tells who was wrong.
        m_only = judge;
        m_doubted.assign(m_giver.size(), {});
        m_doubtedGiver = m_giver;
        for (std::size_t i = 0; i < m_giver.size(); ++i) {
            if (m_giver[i] == static_cast<int>(*judge)) continue;
            auto digest = digestOf(m_part->data(), m_part->begin(i), m_part->end(i), m_context.stop);
            if (!digest) return std::move(digest).error();
            m_doubted[i] = std::move(*digest);
            setGiver(i, kNobody);
        }
        return {};
    }
    // One source, so it is that one; or what an earlier run left.
    for (const auto& [giver, count] : chunksOf) {
        if (giver < 0) continue;
        GatewayRecord& wrong = m_pool[static_cast<std::size_t>(giver)];
        wrong.isBanned = true;
        wrong.words = "gave wrong bytes of " + m_file.name;
        m_settings.note(wrong.gateway.name + ' ' + wrong.words);
    }
    m_only.reset();
    dropAll();
    return m_pool.isHopeless({}) ? Expected<void>(hopeless()) : Expected<void>();
}

std::uint64_t FileFetch::done() const {
    std::uint64_t sum = m_part->bytesThere();
    for (const auto& [number, running] : m_running)
        if (!running->isWhole && m_giver[running->chunk] == kNobody) sum += running->request->at() - m_part->begin(running->chunk);
    return std::min(sum, m_part->total());
}

Error FileFetch::hopeless() const {
    const std::string words = m_pool.words();
    return Error(ErrorCode::Remote, "no gateway gives " + m_file.name + (words.empty() ? std::string() : ": " + words));
}

} // namespace lsw::params
