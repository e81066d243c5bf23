// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "proofs/order_lines.h"
#include "tasks/child_starter.h"

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string>

namespace lsw::tasks {

/// Becomes readable when one of its stop tokens fires.
class StopEvent {
public:
    StopEvent();
    void watch(const std::stop_token& stop) { m_callbacks.emplace_back(stop, Wake{m_fd.get()}); }
    int get() const { return m_fd.get(); }
    /// Unreadable until another one fires.
    void clear() const;

private:
    struct Wake {
        int fd;
        void operator()() const noexcept;
    };
    OwnedFd m_fd;
    std::list<std::stop_callback<Wake>> m_callbacks; ///< behind what they use
};

/// Drives one child from its order to its end on the calling thread, or to its answer when it stays for further orders.
class Conversation {
public:
    /// `text` is the line of `order`; both, and what `context` refers to, outlive this.
    Conversation(Child child, const proofs::OrderLine& order, std::string text, const TaskContext& context, bool stays);
    virtual ~Conversation();
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    Expected<proofs::OrderResult> run();
    /// The child that stays; nothing when it has ended.
    std::optional<Child> takeChild();
    std::uint64_t peakMemory() const;

protected:
    /// A line of the child that is of one member of a batch.
    virtual void takePart(proofs::AnswerLine line);
    /// Whether what it works for is to stop: then the child is ended. Asked whenever something happened.
    virtual std::optional<Error> whyStop() { return m_context.stop.stop_requested() ? std::optional(Error(ErrorCode::Cancelled, "stopped on request")) : std::nullopt; }
    /// How long whyStop() need not be asked when nothing happens, in milliseconds; −1: for ever.
    virtual int patience() const { return -1; }
    StopEvent& stopEvent() { return m_stop; }
    /// Sends a line; the child has to listen: see keepListening().
    void say(const std::string& line) { m_toSend += line + '\n'; }
    void keepListening() { m_listens = true; }

private:
    int farewellLeft() const;
    void send();
    void readErrors();
    void readOutput();
    void takeLine();
    Expected<proofs::OrderResult> takeAnswer();
    void reap(bool force);

    Child m_child;
    const proofs::OrderLine& m_order;
    std::string m_toSend;
    std::size_t m_sent = 0;
    const TaskContext& m_context;
    const bool m_stays;
    bool m_listens = false; ///< to further lines while it computes
    StopEvent m_stop;
    std::string m_line, m_errors;
    std::optional<proofs::AnswerLine> m_answer;
    std::optional<Error> m_broken;
    std::chrono::steady_clock::time_point m_farewell;
    std::uint64_t m_peak = 0;
    int m_status = 0;
    bool m_ended = false;
};

} // namespace lsw::tasks
