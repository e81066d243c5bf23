// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "params/gateway_request.h"
#include "params/growing_digest.h"
#include "params/parameter_fetcher.h"
#include "params/part_file.h"

#include <functional>
#include <map>
#include <memory>
#include <set>

using CURLM = void;

namespace lsw::params {

/// One file on its way: its chunks, who gave which, and the requests that run.
class FileFetch {
public:
    FileFetch(const ParameterFile& file, ParameterFolder& folder, const FetchSettings& settings, GatewayPool& pool, const TaskContext& context,
              std::function<void(std::uint64_t done, std::uint64_t total)> told);
    ~FileFetch();
    FileFetch(const FileFetch&) = delete;
    FileFetch& operator=(const FileFetch&) = delete;

    /// Until the file is in its place, or nobody gives it.
    Expected<void> run();
    std::uint64_t received() const { return m_received; }
    std::uint64_t total() const { return m_part ? m_part->total() : m_file.about; }

private:
    static constexpr int kNobody = -2, kEarlier = -1; ///< who gave a chunk: else the number of a gateway
    struct Running {
        std::unique_ptr<GatewayRequest> request;
        std::size_t gateway = 0, chunk = 0;
        bool isWhole = false, isFirst = false;        ///< first: asked before it was known how long the file is
        std::uint64_t begunAt = 0, seenAt = 0; ///< offsets: of the request; when the rate was looked at last
        Clock::time_point seen{};
        bool isOver = false;
    };

    Expected<void> takeUp();
    Expected<void> begin(std::uint64_t total);
    void hasBegun(PartFile part);
    Expected<void> fill();
    Expected<void> startRequests();
    Expected<void> start(std::size_t gateway, std::size_t chunk, bool isWhole);
    /// How many came to their end.
    Expected<int> finishRequests();
    Expected<void> judge(Running& running);
    void endStalled();
    void end(Running& running);
    std::optional<std::size_t> nextChunk() const;
    void setGiver(std::size_t chunk, int giver);
    void growDigest();
    void dropAll();
    Expected<void> nameThoseWhoWereWrong();
    Expected<void> blame();
    std::uint64_t done() const;
    std::uint64_t maxRate() const;
    Error hopeless() const;

    const ParameterFile& m_file;
    ParameterFolder& m_folder;
    const FetchSettings& m_settings;
    GatewayPool& m_pool;
    const TaskContext& m_context;
    std::function<void(std::uint64_t, std::uint64_t)> m_told;
    CURLM* m_multi;
    std::optional<PartFile> m_part;
    std::optional<GrowingDigest> m_digest;       ///< of m_part, so it goes first
    std::size_t m_complete = 0;                  ///< chunks from the beginning without a gap
    std::vector<int> m_giver;                    ///< of each chunk
    std::vector<std::uint64_t> m_from;           ///< where the next request of a chunk begins: what broke off is not fetched twice …
    std::vector<int> m_fromGiver;                ///< … from the same gateway: a chunk has one giver
    std::vector<std::string> m_doubted;          ///< digests of chunks that are fetched once more to be compared
    std::vector<int> m_doubtedGiver;
    std::optional<std::size_t> m_only;           ///< while they are compared: the one gateway that is asked
    std::map<std::size_t, std::unique_ptr<Running>> m_running; ///< by a number
    std::set<std::size_t> m_otherSize;           ///< gateways left out because they said another length
    std::map<std::size_t, std::uint64_t> m_said; ///< the length that each gateway said last
    std::size_t m_nextNumber = 0;
    Pace m_pace;
    std::uint64_t m_received = 0;
    int m_totalFrom = kEarlier;                  ///< the gateway that said the length
};

} // namespace lsw::params
