// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "practice/bench_bed.h"

#include <memory>
#include <optional>

namespace lsw::practice {

/// Go's own HTTP server and client as processes beside this one, built from a source that this program carries.
class GoYardstick {
public:
    /// Builds it below `folder`. NotInstalled when there is no Go; ChildDied when it does not build.
    static Expected<GoYardstick> build(const std::filesystem::path& folder, std::stop_token stop);
    ~GoYardstick(); ///< ends the server
    GoYardstick(GoYardstick&&) noexcept;

    /// Serves a folder until the end; the address without a slash at its end.
    Expected<std::string> serve(const std::filesystem::path& folder);
    /// Seconds that reading the address took, whose body must have `bytes`. Runs the event loop meanwhile.
    Expected<double> get(const std::string& url, const std::string& token, std::uint64_t bytes, std::stop_token stop) const;

private:
    class Private;
    explicit GoYardstick(std::unique_ptr<Private> given);
    std::unique_ptr<Private> m_private;
};

/// Median times of the same file over loopback, each server with each client; the bytes are thrown away. In seconds.
struct TransferTimes {
    double oursFromOurs = 0; ///< the worker serves, our client reads
    std::optional<double> goFromOurs, oursFromGo, goFromGo;
};

/// Puts `file` into the worker of the bed as a sealed sector, and has it read `rounds` times in turn, so that what the machine does besides
/// meets all. thread  the main thread; runs the event loop
Expected<TransferTimes> measureTransfers(BenchBed& bed, const std::filesystem::path& workerFolder, const std::filesystem::path& file,
                                         std::uint64_t bytes, int rounds, GoYardstick* go, std::stop_token stop);

} // namespace lsw::practice
