// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "params/gateway_pool.h"
#include "params/kept_gateways.h"
#include "params/parameter_folder.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lsw::params {

struct FetchSettings {
    std::vector<Gateway> gateways;
    unsigned connections = 8, perGateway = 4;
    std::uint64_t maxRate = 0;                      ///< bytes a second of all together; 0: no limit
    std::chrono::milliseconds stall{60000};         ///< a request that was slower than `slowest` for so long is given to another
    std::uint64_t slowest = 16U << 10;              ///< bytes a second
    std::chrono::milliseconds backoff{1000};        ///< how long a gateway waits after its second failure in a row, or its first refusal; twice as long each time
    int patience = 12;                              ///< failures in a row after which a gateway is given up
    std::chrono::milliseconds flush{2000};          ///< how much work a power cut may cost
    std::uint64_t margin = 1ULL << 30;              ///< bytes that stay free on the disk
    /// Told what a gateway does wrong, once until it does something else wrong: "china answers HTTP 403 (AccountArrear)".
    std::function<void(const std::string&)> note = [](const std::string&) {};
    /// Asked several times a second: others than before when somebody has chosen others. Nothing that has come is lost by it.
    std::function<std::optional<std::vector<Gateway>>()> otherGateways = [] { return std::optional<std::vector<Gateway>>(); };
    /// Asked as often; its limit counts beside `maxRate`, for what is asked for from then on.
    std::function<Pace()> pace = [] { return Pace(); };
};

/// Fetches parameter files from several gateways at once, in chunks, and goes on where an earlier fetch ended, be it from another gateway.
///
/// Nothing that a gateway says is believed: a file gets its name only when its digest is that of the manifest. When it is not, the parts that came from
/// different gateways are compared, and the one that gave wrong bytes is not asked again.
///
/// thread  the calling one, until all is done
/// errors  NoSpace before the first byte or while writing; Remote when no gateway gives the file, with what each of them did; StorageUnavailable while
///         another program fetches; Io; Cancelled. What was fetched until then is kept.
class ParameterFetcher {
public:
    ParameterFetcher(ParameterFolder& folder, FetchSettings settings);

    /// Progress: phase "params", step "2 of 8: NAME", bytes of all files together.
    Expected<void> fetch(const std::vector<ParameterFile>& files, const TaskContext& context);

    /// What each gateway gave and did.
    const std::vector<GatewayRecord>& gateways() const { return m_pool.all(); }
    /// Bytes that came, good or not.
    std::uint64_t received() const { return m_received; }

private:
    ParameterFolder& m_folder;
    FetchSettings m_settings;
    GatewayPool m_pool;
    std::uint64_t m_received = 0;
};

} // namespace lsw::params
