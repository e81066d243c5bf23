// SPDX-License-Identifier: MIT OR Apache-2.0
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "bench/bench_command.h"
#include "kernels/kernel_registry.h"
#include "proofs/native/native_engine.h"
#include "proofs/order_lines.h"
#include "proofs/proof_engine.h"
#ifdef LSW_HAS_OFFICIAL_ENGINE
#include "proofs/official_engine.h"
#endif

// lotus-seal-prover: takes an order line on standard input, computes, answers on standard output (proofs/order_lines.h).
// It serves one order after the other until standard input ends; whoever wants it to stop earlier kills it. Beside that it measures
// and tests itself (bench/bench_command.h).
namespace {

using namespace lsw;
using namespace lsw::proofs;

/// The real standard output. Whatever else prints (the official crate logs) gets standard error instead.
class AnswerPipe {
public:
    AnswerPipe() {
        m_fd = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
        ::dup2(STDERR_FILENO, STDOUT_FILENO);
    }

    /// Whole lines only, one at a time. False when nobody reads any more.
    bool write(std::string line) {
        line += '\n';
        const std::lock_guard lock(m_mutex);
        std::string_view rest = line;
        while (!rest.empty()) {
            const ssize_t n = ::write(m_fd, rest.data(), rest.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return false;
            rest.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }

private:
    std::mutex m_mutex;
    int m_fd = -1;
};

class OrderInput {
public:
    /// The next line; nothing at the end of standard input.
    Expected<std::optional<std::string>> next() {
        std::array<char, 65536> block;
        for (std::size_t searched = 0;;) {
            if (const auto end = m_got.find('\n', searched); end != std::string::npos) {
                std::string line = m_got.substr(0, end);
                m_got.erase(0, end + 1);
                return std::optional(std::move(line));
            }
            searched = m_got.size();
            if (m_got.size() > kLineLimit)
                return Error(ErrorCode::Corrupt, "the order line is longer than " + std::to_string(kLineLimit) + " bytes");
            const ssize_t n = ::read(STDIN_FILENO, block.data(), block.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return errnoError(errno, "reading the order from standard input");
            if (n > 0) {
                m_got.append(block.data(), static_cast<std::size_t>(n));
                continue;
            }
            if (m_got.empty()) return std::optional<std::string>();
            return std::optional(std::exchange(m_got, {}));
        }
    }

    /// From now on another thread reads, to the end.
    void giveAway() { m_isGivenAway = true; }
    bool isGivenAway() const { return m_isGivenAway; }

private:
    std::string m_got;
    bool m_isGivenAway = false;
};

/// VmHWM in bytes; 0 when the kernel does not say.
std::uint64_t peakMemory() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word) {
        std::uint64_t kib = 0;
        if (word == "VmHWM:" && status >> kib) return kib * 1024;
    }
    return 0;
}

/// Passes a new step at once, else at most ten reports a second.
class ProgressLines {
public:
    explicit ProgressLines(AnswerPipe& pipe, std::optional<std::uint64_t> of = {}) : m_pipe(pipe), m_of(of) {}
    void report(const Progress& progress) {
        const auto now = std::chrono::steady_clock::now();
        {
            const std::lock_guard lock(m_mutex);
            const bool isNew = progress.phase != m_last.phase || progress.step != m_last.step || progress.done == progress.total;
            if (!isNew && now - m_when < std::chrono::milliseconds(100)) return;
            m_last = progress;
            m_when = now;
        }
        m_pipe.write(encodeProgress(progress, m_of));
    }

private:
    AnswerPipe& m_pipe;
    const std::optional<std::uint64_t> m_of; ///< which member of a batch
    std::mutex m_mutex;
    Progress m_last;
    std::chrono::steady_clock::time_point m_when{};
};

/// None when the crate is not built in.
std::unique_ptr<ProofEngine> officialEngine() {
#ifdef LSW_HAS_OFFICIAL_ENGINE
    return std::make_unique<OfficialEngine>();
#else
    return nullptr;
#endif
}

Expected<std::unique_ptr<ProofEngine>> makeEngine(const std::string& name) {
    std::unique_ptr<ProofEngine> official = officialEngine();
    if (name == "native") {
        if (std::getenv("LSW_KERNEL")) LSW_TRY(kernels::checkForcedKernels());
        return std::unique_ptr<ProofEngine>(std::make_unique<NativeEngine>(std::move(official)));
    }
    if (name != "official") return Error(ErrorCode::Unsupported, "this prover has no engine '" + name + "'; it has: native, official");
    if (!official)
        return Error(ErrorCode::NotInstalled, "this prover was built without the official proofs crate: build it with LSW_OFFICIAL_PROOFS=ON");
    return official;
}

template <typename T>
Expected<OrderResult> asResult(Expected<T> value) {
    if (!value) return std::move(value).error();
    if constexpr (std::is_void_v<T>) return OrderResult();
    else return OrderResult(std::move(*value));
}

/// Each member is answered as soon as it has ended. What comes on standard input meanwhile are lines that drop one.
Expected<OrderResult> carryOut(const PreCommit1BatchOrder& batch, ProofEngine& engine, const std::filesystem::path& scratch, AnswerPipe& pipe, OrderInput& orders) {
    std::vector<std::stop_source> stops(batch.orders.size());
    std::deque<ProgressLines> lines;
    std::vector<PreCommit1Member> members;
    for (std::size_t i = 0; i < batch.orders.size(); ++i) {
        TaskContext context;
        context.stop = stops[i].get_token();
        context.report = [&told = lines.emplace_back(pipe, i)](const Progress& progress) { told.report(progress); };
        members.push_back({batch.orders[i], std::move(context), [&pipe, &scratch, i, all = batch.orders.size()](Expected<std::string> made) {
                               const std::uint64_t memory = peakMemory() / all;
                               auto line = made ? encodeResult(std::move(*made), scratch, memory, i) : Expected<std::string>(encodeError(made.error(), memory, i));
                               pipe.write(line ? std::move(*line) : encodeError(line.error(), memory, i));
                           }});
    }
    orders.giveAway();
    std::thread([&orders, stops]() mutable { // not waited for: it reads until standard input ends, and this process serves nothing after a batch
        for (auto line = orders.next(); line && *line; line = orders.next())
            if (const auto member = decodeDrop(**line); member && *member < stops.size()) stops[*member].request_stop();
    }).detach();
    engine.preCommit1Together(std::move(members));
    return OrderResult();
}

struct Carry {
    ProofEngine& engine;
    const TaskContext& context;
    const std::filesystem::path& scratch;
    AnswerPipe& pipe;
    OrderInput& orders;
    Expected<OrderResult> operator()(const AddPieceOrder& o) { return asResult(engine.addPiece(o, context)); }
    Expected<OrderResult> operator()(const PieceCommitmentOrder& o) { return asResult(engine.pieceCommitment(o, context)); }
    Expected<OrderResult> operator()(const PreCommit1Order& o) { return asResult(engine.preCommit1(o, context)); }
    Expected<OrderResult> operator()(const PreCommit1BatchOrder& o) { return carryOut(o, engine, scratch, pipe, orders); }
    Expected<OrderResult> operator()(const PreCommit2Order& o) { return asResult(engine.preCommit2(o, context)); }
    Expected<OrderResult> operator()(const SyntheticProofsOrder& o) { return asResult(engine.syntheticProofs(o, context)); }
    Expected<OrderResult> operator()(const Commit1Order& o) { return asResult(engine.commit1(o, context)); }
    Expected<OrderResult> operator()(const Commit2Order& o) { return asResult(engine.commit2(o, context)); }
    Expected<OrderResult> operator()(const VerifySealOrder& o) { return asResult(engine.verifySeal(o, context)); }
    Expected<OrderResult> operator()(const ClearCacheOrder& o) { return asResult(engine.clearCache(o, context)); }
    Expected<OrderResult> operator()(const UnsealOrder& o) { return asResult(engine.unseal(o, context)); }
    Expected<OrderResult> operator()(const ReplicaUpdateOrder& o) { return asResult(engine.replicaUpdate(o, context)); }
    Expected<OrderResult> operator()(const DecodeUpdateOrder& o) { return asResult(engine.decodeUpdate(o, context)); }
    Expected<OrderResult> operator()(const RegenerateKeyOrder& o) { return asResult(engine.regenerateKey(o, context)); }
    Expected<OrderResult> operator()(const RegenerateReplicaOrder& o) { return asResult(engine.regenerateReplica(o, context)); }
    Expected<OrderResult> operator()(const ProveUpdate1Order& o) { return asResult(engine.proveUpdate1(o, context)); }
    Expected<OrderResult> operator()(const ProveUpdate2Order& o) { return asResult(engine.proveUpdate2(o, context)); }
    Expected<OrderResult> operator()(const VerifyUpdateOrder& o) { return asResult(engine.verifyUpdate(o, context)); }
    Expected<OrderResult> operator()(const VanillaPostOrder& o) { return asResult(engine.vanillaPost(o, context)); }
    Expected<OrderResult> operator()(const WinningPostOrder& o) { return asResult(engine.winningPost(o, context)); }
    Expected<OrderResult> operator()(const WindowPostOrder& o) { return asResult(engine.windowPost(o, context)); }
    Expected<OrderResult> operator()(const VerifyPostOrder& o) { return asResult(engine.verifyPost(o, context)); }
    Expected<OrderResult> operator()(const TestParametersOrder& o) { return asResult(engine.testParameters(o, context)); }
};

/// The crate makes nameless files of the size of a sector in the temporary folder, for updates only; /tmp is often memory. They belong
/// beside the replica, unless whoever started us has chosen.
void chooseTemporaryFolder(const Order& order) {
    if (const auto* update = std::get_if<ReplicaUpdateOrder>(&order)) ::setenv("TMPDIR", update->update.parent_path().c_str(), 0);
    else if (const auto* key = std::get_if<RegenerateKeyOrder>(&order)) ::setenv("TMPDIR", key->sealed.parent_path().c_str(), 0);
}

Expected<std::string> serve(std::string_view text, AnswerPipe& pipe, OrderInput& orders) {
    auto line = decodeOrder(text);
    if (!line) return std::move(line).error();
    chooseTemporaryFolder(line->order);
    auto engine = makeEngine(line->engine);
    if (!engine) return std::move(engine).error();
    ProgressLines lines(pipe);
    TaskContext context;
    context.report = [&lines](const Progress& progress) { lines.report(progress); };
    auto result = std::visit(Carry{**engine, context, line->scratch, pipe, orders}, line->order);
    if (!result) return std::move(result).error();
    return encodeResult(*result, line->scratch, peakMemory());
}

/// `bench` and `selftest`: 0, 2 for a bad command line, 13 when something differs or fails its test (as in lotus-seal-worker), else 1.
int measure(const std::vector<std::string>& arguments) {
    AnswerPipe pipe;
    const auto official = officialEngine();
    const auto isRight = bench::runCommand(arguments, {official.get(), LSW_PROVER_FLAVOUR, [&pipe](const std::string& line) { pipe.write(line); }});
    if (isRight) return *isRight ? 0 : 13;
    std::fprintf(stderr, "lotus-seal-prover: %s\n", isRight.error().message().c_str());
    return isRight.error().code() == ErrorCode::InvalidArgument ? 2 : 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
        std::puts("lotus-seal-prover " LSW_VERSION " (" LSW_PROVER_FLAVOUR ")");
        return 0;
    }
    if (argc >= 2 && (std::strcmp(argv[1], "bench") == 0 || std::strcmp(argv[1], "selftest") == 0)) {
        const int code = measure({argv + 1, argv + argc});
        std::fflush(nullptr);
        ::_exit(code); // threads of the crate may still run: no destructors
    }
    if (argc != 1) {
        std::fputs("lotus-seal-prover knows bench, selftest and --version; without them it reads one order line from standard input "
                   "and is started by lotus-seal-worker.\n", stderr);
        return 2;
    }
    std::signal(SIGINT, SIG_IGN); // a Ctrl-C is for whoever started us
    std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow is told as a full disk is
    AnswerPipe pipe;
    OrderInput orders;
    bool goesOn = true;
    for (int served = 0; goesOn; ++served) {
        std::string answer;
        try {
            auto text = orders.next();
            if (text && !*text && served > 0) break;
            if (text && !*text) text = Error(ErrorCode::InvalidArgument, "standard input ended without an order");
            goesOn = text.hasValue();
            auto result = text ? serve(**text, pipe, orders) : Expected<std::string>(std::move(text).error());
            goesOn = goesOn && !orders.isGivenAway();
            answer = result ? std::move(*result) : encodeError(result.error(), peakMemory());
        } catch (const std::bad_alloc&) {
            answer = encodeError(Error(ErrorCode::Internal, "the prover ran out of memory"), peakMemory());
            goesOn = false;
        } catch (const std::exception& e) {
            answer = encodeError(Error(ErrorCode::Internal, std::string("the prover failed: ") + e.what()), peakMemory());
            goesOn = false;
        }
        if (!pipe.write(std::move(answer))) ::_exit(1);
    }
    std::fflush(nullptr);
    ::_exit(0); // threads of the crate may still run: no destructors
}
