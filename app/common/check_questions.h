// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/worker_start.h"
#include "setup/connection_doctor.h"
#include "setup/machine_check.h"

namespace lsw::common {

/// What the doctor is to look at: what a worker that is started so would be told. Whatever is wrong with the way to the miner is for the doctor to find.
/// errors  InvalidArgument for a faulty configuration
/// thread  any but the service thread: reads files
Expected<setup::DoctorQuestion> doctorQuestion(const StartRequest& request);

/// What this machine is to be fit for: the tasks that such a worker would offer on sectors of a size, with its storage paths and the parameters that they
/// need. InvalidArgument for a faulty configuration, and for a size that lotus has not.
/// thread  as above
Expected<setup::MachineQuestion> machineQuestion(const StartRequest& request, std::uint64_t sectorSize);

/// What the tasks that a worker would offer prove, in the words of params::circuitsFor(): "c2,update". Empty for none, and for a faulty configuration.
std::string provenPurposes(const Configuration& configuration);

} // namespace lsw::common
