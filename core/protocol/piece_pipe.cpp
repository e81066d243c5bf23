// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/piece_pipe.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace lsw::protocol {

namespace {

constexpr int kPipeBytes = 1 << 20;

/// A pipe knows no MSG_NOSIGNAL. Threads that write here block the signal for good: they do nothing else.
void blockSigpipe() {
    thread_local bool blocked = false;
    if (blocked) return;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    blocked = true;
}

} // namespace

PiecePipe::~PiecePipe() {
    close();
    if (m_wake >= 0) ::close(m_wake);
}

Expected<int> PiecePipe::open() {
    std::array<int, 2> ends{};
    m_wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (m_wake < 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) return errnoError(errno, "making a pipe for piece data");
    m_writeEnd = ends[1];
    ::fcntl(m_writeEnd, F_SETFL, O_WRONLY | O_NONBLOCK);
    ::fcntl(m_writeEnd, F_SETPIPE_SZ, kPipeBytes); // a smaller pipe is only slower
    return ends[0];
}

PiecePipe::Outcome PiecePipe::write(const char* data, std::size_t size) {
    blockSigpipe();
    while (size > 0) {
        const ssize_t written = ::write(m_writeEnd, data, size);
        if (written >= 0) {
            data += written;
            m_written += static_cast<std::uint64_t>(written);
            size -= static_cast<std::size_t>(written);
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return Outcome::ReaderGone;
        std::array<pollfd, 2> waits{pollfd{m_writeEnd, POLLOUT, 0}, pollfd{m_wake, POLLIN, 0}};
        if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return Outcome::ReaderGone;
        if (waits[1].revents != 0) return Outcome::Woken;
        if ((waits[0].revents & POLLERR) != 0) return Outcome::ReaderGone;
    }
    return Outcome::Written;
}

PiecePipe::Outcome PiecePipe::waitReadable(int descriptor) {
    while (true) {
        std::array<pollfd, 3> waits{pollfd{descriptor, POLLIN, 0}, pollfd{m_wake, POLLIN, 0}, pollfd{m_writeEnd, 0, 0}};
        if (::poll(waits.data(), waits.size(), -1) < 0 && errno == EINTR) continue;
        if (waits[1].revents != 0) return Outcome::Woken;
        if (waits[2].revents != 0) return Outcome::ReaderGone;
        return Outcome::Written;
    }
}

bool PiecePipe::readerIsGone() const {
    pollfd wait{m_writeEnd, 0, 0};
    return ::poll(&wait, 1, 0) == 1;
}

void PiecePipe::wake() {
    const std::uint64_t one = 1;
    if (m_wake >= 0) static_cast<void>(!::write(m_wake, &one, sizeof one));
}

void PiecePipe::close() {
    if (m_writeEnd >= 0) ::close(m_writeEnd);
    m_writeEnd = -1;
}

} // namespace lsw::protocol
