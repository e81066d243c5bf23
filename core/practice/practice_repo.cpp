// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_repo.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QtCore/QRandomGenerator>

#include "protocol/jwt.h"
#include "protocol/miner_keystore.h"

namespace lsw::practice {
namespace {

Expected<void> makeFolder(const std::filesystem::path& folder, unsigned mode) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) return errnoError(failure.value(), "cannot make the folder " + folder.string());
    if (::chmod(folder.c_str(), mode) != 0) return errnoError(errno, "cannot set the mode of " + folder.string());
    return {};
}

Bytes randomSecret() {
    Bytes secret(32);
    for (std::uint8_t& byte : secret) byte = static_cast<std::uint8_t>(QRandomGenerator::system()->generate() & 0xFFU);
    return secret;
}

std::string configText(std::uint16_t port) {
    const std::string number = std::to_string(port);
    return "# Settings of the practice miner.\n"
           "[API]\n"
           "  # Where this miner listens; what stands here is also in the file `api`.\n"
           "  #\n"
           "  # type: string\n"
           "  # env var: LOTUS_API_LISTENADDRESS\n"
           "  ListenAddress = \"/ip4/127.0.0.1/tcp/" + number + "/http\"\n"
           "\n"
           "  # Under which address workers reach the sector files of this miner.\n"
           "  #\n"
           "  # type: string\n"
           "  # env var: LOTUS_API_REMOTELISTENADDRESS\n"
           "  RemoteListenAddress = \"127.0.0.1:" + number + "\"\n"
           "\n"
           "  # type: Duration\n"
           "  # env var: LOTUS_API_TIMEOUT\n"
           "  #Timeout = \"30s\"\n";
}

} // namespace

Expected<void> writeFileWithMode(const std::filesystem::path& file, std::string_view content, unsigned mode) {
    const std::filesystem::path temporary = file.string() + ".new";
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0) return errnoError(errno, "cannot write " + file.string());
    bool good = ::fchmod(fd, mode) == 0;
    while (good && !content.empty()) {
        const ssize_t count = ::write(fd, content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) good = false;
        else content.remove_prefix(static_cast<std::size_t>(count));
    }
    const int failure = errno;
    ::close(fd);
    if (good && ::rename(temporary.c_str(), file.c_str()) == 0) return {};
    const int cause = good ? errno : failure;
    ::unlink(temporary.c_str());
    return errnoError(cause, "cannot write " + file.string());
}

Expected<PracticeRepo> PracticeRepo::open(const std::filesystem::path& folder) {
    PracticeRepo repo;
    LSW_TRY(makeFolder(folder, 0755));
    repo.m_folder = folder;
    repo.m_lock = ::open((folder / "repo.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (repo.m_lock < 0) return errnoError(errno, "cannot lock the repo " + folder.string());
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    if (::fcntl(repo.m_lock, F_SETLK, &range) != 0) {
        ::close(repo.m_lock);
        repo.m_lock = -1;
        return Error(ErrorCode::AlreadyExists, "the repo " + folder.string() + " is already locked: another practice miner runs on it");
    }
    LSW_TRY(makeFolder(folder / "keystore", 0700));
    LSW_TRY(makeFolder(folder / "datastore", 0755));

    const std::filesystem::path keyFile = protocol::signingKeyFile(folder);
    std::error_code ignored;
    if (std::filesystem::exists(keyFile, ignored)) {
        auto secret = protocol::readSigningKey(folder);
        if (!secret) return std::move(secret).error();
        repo.m_secret = *std::move(secret);
    } else {
        repo.m_secret = randomSecret();
        const std::string key = R"({"Type":"jwt-hmac-secret","PrivateKey":")" + toBase64(repo.m_secret) + "\"}";
        LSW_TRY(writeFileWithMode(keyFile, key, 0600));
        std::filesystem::remove(folder / "token", ignored);
    }
    repo.m_token = protocol::makeToken(repo.m_secret, {"read", "write", "sign", "admin"});
    if (!std::filesystem::exists(folder / "token", ignored)) LSW_TRY(writeFileWithMode(folder / "token", repo.m_token, 0600));
    if (!std::filesystem::exists(folder / "storage.json", ignored))
        LSW_TRY(writeFileWithMode(folder / "storage.json", "{\n  \"StoragePaths\": null\n}", 0644));
    return repo;
}

PracticeRepo::PracticeRepo(PracticeRepo&& other) noexcept { *this = std::move(other); }

PracticeRepo& PracticeRepo::operator=(PracticeRepo&& other) noexcept {
    if (this == &other) return *this;
    close();
    m_folder = std::move(other.m_folder);
    m_secret = std::move(other.m_secret);
    m_token = std::move(other.m_token);
    m_lock = std::exchange(other.m_lock, -1);
    return *this;
}

PracticeRepo::~PracticeRepo() { close(); }

void PracticeRepo::close() {
    if (m_lock < 0) return;
    withdraw();
    ::unlink((m_folder / "repo.lock").c_str());
    ::close(m_lock);
    m_lock = -1;
}

Expected<void> PracticeRepo::publish(std::uint16_t port) {
    LSW_TRY(writeFileWithMode(m_folder / "config.toml", configText(port), 0644));
    return writeFileWithMode(m_folder / "api", "/ip4/127.0.0.1/tcp/" + std::to_string(port) + "/http", 0644);
}

void PracticeRepo::withdraw() { ::unlink((m_folder / "api").c_str()); }

} // namespace lsw::practice
