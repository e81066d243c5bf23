// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/token_store.h"

#include "base/text.h"
#include "setup/edited_file.h"
#include "setup/pasted_info.h"
#include "storage/storage_config.h"

#include <cerrno>
#include <cstdlib>

#include <sys/stat.h>
#include <unistd.h>

namespace lsw::common {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEntry = "miner-connection";      ///< in the keychain
constexpr const char* kCredential = "miner-api-info";   ///< of systemd

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

Expected<KeptConnection> understood(const std::string& text, TokenPlace place) {
    auto api = protocol::parseApiInfo(trimmed(text));
    if (!api) return std::move(api).error().whileDoing("reading the connection kept in " + sentenceOf(place));
    return KeptConnection{std::move(*api), place};
}

fs::path credentialFile() {
    const std::string folder = environment("CREDENTIALS_DIRECTORY");
    return folder.empty() ? fs::path() : fs::path(folder) / kCredential;
}

bool isThere(const fs::path& file) {
    std::error_code ignored;
    return !file.empty() && fs::exists(file, ignored);
}

Expected<KeptConnection> readFile(const fs::path& file, TokenPlace place) {
    const auto read = setup::EditedFile::read(file);
    if (!read) return read.error();
    return understood(read->text(), place);
}

Expected<void> removeFile() {
    const fs::path file = keptTokenFile();
    if (::unlink(file.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) return errnoError(errno, "cannot remove " + file.string());
    return {};
}

Expected<void> writeFile(const std::string& text) {
    auto file = setup::EditedFile::read(keptTokenFile());
    if (!file) return std::move(file).error();
    // The mode of a file that is there is kept: that of this one must be right before there is a token in it.
    if (file->exists() && ::chmod(file->path().c_str(), 0600) != 0) return errnoError(errno, "cannot keep " + file->path().string() + " to this user");
    return file->replace(text + '\n', 0600);
}

} // namespace

fs::path keptTokenFile() {
    const std::string configured = environment("XDG_CONFIG_HOME");
    const fs::path folder = configured.starts_with('/') ? fs::path(configured) : storage::expandHome("~/.config");
    return folder / "lotus-seal-worker" / "token";
}

Expected<std::optional<KeptConnection>> keptConnection(std::vector<std::string>& notes) {
    const auto some = [](Expected<KeptConnection> kept) -> Expected<std::optional<KeptConnection>> {
        if (!kept) return std::move(kept).error();
        return std::optional(std::move(*kept));
    };
    if (const fs::path file = credentialFile(); isThere(file)) return some(readFile(file, TokenPlace::Credential));
    const KeychainState state = probeKeychain();
    if (state == KeychainState::Ready) {
        auto text = readKeychain(kEntry);
        if (!text) notes.push_back("The keychain could not be read: " + text.error().message() + '.');
        else if (*text) return some(understood(**text, TokenPlace::Keychain));
    }
    const fs::path file = keptTokenFile();
    if (!isThere(file)) {
        if (state == KeychainState::Locked) notes.push_back("If a connection is kept in the keychain, it cannot be read: " + sentenceOf(state) + '.');
        return std::optional<KeptConnection>();
    }
    struct stat info {};
    if (::stat(file.c_str(), &info) == 0 && (info.st_mode & 077) != 0)
        notes.push_back("Others can read the token in " + file.string() + "; 'chmod 600' keeps it to this user.");
    return some(readFile(file, TokenPlace::File));
}

Expected<TokenPlace> keepConnection(const protocol::ApiInfo& api, std::optional<TokenPlace> place) {
    const std::string text = setup::connectionText(api);
    // What could not be read back must not be kept.
    LSW_TRY(protocol::parseApiInfo(text));
    const bool isReady = probeKeychain() == KeychainState::Ready;
    const TokenPlace chosen = place.value_or(isReady ? TokenPlace::Keychain : TokenPlace::File);
    switch (chosen) {
    case TokenPlace::Keychain:
        LSW_TRY(writeKeychain(kEntry, text));
        LSW_TRY(removeFile());
        return chosen;
    case TokenPlace::File:
        LSW_TRY(writeFile(text));
        if (isReady) LSW_TRY(removeFromKeychain(kEntry));
        return chosen;
    case TokenPlace::Credential: break;
    }
    return Error(ErrorCode::InvalidArgument, "a credential of systemd is written by its LoadCredential= line, not by this program");
}

Expected<bool> forgetConnection() {
    const bool hadFile = isThere(keptTokenFile());
    bool hadEntry = false;
    const KeychainState state = probeKeychain();
    if (state == KeychainState::Ready) {
        const auto text = readKeychain(kEntry);
        if (!text) return text.error();
        hadEntry = text->has_value();
        if (hadEntry) LSW_TRY(removeFromKeychain(kEntry));
    }
    LSW_TRY(removeFile());
    if (state == KeychainState::Locked && !hadFile) return Error(ErrorCode::StorageUnavailable, "nothing could be looked for in the keychain: " + sentenceOf(state));
    return hadFile || hadEntry;
}

TokenPlaces tokenPlaces() {
    TokenPlaces out;
    out.keychain = probeKeychain();
    out.file = keptTokenFile();
    if (isThere(credentialFile())) {
        out.kept = TokenPlace::Credential;
        return out;
    }
    if (out.keychain == KeychainState::Ready)
        if (const auto text = readKeychain(kEntry); text && *text) out.kept = TokenPlace::Keychain;
    if (!out.kept && isThere(out.file)) out.kept = TokenPlace::File;
    return out;
}

Expected<std::optional<setup::KeptMiner>> keptMiner(std::vector<std::string>& notes) {
    auto kept = keptConnection(notes);
    if (!kept) return std::move(kept).error();
    if (!*kept) return std::optional<setup::KeptMiner>();
    return std::optional(setup::KeptMiner{std::move((*kept)->api), sentenceOf((*kept)->place)});
}

std::string_view nameOf(TokenPlace place) {
    switch (place) {
    case TokenPlace::Credential: return "credential";
    case TokenPlace::Keychain: return "keychain";
    case TokenPlace::File: return "file";
    }
    return {};
}

std::string sentenceOf(TokenPlace place) {
    switch (place) {
    case TokenPlace::Credential: return "the credential " + std::string(kCredential) + " of systemd";
    case TokenPlace::Keychain: return "the system's keychain";
    case TokenPlace::File: return "the file " + keptTokenFile().string();
    }
    return {};
}

} // namespace lsw::common
