// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/external_pc2.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "proofs/replica_commitment.h"
#include "sector/sector_files.h"
#include "tasks/child_starter.h"

namespace lsw::tasks {
namespace {

namespace fs = std::filesystem;

constexpr int kLookMs = 100; ///< how soon a stop is seen

/// What there is to read goes to our standard error; false at the end.
bool passOn(int from) {
    std::array<char, 4096> block{};
    for (;;) {
        const ssize_t got = ::read(from, block.data(), block.size());
        if (got < 0) return errno == EAGAIN || errno == EINTR;
        if (got == 0) return false;
        for (ssize_t done = 0; done < got;) {
            const ssize_t put = ::write(STDERR_FILENO, block.data() + done, static_cast<std::size_t>(got - done));
            if (put <= 0) break;
            done += put;
        }
    }
}

std::string describe(int status) {
    if (WIFSIGNALED(status)) return std::string("signal: ") + ::strsignal(WTERMSIG(status));
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

Expected<void> runCommand(const std::string& command, std::vector<std::string> environment, const TaskContext& context) {
    ChildStarter starter; // its thread forks: it lives as long as the command may run
    auto child = starter.start({"/bin/sh", std::move(environment), -1, 0, {"-c", command}});
    if (!child) return std::move(child).error();
    child->input.reset();
    bool isStopped = false, isOver = false;
    while (!isOver) {
        std::array<pollfd, 3> watched{{{child->process.get(), POLLIN, 0}, {child->output.get(), POLLIN, 0}, {child->errors.get(), POLLIN, 0}}};
        ::poll(watched.data(), watched.size(), kLookMs);
        isOver = (watched[0].revents & POLLIN) != 0;
        for (OwnedFd* stream : {&child->output, &child->errors})
            if (*stream && !passOn(stream->get())) stream->reset();
        if (context.stop.stop_requested() && !std::exchange(isStopped, true)) ::kill(-child->pid, SIGKILL); // it leads a group of its own
    }
    int status = 0;
    while (::waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {}
    if (isStopped) return Error(ErrorCode::Cancelled, "stopped on request");
    if (status != 0) return Error(ErrorCode::ChildDied, "external command error: " + describe(status));
    return {};
}

/// The last `count` bytes of a file.
Expected<Bytes> tailOf(const fs::path& file, std::streamoff count, bool isWhole) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) return errnoError(errno, "reading what the external command left: " + file.string());
    const std::streamoff size = in.tellg();
    if (size < count || (isWhole && size != count))
        return Error(ErrorCode::Corrupt, file.string() + " has " + std::to_string(size) + " bytes, which the external command cannot have meant");
    Bytes out(static_cast<std::size_t>(count));
    in.seekg(size - count);
    in.read(reinterpret_cast<char*>(out.data()), count);
    if (!in) return Error(ErrorCode::Io, "cannot read " + file.string());
    return out;
}

} // namespace

Expected<proofs::PreCommit2Result> externalPreCommit2(const std::string& command, const protocol::SectorRef& sector, const proofs::PreCommit2Order& order,
                                                      const TaskContext& context) {
    const auto info = sector::proofInfo(sector.proof);
    if (!info) return info.error();
    context.report({"pc2", "external command", 0, 0, ""});
    LSW_TRY(runCommand(command,
                       {"EXTSEAL_PC2_SECTOR_NUM=" + std::to_string(sector.id.number), "EXTSEAL_PC2_SECTOR_MINER=" + std::to_string(sector.id.miner),
                        "EXTSEAL_PC2_PROOF_TYPE=" + std::to_string(static_cast<std::int64_t>(sector.proof)),
                        "EXTSEAL_PC2_SECTOR_SIZE=" + std::to_string((*info)->sectorSize.value), "EXTSEAL_PC2_CACHE=" + order.cache.string(),
                        "EXTSEAL_PC2_SEALED=" + order.sealed.string(), "EXTSEAL_PC2_PC1OUT=" + toBase64(asBytes(order.phase1Output))},
                       context));
    const auto roots = tailOf(order.cache / sector::kPAuxName, 64, true);
    if (!roots) return roots.error();
    const auto commD = tailOf(order.cache / sector::treeDFileName(), 32, false);
    if (!commD) return commD.error();
    sector::Commitment commC{}, commRLast{};
    std::copy_n(roots->begin(), 32, commC.begin());
    std::copy_n(roots->begin() + 32, 32, commRLast.begin());
    const auto commR = proofs::replicaCommitment(commC, commRLast);
    if (!commR) return commR.error();
    proofs::PreCommit2Result out;
    out.commR = *commR;
    std::copy(commD->begin(), commD->end(), out.commD.begin());
    return out;
}

} // namespace lsw::tasks
