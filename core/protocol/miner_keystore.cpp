// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/miner_keystore.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>

namespace lsw::protocol {
namespace {

constexpr std::string_view kSecretName = "auth-jwt-private";
constexpr std::size_t kLongestKey = 16 << 10;

} // namespace

std::filesystem::path signingKeyFile(const std::filesystem::path& repo) { return repo / "keystore" / toBase32(asBytes(kSecretName), true); }

Expected<Bytes> readSigningKey(const std::filesystem::path& repo) {
    const std::filesystem::path path = signingKeyFile(repo);
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 && errno == ENOENT)
        return Error(ErrorCode::NotFound, "the repo " + repo.string() + " has no signing key (" + path.string() + "): it is made when the miner starts for the first time");
    if (file < 0 && errno == EACCES)
        return Error(ErrorCode::PermissionDenied, "this user may not read the signing key " + path.string() + ": run as the user it belongs to");
    if (file < 0) return errnoError(errno, "cannot read the signing key " + path.string());
    struct stat info {};
    const bool isKnown = ::fstat(file, &info) == 0;
    std::string text(kLongestKey + 1, '\0');
    std::size_t size = 0;
    ssize_t got = 1;
    while (size < text.size() && (got = ::read(file, text.data() + size, text.size() - size)) > 0) size += static_cast<std::size_t>(got);
    const int failed = errno;
    ::close(file);
    if (!isKnown || got < 0) return errnoError(failed, "cannot read the signing key " + path.string());
    if ((info.st_mode & 0077U) != 0)
        return Error(ErrorCode::PermissionDenied, "permissions of key: '" + std::string(kSecretName) + "' are too relaxed, required: 0600; lotus refuses it too: 'chmod 600 " + path.string() + "'");
    text.resize(size);
    boost::system::error_code wrong;
    const boost::json::value json = boost::json::parse(text, wrong);
    const auto* object = wrong ? nullptr : json.if_object();
    const auto* type = object ? object->if_contains("Type") : nullptr;
    const auto* key = object ? object->if_contains("PrivateKey") : nullptr;
    const Error notOne(ErrorCode::Corrupt, path.string() + " is no signing key of a miner");
    if (!type || !key || !type->is_string() || !key->is_string() || type->get_string() != "jwt-hmac-secret") return notOne;
    auto secret = fromBase64(std::string_view(key->get_string()));
    if (!secret || secret->empty()) return notOne;
    return secret;
}

} // namespace lsw::protocol
