// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/prover_conversation.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lsw::tasks {
namespace {

using namespace proofs;

constexpr std::size_t kErrorTail = 4096;
/// How long a child that has answered may take to end; then it is ended.
constexpr auto kFarewell = std::chrono::seconds(2);

std::string describeEnd(int status) {
    if (WIFEXITED(status)) return "exit code " + std::to_string(WEXITSTATUS(status));
    const int number = WTERMSIG(status);
    const char* const name = ::sigabbrev_np(number);
    std::string out = "signal SIG" + std::string(name ? name : std::to_string(number));
    if (number == SIGKILL) out += ", probably out of memory (see the kernel's log)";
    return out;
}

/// The last lines in one: line breaks become " | ".
std::string oneLine(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        if (!line.empty()) out += (out.empty() ? "" : " | ") + std::string(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

} // namespace

StopEvent::StopEvent() : m_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void StopEvent::clear() const {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = ::read(m_fd.get(), &count, sizeof count);
}

void StopEvent::Wake::operator()() const noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(fd, &one, sizeof one);
}

Conversation::Conversation(Child child, const OrderLine& order, std::string text, const TaskContext& context, bool stays)
    : m_child(std::move(child)), m_order(order), m_toSend(std::move(text)), m_context(context), m_stays(stays) {
    m_toSend += '\n';
    m_stop.watch(context.stop);
}

Conversation::~Conversation() { reap(true); }

void Conversation::takePart(AnswerLine) { m_broken = Error(ErrorCode::Corrupt, "the prover answered for a member of an order that has none"); }

Expected<OrderResult> Conversation::run() {
    while (!m_ended) {
        std::array<pollfd, 5> fds{{{m_child.process.get(), POLLIN, 0},
                                   {m_answer ? -1 : m_stop.get(), POLLIN, 0},
                                   {m_child.output.get(), POLLIN, 0},
                                   {m_child.errors.get(), POLLIN, 0},
                                   {m_toSend.empty() ? -1 : m_child.input.get(), POLLOUT, 0}}}; // −1, as of closed ones, is skipped
        const int ready = ::poll(fds.data(), fds.size(), m_answer ? farewellLeft() : patience());
        if (ready < 0 && errno != EINTR) return errnoError(errno, "waiting for the prover");
        if (fds[1].revents) m_stop.clear();
        if (!m_answer)
            if (auto why = whyStop()) {
                reap(true);
                return std::move(*why);
            }
        if (fds[4].revents) send();
        if (fds[3].revents) readErrors();
        if (fds[2].revents) readOutput();
        if (m_broken) {
            reap(true);
            return std::move(*m_broken);
        }
        if (m_answer && m_stays) return takeAnswer();
        if (fds[0].revents) reap(false);
        else if (m_answer && farewellLeft() == 0) reap(true);
    }
    // What it wrote before it ended may still be in the pipes.
    if (m_child.output) readOutput();
    if (m_child.errors) readErrors();
    if (m_broken) return std::move(*m_broken);
    if (m_answer) return takeAnswer();
    if (auto why = whyStop()) return std::move(*why);
    std::string what = "the prover ended without an answer (" + describeEnd(m_status) + ")";
    if (const std::string said = oneLine(m_errors); !said.empty()) what += ", last words: " + said;
    return Error(ErrorCode::ChildDied, std::move(what));
}

std::optional<Child> Conversation::takeChild() {
    if (!m_stays || !m_answer || m_ended || !m_toSend.empty()) return std::nullopt;
    m_ended = true; // for us
    return std::move(m_child);
}

std::uint64_t Conversation::peakMemory() const {
    if (m_answer && m_answer->peakMemory) return m_answer->peakMemory;
    return m_peak;
}

int Conversation::farewellLeft() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_farewell - std::chrono::steady_clock::now()).count();
    return left > 0 ? static_cast<int>(left) : 0;
}

void Conversation::send() {
    while (m_sent < m_toSend.size()) {
        const ssize_t n = ::send(m_child.input.get(), m_toSend.data() + m_sent, m_toSend.size() - m_sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n < 0) break; // it reads no more: its end will tell why
        m_sent += static_cast<std::size_t>(n);
    }
    if (!m_stays && !m_listens) m_child.input.reset();
    m_toSend.clear();
    m_sent = 0;
}

void Conversation::readErrors() {
    std::array<char, 4096> block;
    for (;;) {
        const ssize_t n = ::read(m_child.errors.get(), block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) return m_child.errors.reset();
        m_errors.append(block.data(), static_cast<std::size_t>(n));
        if (m_errors.size() > kErrorTail) m_errors.erase(0, m_errors.size() - kErrorTail);
    }
}

void Conversation::readOutput() {
    std::array<char, 65536> block;
    while (!m_broken) {
        const ssize_t n = ::read(m_child.output.get(), block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) return m_child.output.reset();
        std::string_view got(block.data(), static_cast<std::size_t>(n));
        for (auto end = got.find('\n'); end != std::string_view::npos && !m_broken; end = got.find('\n')) {
            m_line += got.substr(0, end);
            got.remove_prefix(end + 1);
            takeLine();
            m_line.clear();
        }
        m_line += got;
        if (m_line.size() > kLineLimit)
            m_broken = Error(ErrorCode::Corrupt, "the prover wrote a line of more than " + std::to_string(kLineLimit) + " bytes");
    }
}

void Conversation::takeLine() {
    const auto refuse = [this](const std::string& why) {
        m_broken =
            Error(ErrorCode::Corrupt, "the prover answered with a line that is no answer (" + why + "): " + m_line.substr(0, 120));
    };
    if (m_answer) return refuse("it had answered already");
    auto answer = decodeAnswer(m_line, m_order);
    if (!answer) return refuse(answer.error().message());
    if (answer->of) return takePart(std::move(*answer));
    if (answer->isProgress()) return m_context.report(std::get<Progress>(answer->content));
    m_answer = std::move(*answer);
    m_farewell = std::chrono::steady_clock::now() + kFarewell;
    if (m_listens) m_child.input.reset();
}

Expected<OrderResult> Conversation::takeAnswer() {
    if (auto* failure = std::get_if<Error>(&m_answer->content)) return std::move(*failure);
    return std::move(std::get<OrderResult>(m_answer->content));
}

/// Waits for its end (`force`: ends it and all it started first), so that no zombie stays.
void Conversation::reap(bool force) {
    if (m_ended) return;
    if (force) {
        ::kill(-m_child.pid, SIGKILL);
        ::kill(m_child.pid, SIGKILL);
    }
    struct rusage usage {};
    pid_t got = 0;
    do got = ::wait4(m_child.pid, &m_status, 0, &usage);
    while (got < 0 && errno == EINTR);
    m_ended = true;
    m_peak = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

} // namespace lsw::tasks
