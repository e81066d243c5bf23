// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/prover_orders.h"
#include "protocol/lotus_types.h"

namespace lsw::tasks {

/// PC2 by a program of the operator's (`--external-pc2`): `sh -c command` with an environment of EXTSEAL_PC2_* alone. It transforms `sealed` in
/// place and leaves in `cache` p_aux, t_aux and the trees C and R last; CommR and CommD are computed from what it left. What it prints goes to
/// our standard error. A fired stop token ends it and all that it started.
///
/// error   ChildDied "external command error: exit status 3"; Corrupt, NotFound when what it left is not whole; Cancelled
/// source  protocol facts 8.1
Expected<proofs::PreCommit2Result> externalPreCommit2(const std::string& command, const protocol::SectorRef& sector,
                                                      const proofs::PreCommit2Order& order, const TaskContext& context);

} // namespace lsw::tasks
