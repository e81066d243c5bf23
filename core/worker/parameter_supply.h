// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "params/parameter_manifest.h"
#include "tasks/task_runner.h"

#include <QtCore/QObject>

#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace lsw::worker {

/// What a worker proves with these types of task: the circuits whose parameters it needs. PC1, PC2 and all that moves files need none.
std::vector<params::Circuit> circuitsOf(const std::vector<std::string>& taskTypes);

/// Has the parameter files that a worker needs fetched in the background, and says which tasks wait for them meanwhile.
///
/// What is missing is fetched circuit by circuit, Commit 2 first; what cannot be had now is tried again. The gateways are those chosen for the
/// folder (`params use`), else IPFS_GATEWAY, else the known ones.
///
/// thread  the service's; disk and network belong to a thread of this object, which its destructor ends
class ParameterSupply final : public QObject {
    Q_OBJECT
public:
    struct Settings {
        std::filesystem::path folder;                ///< empty: as the official crate has it
        std::vector<params::ParameterFile> manifest; ///< of lotus, or of a test
        int retryMs = 60000;
    };
    explicit ParameterSupply(Settings settings, QObject* parent = nullptr);
    ~ParameterSupply() override;

    /// What has to be there from now on. The same once more changes nothing.
    void need(sector::PaddedBytes sectorSize, std::vector<params::Circuit> circuits);
    /// Why a task of this type cannot begin; nothing when its files are there, or when nobody said yet what is needed.
    std::optional<tasks::WaitReason> whyNot(std::string_view taskType) const;

Q_SIGNALS:
    /// Files came, or the reason to wait has other figures.
    void changed();

private:
    void supply(std::stop_token stop, std::uint64_t round, sector::PaddedBytes sectorSize, const std::vector<params::Circuit>& circuits);
    void tell(std::uint64_t round, std::map<params::Circuit, std::string> missing);

    Settings m_settings;
    sector::PaddedBytes m_sectorSize;
    std::vector<params::Circuit> m_circuits;
    std::map<params::Circuit, std::string> m_missing; ///< and what is done about it
    std::uint64_t m_round = 0;                        ///< what an earlier thread still tells is passed over
    std::vector<std::jthread> m_threads;              ///< the last one works; earlier ones are ending, which takes as long as a request
};

} // namespace lsw::worker
