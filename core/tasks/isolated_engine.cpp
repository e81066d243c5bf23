// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/isolated_engine.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proofs/order_lines.h"
#include "tasks/child_starter.h"
#include "tasks/idle_children.h"
#include "tasks/parent_cache_choice.h"
#include "tasks/prover_program.h"
#include "tasks/scratch_folder.h"

extern char** environ; // NOLINT: POSIX

namespace lsw::tasks {
namespace {

namespace fs = std::filesystem;
using namespace proofs;

constexpr std::size_t kErrorTail = 4096;
/// Bulk of orders lies in folders of that name.
constexpr std::string_view kScratchPrefix = "lsw-order-";
constexpr int kInheritedFd = 3;
/// How long a child that has answered may take to end; then it is ended.
constexpr auto kFarewell = std::chrono::seconds(2);
/// How long a child that reads sectors waits for another one.
constexpr auto kIdle = std::chrono::seconds(10);

thread_local std::uint64_t t_lastPeakMemory = 0;
thread_local std::uint64_t t_largestPeakMemory = 0;

/// Becomes readable when the stop token fires.
class StopEvent {
public:
    explicit StopEvent(const std::stop_token& stop)
        : m_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), m_callback(stop, Wake{m_fd.get()}) {}
    int get() const { return m_fd.get(); }

private:
    struct Wake {
        int fd;
        void operator()() const noexcept {
            const std::uint64_t one = 1;
            [[maybe_unused]] const ssize_t n = ::write(fd, &one, sizeof one);
        }
    };
    OwnedFd m_fd;
    std::stop_callback<Wake> m_callback;
};

/// A block or a deadline of minutes hangs on these: they run with the priority of the worker itself.
bool isUrgent(const Order& order) {
    return std::holds_alternative<VanillaPostOrder>(order) || std::holds_alternative<WinningPostOrder>(order) ||
           std::holds_alternative<WindowPostOrder>(order);
}

/// A window PoSt has thousands of these, and starting a prover takes longer than reading a sector.
bool isOneOfMany(const Order& order) { return std::holds_alternative<VanillaPostOrder>(order); }

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

/// Drives one child from its order to its end on the calling thread, or to its answer when it stays for further orders.
class Conversation {
public:
    Conversation(Child child, const OrderLine& order, std::string text, const TaskContext& context)
        : m_child(std::move(child)), m_order(order), m_toSend(std::move(text)), m_context(context), m_stays(isOneOfMany(order.order)) {
        m_toSend += '\n';
    }
    ~Conversation() { reap(true); }

    Expected<OrderResult> run() {
        const StopEvent stop(m_context.stop);
        while (!m_ended) {
            std::array<pollfd, 5> fds{{{m_child.process.get(), POLLIN, 0},
                                       {m_answer ? -1 : stop.get(), POLLIN, 0},
                                       {m_child.output.get(), POLLIN, 0},
                                       {m_child.errors.get(), POLLIN, 0},
                                       {m_toSend.empty() ? -1 : m_child.input.get(), POLLOUT, 0}}}; // −1, as of closed ones, is skipped
            const int ready = ::poll(fds.data(), fds.size(), m_answer ? farewellLeft() : -1);
            if (ready < 0 && errno != EINTR) return errnoError(errno, "waiting for the prover");
            if (m_context.stop.stop_requested() && !m_answer) {
                reap(true);
                return Error(ErrorCode::Cancelled, "stopped on request");
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
        if (m_context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped on request");
        std::string what = "the prover ended without an answer (" + describeEnd(m_status) + ")";
        if (const std::string said = oneLine(m_errors); !said.empty()) what += ", last words: " + said;
        return Error(ErrorCode::ChildDied, std::move(what));
    }

    /// The child that stays; nothing when it has ended.
    std::optional<Child> takeChild() {
        if (!m_stays || !m_answer || m_ended || !m_toSend.empty()) return std::nullopt;
        m_ended = true; // for us
        return std::move(m_child);
    }

    std::uint64_t peakMemory() const {
        if (m_answer && m_answer->peakMemory) return m_answer->peakMemory;
        return m_peak;
    }

private:
    int farewellLeft() const {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_farewell - std::chrono::steady_clock::now()).count();
        return left > 0 ? static_cast<int>(left) : 0;
    }

    void send() {
        while (!m_toSend.empty()) {
            const ssize_t n = ::send(m_child.input.get(), m_toSend.data() + m_sent, m_toSend.size() - m_sent, MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno == EAGAIN) return;
            if (n < 0) break; // it reads no more: its end will tell why
            m_sent += static_cast<std::size_t>(n);
            if (m_sent == m_toSend.size()) break;
        }
        if (!m_stays) m_child.input.reset();
        m_toSend.clear();
    }

    void readErrors() {
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

    void readOutput() {
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

    void takeLine() {
        const auto refuse = [this](const std::string& why) {
            m_broken =
                Error(ErrorCode::Corrupt, "the prover answered with a line that is no answer (" + why + "): " + m_line.substr(0, 120));
        };
        if (m_answer) return refuse("it had answered already");
        auto answer = decodeAnswer(m_line, m_order);
        if (!answer) return refuse(answer.error().message());
        if (answer->isProgress()) return m_context.report(std::get<Progress>(answer->content));
        m_answer = std::move(*answer);
        m_farewell = std::chrono::steady_clock::now() + kFarewell;
    }

    Expected<OrderResult> takeAnswer() {
        if (auto* failure = std::get_if<Error>(&m_answer->content)) return std::move(*failure);
        return std::move(std::get<OrderResult>(m_answer->content));
    }

    /// Waits for its end (`force`: ends it and all it started first), so that no zombie stays.
    void reap(bool force) {
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

    Child m_child;
    const OrderLine& m_order;
    std::string m_toSend;
    std::size_t m_sent = 0;
    const TaskContext& m_context;
    const bool m_stays;
    std::string m_line, m_errors;
    std::optional<AnswerLine> m_answer;
    std::optional<Error> m_broken;
    std::chrono::steady_clock::time_point m_farewell;
    std::uint64_t m_peak = 0;
    int m_status = 0;
    bool m_ended = false;
};

bool mayHaveBulk(const Order& order) {
    return std::holds_alternative<PreCommit1Order>(order) || std::holds_alternative<PreCommit2Order>(order) ||
           std::holds_alternative<Commit1Order>(order) || std::holds_alternative<Commit2Order>(order) ||
           std::holds_alternative<ProveUpdate1Order>(order) || std::holds_alternative<ProveUpdate2Order>(order) ||
           std::holds_alternative<WinningPostOrder>(order) || std::holds_alternative<WindowPostOrder>(order);
}

void dropBulk(Order& order) {
    std::visit(
        [](auto& one) {
            if constexpr (requires { one.commit1Output; }) one.commit1Output = std::string();
            if constexpr (requires { one.vanillaProofs; }) one.vanillaProofs = {};
        },
        order);
}

/// The piece's descriptor of the order, changed to the number it has in the child; −1 when there is none.
int takeInherited(Order& order) {
    PieceSource* source = nullptr;
    if (auto* add = std::get_if<AddPieceOrder>(&order)) source = &add->source;
    else if (auto* commitment = std::get_if<PieceCommitmentOrder>(&order)) source = &commitment->source;
    if (!source || source->isZeros()) return -1;
    return std::exchange(source->descriptor, kInheritedFd);
}

} // namespace

class IsolatedEngine::Private {
public:
    explicit Private(ProverSettings given) : settings(std::move(given)) {
        ScratchFolder::removeStale(settings.scratch, kScratchPrefix,
                                   settings.scratchIsOurs ? std::chrono::seconds(0) : ScratchFolder::kYoung);
    }

    template <typename T>
    Expected<T> carryOut(Order order, const TaskContext& context) {
        const std::string doing = "proving (" + std::string(orderName(order)) + ")";
        auto result = converse(std::move(order), context);
        if (!result) {
            if (result.error().code() == ErrorCode::Cancelled) return std::move(result).error();
            return std::move(result).error().whileDoing(doing);
        }
        if constexpr (std::is_void_v<T>) return {};
        else return std::get<T>(std::move(*result));
    }

    ProverSettings settings;

private:
    Expected<OrderResult> converse(Order order, const TaskContext& context) {
        t_lastPeakMemory = 0;
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped on request");
        auto program = findProver(settings.folder);
        if (!program) return std::move(program).error();
        OrderLine line{std::move(order), {}, settings.engine};
        const int inherited = takeInherited(line.order);
        std::optional<ScratchFolder> scratch;
        if (mayHaveBulk(line.order)) {
            auto made = ScratchFolder::make(settings.scratch, kScratchPrefix);
            if (!made) return std::move(made).error();
            scratch.emplace(std::move(*made));
            line.scratch = scratch->path();
        }
        auto text = encodeOrder(line);
        if (!text) return std::move(text).error();
        dropBulk(line.order); // written out: nobody needs it here any more
        if (isOneOfMany(line.order)) {
            if (auto idle = m_idle.take()) {
                auto result = talk(std::move(*idle), line, *text, context);
                if (result || result.error().code() != ErrorCode::ChildDied) return result;
                // What it died of may be of an order before this one, whose sector would be blamed for another's.
            }
        }
        auto child = m_starter.start({*program, childEnvironment(), inherited, isUrgent(line.order) ? 0 : settings.niceness});
        if (!child) return std::move(child).error();
        return talk(std::move(*child), line, std::move(*text), context);
    }

    Expected<OrderResult> talk(Child child, const OrderLine& line, std::string text, const TaskContext& context) {
        Conversation conversation(std::move(child), line, std::move(text), context);
        auto result = conversation.run();
        if (auto left = conversation.takeChild()) m_idle.keep(std::move(*left));
        t_lastPeakMemory = conversation.peakMemory();
        t_largestPeakMemory = std::max(t_largestPeakMemory, t_lastPeakMemory);
        return result;
    }

    std::vector<std::string> childEnvironment() const {
        std::map<std::string, std::string> changed = settings.environment;
        if (!settings.parameterCache.empty()) changed["FIL_PROOFS_PARAMETER_CACHE"] = settings.parameterCache.string();
        const auto parents = settings.parentCache.empty() ? parentCacheChoice() : settings.parentCache;
        if (!parents.empty()) changed["FIL_PROOFS_PARENT_CACHE"] = parents.string();
        std::vector<std::string> out;
        for (char** entry = environ; *entry; ++entry) {
            const std::string_view text = *entry;
            const std::string name(text.substr(0, text.find('=')));
            if (name.ends_with("_API_INFO")) continue; // holds a token, which is none of a prover's business
            if (!changed.contains(name)) out.emplace_back(text);
        }
        for (const auto& [name, value] : changed) out.push_back(name + '=' + value);
        return out;
    }

    ChildStarter m_starter;
    IdleChildren m_idle{kIdle}; // behind what started them, whose end is theirs too
};

IsolatedEngine::IsolatedEngine(ProverSettings settings) : m_private(std::make_unique<Private>(std::move(settings))) {}
IsolatedEngine::~IsolatedEngine() = default;

Expected<fs::path> IsolatedEngine::proverProgram() const { return findProver(m_private->settings.folder); }

std::uint64_t IsolatedEngine::lastPeakMemory() { return t_lastPeakMemory; }

std::uint64_t IsolatedEngine::takePeakMemory() { return std::exchange(t_largestPeakMemory, 0); }

Expected<sector::PieceInfo> IsolatedEngine::addPiece(const AddPieceOrder& o, const TaskContext& c) {
    return m_private->carryOut<PieceInfo>(o, c);
}
Expected<sector::PieceInfo> IsolatedEngine::pieceCommitment(const PieceCommitmentOrder& o, const TaskContext& c) {
    return m_private->carryOut<PieceInfo>(o, c);
}
Expected<std::string> IsolatedEngine::preCommit1(const PreCommit1Order& o, const TaskContext& c) {
    return m_private->carryOut<std::string>(o, c);
}
Expected<PreCommit2Result> IsolatedEngine::preCommit2(const PreCommit2Order& o, const TaskContext& c) {
    return m_private->carryOut<PreCommit2Result>(o, c);
}
Expected<void> IsolatedEngine::syntheticProofs(const SyntheticProofsOrder& o, const TaskContext& c) {
    return m_private->carryOut<void>(o, c);
}
Expected<std::string> IsolatedEngine::commit1(const Commit1Order& o, const TaskContext& c) {
    return m_private->carryOut<std::string>(o, c);
}
Expected<Bytes> IsolatedEngine::commit2(const Commit2Order& o, const TaskContext& c) { return m_private->carryOut<Bytes>(o, c); }
Expected<bool> IsolatedEngine::verifySeal(const VerifySealOrder& o, const TaskContext& c) { return m_private->carryOut<bool>(o, c); }
Expected<void> IsolatedEngine::clearCache(const ClearCacheOrder& o, const TaskContext& c) { return m_private->carryOut<void>(o, c); }
Expected<void> IsolatedEngine::unseal(const UnsealOrder& o, const TaskContext& c) { return m_private->carryOut<void>(o, c); }
Expected<ReplicaUpdateResult> IsolatedEngine::replicaUpdate(const ReplicaUpdateOrder& o, const TaskContext& c) {
    return m_private->carryOut<ReplicaUpdateResult>(o, c);
}
Expected<void> IsolatedEngine::decodeUpdate(const DecodeUpdateOrder& o, const TaskContext& c) { return m_private->carryOut<void>(o, c); }
Expected<void> IsolatedEngine::regenerateKey(const RegenerateKeyOrder& o, const TaskContext& c) { return m_private->carryOut<void>(o, c); }
Expected<void> IsolatedEngine::regenerateReplica(const RegenerateReplicaOrder& o, const TaskContext& c) {
    return m_private->carryOut<void>(o, c);
}
Expected<std::vector<Bytes>> IsolatedEngine::proveUpdate1(const ProveUpdate1Order& o, const TaskContext& c) {
    return m_private->carryOut<std::vector<Bytes>>(o, c);
}
Expected<Bytes> IsolatedEngine::proveUpdate2(const ProveUpdate2Order& o, const TaskContext& c) { return m_private->carryOut<Bytes>(o, c); }
Expected<bool> IsolatedEngine::verifyUpdate(const VerifyUpdateOrder& o, const TaskContext& c) { return m_private->carryOut<bool>(o, c); }
Expected<Bytes> IsolatedEngine::vanillaPost(const VanillaPostOrder& o, const TaskContext& c) { return m_private->carryOut<Bytes>(o, c); }
Expected<Bytes> IsolatedEngine::winningPost(const WinningPostOrder& o, const TaskContext& c) { return m_private->carryOut<Bytes>(o, c); }
Expected<Bytes> IsolatedEngine::windowPost(const WindowPostOrder& o, const TaskContext& c) { return m_private->carryOut<Bytes>(o, c); }
Expected<bool> IsolatedEngine::verifyPost(const VerifyPostOrder& o, const TaskContext& c) { return m_private->carryOut<bool>(o, c); }
Expected<void> IsolatedEngine::testParameters(const TestParametersOrder& o, const TaskContext& c) {
    return m_private->carryOut<void>(o, c);
}

} // namespace lsw::tasks
