// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/configuration.h"
#include "setup/miner_repo.h"
#include "worker/worker_service.h"

namespace lsw::common {

/// How somebody starts a worker: `run`, the window, a service.
struct StartRequest {
    std::filesystem::path repo;               ///< the worker's folder, see workerRepo()
    std::map<std::string, std::string> flags; ///< by the key of the setting; the window has none
    std::string apiInfoFlag;                  ///< --api-info
    std::function<std::string(const std::string&)> environment = environmentVariable;
    std::filesystem::path home;               ///< where ~/.lotusminer is looked for
};

struct PreparedWorker {
    worker::WorkerSettings settings; ///< reads itself again on reload
    std::string minerSource;         ///< "MINER_API_INFO", "~/.lotusminer", "the system's keychain", …
    std::vector<std::string> notes;  ///< one sentence each: what wins over what, old names, a token that others can read
};

/// The configuration that such a worker has. InvalidArgument for a faulty one.
Expected<Configuration> startConfiguration(const StartRequest& request);
/// Where it looks for its miner.
setup::MinerQuery minerQuery(const StartRequest& request, const Configuration& configuration);

/// The one way from file, environment and flags to a worker: everything but starting it.
/// errors  InvalidArgument for a faulty configuration; those of setup::findMiner
/// thread  any but the service thread: reads files
Expected<PreparedWorker> prepareWorker(const StartRequest& request);

} // namespace lsw::common
