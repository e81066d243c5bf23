// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/proof_engine.h"
#include "tasks/prover_conversation.h"

#include <vector>

namespace lsw::tasks {

/// A child that computes a batch. What it says of a member goes to that one; one that is stopped is dropped, and when all are stopped the child is ended.
class BatchConversation final : public Conversation {
public:
    /// Members lose their `done` when it was called. `noteMemory` hears before that what the child needed for one of them, in bytes.
    BatchConversation(Child child, const proofs::OrderLine& order, std::string text, const TaskContext& context, std::vector<proofs::PreCommit1Member>& members,
                      std::function<void(std::uint64_t)> noteMemory);

protected:
    void takePart(proofs::AnswerLine line) override;
    /// Cancelled when all are stopped, Timeout when one that was dropped is still worked on.
    std::optional<Error> whyStop() override;
    int patience() const override;

private:
    using Clock = std::chrono::steady_clock;

    std::vector<proofs::PreCommit1Member>& m_members;
    std::vector<std::optional<Clock::time_point>> m_dropped; ///< when each was told to end
    std::function<void(std::uint64_t)> m_noteMemory;
};

} // namespace lsw::tasks
