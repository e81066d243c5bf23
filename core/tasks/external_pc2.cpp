// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/external_pc2.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "proofs/sealing_checks.h"
#include "proofs/sector_folder.h"
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

/// The root at the end of tree D.
Expected<sector::Commitment> commDIn(const fs::path& cache) {
    const auto file = File::openToRead(cache / sector::treeDFileName());
    if (!file) return file.error();
    const auto size = file->size();
    if (!size) return size.error();
    sector::Commitment root{};
    if (*size < root.size()) return Error(ErrorCode::Corrupt, file->path().string() + " has only " + std::to_string(*size) + " bytes");
    LSW_TRY(file->readAt(*size - root.size(), root));
    return root;
}

} // namespace

Expected<proofs::PreCommit2Result> externalPreCommit2(const std::string& command, const protocol::SectorRef& sector, const proofs::PreCommit2Order& order,
                                                      const TaskContext& context) {
    const auto info = sector::proofInfo(sector.proof);
    if (!info) return info.error();
    context.report({"pc2", "external command", 0, 0, ""});
    // Trees that a PC2 of ours left when it was interrupted have their full size already, and would be believed.
    std::error_code ignored;
    if (fs::exists(order.cache / sector::kTreeCheckpointName, ignored)) LSW_TRY(proofs::removeFiles(order.cache, proofs::isPreCommit2File));
    LSW_TRY(runCommand(command,
                       {"EXTSEAL_PC2_SECTOR_NUM=" + std::to_string(sector.id.number), "EXTSEAL_PC2_SECTOR_MINER=" + std::to_string(sector.id.miner),
                        "EXTSEAL_PC2_PROOF_TYPE=" + std::to_string(static_cast<std::int64_t>(sector.proof)),
                        "EXTSEAL_PC2_SECTOR_SIZE=" + std::to_string((*info)->sectorSize.value), "EXTSEAL_PC2_CACHE=" + order.cache.string(),
                        "EXTSEAL_PC2_SEALED=" + order.sealed.string(), "EXTSEAL_PC2_PC1OUT=" + toBase64(asBytes(order.phase1Output))},
                       context));
    auto commR = proofs::commRIn(order.cache);
    if (!commR) return std::move(commR).error().whileDoing("reading what the external command left");
    auto commD = commDIn(order.cache);
    if (!commD) return std::move(commD).error().whileDoing("reading what the external command left");
    return proofs::PreCommit2Result{*commR, *commD};
}

} // namespace lsw::tasks
