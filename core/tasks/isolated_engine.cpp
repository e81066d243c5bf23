// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/isolated_engine.h"

#include <algorithm>
#include <chrono>
#include <unistd.h>

#include "proofs/order_lines.h"
#include "tasks/batch_conversation.h"
#include "tasks/child_starter.h"
#include "tasks/core_complexes.h"
#include "tasks/idle_children.h"
#include "tasks/parent_cache_choice.h"
#include "tasks/prover_program.h"
#include "tasks/scratch_folder.h"

extern char** environ; // NOLINT: POSIX

namespace lsw::tasks {
namespace {

namespace fs = std::filesystem;
using namespace proofs;

/// Bulk of orders lies in folders of that name.
constexpr std::string_view kScratchPrefix = "lsw-order-";
constexpr int kInheritedFd = 3;
/// How long a child that reads sectors waits for another one.
constexpr auto kIdle = std::chrono::seconds(10);

thread_local std::uint64_t t_lastPeakMemory = 0;
thread_local std::uint64_t t_largestPeakMemory = 0;

/// A block or a deadline of minutes hangs on these: they run with the priority of the worker itself.
bool isUrgent(const Order& order) {
    return std::holds_alternative<VanillaPostOrder>(order) || std::holds_alternative<WinningPostOrder>(order) ||
           std::holds_alternative<WindowPostOrder>(order);
}

/// A window PoSt has thousands of these, and starting a prover takes longer than reading a sector.
bool isOneOfMany(const Order& order) { return std::holds_alternative<VanillaPostOrder>(order); }

bool mayHaveBulk(const Order& order) {
    return std::holds_alternative<PreCommit1Order>(order) || std::holds_alternative<PreCommit1BatchOrder>(order) ||
           std::holds_alternative<PreCommit2Order>(order) ||
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

    /// One child for all of them. Who is not answered by it, and is not the cause, is asked for again of another one.
    void carryOutTogether(std::vector<PreCommit1Member> members) {
        const CoreComplexes::Place place(complexes);
        for (PreCommit1Member& member : members) member.order.processors = place.processors();
        while (!members.empty()) {
            const auto told = converseTogether(members);
            const bool othersGoOn = !told && told.error().code() == ErrorCode::Timeout; // a member that was stopped did not let go
            for (PreCommit1Member& member : members) {
                const bool isStopped = member.context.stop.stop_requested();
                if (!member.done || (othersGoOn && !isStopped)) continue;
                const auto done = std::exchange(member.done, nullptr);
                if (isStopped) done(Error(ErrorCode::Cancelled, "stopped on request"));
                else done((told ? Error(ErrorCode::Corrupt, "the prover did not answer for this sector of its batch") : Error(told.error())).whileDoing("proving (pc1_batch)"));
            }
            std::erase_if(members, [](const PreCommit1Member& member) { return !member.done; });
        }
    }

    ProverSettings settings;
    CoreComplexes complexes{processorGroups()};

private:
    /// Members that were answered have no `done` any more.
    Expected<void> converseTogether(std::vector<PreCommit1Member>& members) {
        t_lastPeakMemory = 0;
        PreCommit1BatchOrder batch;
        for (const PreCommit1Member& member : members) batch.orders.push_back(member.order);
        const auto program = findProver(settings.folder);
        if (!program) return program.error();
        const auto scratch = ScratchFolder::make(settings.scratch, kScratchPrefix);
        if (!scratch) return scratch.error();
        const OrderLine line{std::move(batch), scratch->path(), settings.engine};
        auto text = encodeOrder(line);
        if (!text) return std::move(text).error();
        auto child = m_starter.start({*program, childEnvironment(), -1, settings.niceness});
        if (!child) return std::move(child).error();
        const TaskContext never;
        BatchConversation conversation(std::move(*child), line, std::move(*text), never, members, [](std::uint64_t memory) { t_lastPeakMemory = memory; });
        const auto result = conversation.run();
        if (!result) return result.error();
        return {};
    }

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
        Conversation conversation(std::move(child), line, std::move(text), context, isOneOfMany(line.order));
        auto result = conversation.run();
        if (auto left = conversation.takeChild()) m_idle.keep(std::move(*left));
        IsolatedEngine::notePeakMemory(conversation.peakMemory());
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

void IsolatedEngine::notePeakMemory(std::uint64_t bytes) {
    t_lastPeakMemory = bytes;
    t_largestPeakMemory = std::max(t_largestPeakMemory, bytes);
}

std::uint64_t IsolatedEngine::takePeakMemory() { return std::exchange(t_largestPeakMemory, 0); }

Expected<sector::PieceInfo> IsolatedEngine::addPiece(const AddPieceOrder& o, const TaskContext& c) {
    return m_private->carryOut<PieceInfo>(o, c);
}
Expected<sector::PieceInfo> IsolatedEngine::pieceCommitment(const PieceCommitmentOrder& o, const TaskContext& c) {
    return m_private->carryOut<PieceInfo>(o, c);
}
Expected<std::string> IsolatedEngine::preCommit1(const PreCommit1Order& o, const TaskContext& c) {
    const CoreComplexes::Place place(m_private->complexes);
    PreCommit1Order order = o;
    order.processors = place.processors();
    return m_private->carryOut<std::string>(std::move(order), c);
}
void IsolatedEngine::preCommit1Together(std::vector<PreCommit1Member> members) { m_private->carryOutTogether(std::move(members)); }
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
