// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/batch_conversation.h"

#include <algorithm>
#include <utility>

namespace lsw::tasks {
namespace {

using namespace proofs;

/// A member ends within some 20 ms where it is labelled; a flush of the disk may take longer.
constexpr auto kDropPatience = std::chrono::seconds(10);

} // namespace

BatchConversation::BatchConversation(Child child, const OrderLine& order, std::string text, const TaskContext& context, std::vector<PreCommit1Member>& members,
                                     std::function<void(std::uint64_t)> noteMemory)
    : Conversation(std::move(child), order, std::move(text), context, false), m_members(members), m_dropped(members.size()), m_noteMemory(std::move(noteMemory)) {
    keepListening();
    for (const PreCommit1Member& member : members) stopEvent().watch(member.context.stop);
}

void BatchConversation::takePart(AnswerLine line) {
    PreCommit1Member& member = m_members[static_cast<std::size_t>(*line.of)];
    if (!member.done) return; // it has its answer
    if (const auto* progress = std::get_if<Progress>(&line.content)) return member.context.report(*progress);
    m_noteMemory(line.peakMemory);
    const auto done = std::exchange(member.done, nullptr);
    if (auto* failure = std::get_if<Error>(&line.content)) {
        const bool isStop = failure->code() == ErrorCode::Cancelled;
        return done(isStop ? std::move(*failure) : std::move(*failure).whileDoing("proving (pc1_batch)"));
    }
    done(std::get<std::string>(std::move(std::get<OrderResult>(line.content))));
}

std::optional<Error> BatchConversation::whyStop() {
    std::size_t open = 0, stopped = 0;
    bool isStuck = false;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        if (!m_members[i].done) continue;
        ++open;
        if (!m_members[i].context.stop.stop_requested()) continue;
        ++stopped;
        if (!m_dropped[i]) {
            m_dropped[i] = Clock::now();
            say(encodeDrop(i));
        }
        isStuck = isStuck || Clock::now() - *m_dropped[i] > kDropPatience;
    }
    if (open > 0 && open == stopped) return Error(ErrorCode::Cancelled, "stopped on request");
    if (isStuck) return Error(ErrorCode::Timeout, "a sector that was to leave its batch did not within ten seconds");
    return std::nullopt;
}

int BatchConversation::patience() const {
    const bool waits = std::ranges::any_of(m_members, [this](const PreCommit1Member& member) {
        return member.done && m_dropped[static_cast<std::size_t>(&member - m_members.data())];
    });
    return waits ? 1000 : -1;
}

} // namespace lsw::tasks
