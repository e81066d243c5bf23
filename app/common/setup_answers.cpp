// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/setup_answers.h"

#include <algorithm>
#include <functional>
#include <map>

#include <unistd.h>

#include "common/check_questions.h"
#include "common/configuration.h"
#include "common/login_start.h"
#include "common/storage_path.h"
#include "common/token_store.h"
#include "params/kept_gateways.h"
#include "params/parameter_folder.h"
#include "protocol/api_info.h"
#include "setup/disk_facts.h"
#include "setup/edited_file.h"
#include "setup/miner_repo.h"
#include "setup/pasted_info.h"
#include "setup/roles.h"
#include "setup/toml_edit.h"
#include "storage/storage_config.h"
#include "worker/worker_repo.h"

namespace lsw::common {
namespace {

namespace fs = std::filesystem;
using Kind = SetupStep::Kind;

struct TextAnswer {
    const char* key;
    std::string SetupAnswers::* field;
};
// What they say in the configuration is the same, but for the connection.
constexpr TextAnswer kTexts[] = {{"miner-repo", &SetupAnswers::minerRepo},   {"connection", &SetupAnswers::connection},
                                 {"listen", &SetupAnswers::listen},         {"advertise", &SetupAnswers::advertise},
                                 {"role", &SetupAnswers::role},             {"parameter-cache", &SetupAnswers::parameterFolder}};
struct ListAnswer {
    const char* key;
    std::vector<std::string> SetupAnswers::* field;
};
constexpr ListAnswer kLists[] = {{"seal", &SetupAnswers::sealPaths}, {"store", &SetupAnswers::storePaths}, {"gateways", &SetupAnswers::gateways}};

struct SwitchAnswer {
    const char* key;
    bool SetupAnswers::* field;
};
constexpr SwitchAnswer kSwitches[] = {{"keep-miner", &SetupAnswers::keepMiner}, {"fetch-parameters", &SetupAnswers::fetchParameters}, {"start-at-login", &SetupAnswers::startAtLogin}};

/// One thing that setting up does. `run` is done in the order of the list.
struct Work {
    SetupStep step;
    std::function<Expected<void>()> run;
};

Expected<protocol::ApiInfo> connectionOf(const SetupAnswers& answers) {
    auto info = setup::understandPasted(answers.connection).apiInfo();
    if (!info) return std::move(info).error().whileDoing("reading the connection");
    return info;
}

/// What the configuration file is to say.
Expected<std::map<std::string, std::string>> wantedSettings(const SetupAnswers& answers) {
    // A connection is kept apart from the settings, which others may read; what they say of a miner would come before it.
    std::map<std::string, std::string> out = answers.settings;
    for (const auto& [key, field] : kTexts)
        if (field != &SetupAnswers::connection && !(answers.keepMiner && field == &SetupAnswers::minerRepo)) out[key] = answers.*field;
    out["fetch-parameters"] = answers.fetchParameters ? "true" : "false";
    for (auto& [key, text] : out) {
        auto checked = settingText(*settingNamed(key), text);
        if (!checked) return std::move(checked).error().whileDoing("reading " + key);
        text = std::move(*checked);
    }
    return out;
}

StartRequest startRequest(const fs::path& workerRepo) {
    StartRequest out;
    out.repo = workerRepo;
    out.home = plainStoragePath("~");
    return out;
}

/// Where a worker of this folder would look for its miner now.
setup::MinerQuery presentMiner(const fs::path& workerRepo) {
    const StartRequest request = startRequest(workerRepo);
    return minerQuery(request, readConfiguration({configurationFile(workerRepo), request.environment, {}}));
}

Expected<void> checkMiner(const SetupAnswers& answers, const fs::path& workerRepo) {
    const int named = !answers.connection.empty() + !answers.minerRepo.empty() + answers.keepMiner;
    if (named == 0) return Error(ErrorCode::InvalidArgument, "nothing says which miner: give miner-repo or connection, or keep-miner = true for the present one");
    if (named > 1) return Error(ErrorCode::InvalidArgument, "miner-repo, connection and keep-miner name two miners: give one of them");
    if (answers.keepMiner) {
        const auto found = setup::findMiner(presentMiner(workerRepo));
        if (!found && found.error().code() == ErrorCode::NotConfigured) return Error(ErrorCode::InvalidArgument, "keep-miner is true, but this worker has no miner yet: give miner-repo or connection");
        return {};
    }
    if (!answers.connection.empty()) {
        if (const auto info = connectionOf(answers); !info) return info.error();
        return {};
    }
    std::error_code failed;
    if (!fs::is_directory(plainStoragePath(answers.minerRepo), failed)) return Error(ErrorCode::NotFound, "there is no folder " + answers.minerRepo + " of a miner");
    return {};
}

Expected<std::optional<Work>> connectionWork(const SetupAnswers& answers) {
    if (answers.connection.empty()) return std::optional<Work>();
    const auto info = connectionOf(answers);
    if (!info) return info.error();
    std::vector<std::string> notes;
    if (const auto kept = keptConnection(notes); kept && *kept && setup::connectionText((*kept)->api) == setup::connectionText(*info)) return std::optional<Work>();
    const bool isKeychain = tokenPlaces().keychain == KeychainState::Ready;
    return std::optional<Work>({{Kind::KeepConnection, isKeychain ? std::string() : keptTokenFile().string(),
                                 "keep the connection with its token in " + sentenceOf(isKeychain ? TokenPlace::Keychain : TokenPlace::File)},
                                [info = *info]() -> Expected<void> {
                                    LSW_TRY(keepConnection(info));
                                    return {};
                                }});
}

Expected<std::optional<Work>> settingsWork(const SetupAnswers& answers, const fs::path& repo) {
    const auto wanted = wantedSettings(answers);
    if (!wanted) return wanted.error();
    auto file = setup::EditedFile::read(configurationFile(repo));
    if (!file) return std::move(file).error();
    auto edit = setup::TomlEdit::parse(file->exists() ? file->text() : emptyConfiguration());
    if (!edit) return std::move(edit).error().whileDoing("reading " + file->path().string());
    bool isOther = !file->exists();
    for (const auto& [key, text] : *wanted) {
        const Setting& setting = *settingNamed(key);
        const auto there = edit->find({key});
        // A further setting may be one that the role would fill in otherwise.
        if (!there && text == setting.fallback && !answers.settings.contains(key)) continue;
        if (there && there->value == settingValue(setting, text)) continue;
        LSW_TRY(edit->set({key}, settingValue(setting, text)));
        isOther = true;
    }
    if (!isOther) return std::optional<Work>();
    const std::string path = file->path().string();
    return std::optional<Work>({{Kind::WriteSettings, path, "write the settings to " + path},
                                [file = std::move(*file), text = edit->text()]() mutable { return file.replace(text); }});
}

/// The paths that are to be, with what each is for.
std::map<fs::path, NewStoragePath> wantedPaths(const SetupAnswers& answers, const fs::path& repo) {
    std::map<fs::path, NewStoragePath> out;
    for (const std::string& one : answers.sealPaths) out[plainStoragePath(one)].canSeal = true;
    for (const std::string& one : answers.storePaths) out[plainStoragePath(one)].canStore = true;
    const auto listed = storage::readStorageConfig(repo);
    if (answers.sealPaths.empty() && (!listed || listed->empty())) out[repo].canSeal = true;
    return out;
}

Expected<void> checkPath(const fs::path& path, const NewStoragePath& wanted) {
    const auto metadata = storage::readPathMetadata(path);
    if (!metadata && metadata.error().code() != ErrorCode::NotFound) return metadata.error();
    if (metadata && ((wanted.canSeal && !metadata->canSeal) || (wanted.canStore && !metadata->canStore)))
        return Error(ErrorCode::InvalidArgument, path.string() + " is a storage path already, and not one for " + (wanted.canSeal ? "sealing" : "long-term storage") +
                                                     ": choose another folder, or change its sectorstore.json");
    std::error_code failed;
    const fs::path there = setup::existingFolder(path);
    if (!fs::is_directory(there, failed)) return Error(ErrorCode::InvalidArgument, there.string() + " is no folder");
    if (::access(there.c_str(), W_OK | X_OK) != 0) return Error(ErrorCode::PermissionDenied, "this user may not write to " + there.string());
    return {};
}

Expected<void> addPath(const fs::path& repo, const fs::path& path, const NewStoragePath& wanted) {
    if (!storage::readPathMetadata(path)) LSW_TRY(initStoragePath(path, wanted));
    auto listed = storage::readStorageConfig(repo);
    if (!listed) return std::move(listed).error();
    const auto isSame = [&](const std::string& one) { return plainStoragePath(one) == path; };
    if (std::any_of(listed->begin(), listed->end(), isSame)) return {};
    listed->push_back(path.string());
    return storage::writeStorageConfig(repo, *listed);
}

Expected<std::vector<Work>> storageWork(const SetupAnswers& answers, const fs::path& repo) {
    std::vector<Work> out;
    const auto listed = storage::readStorageConfig(repo);
    const auto isListed = [&](const fs::path& path) {
        return listed && std::any_of(listed->begin(), listed->end(), [&](const std::string& one) { return plainStoragePath(one) == path; });
    };
    for (const auto& [path, wanted] : wantedPaths(answers, repo)) {
        // One that is used already, perhaps only read, stays as it is.
        const auto there = storage::readPathMetadata(path);
        if (isListed(path) && there && (there->canSeal || !wanted.canSeal) && (there->canStore || !wanted.canStore)) continue;
        LSW_TRY(checkPath(path, wanted));
        out.push_back({{Kind::MakeStorage, path.string(), "make " + path.string() + " a storage path for " + (!wanted.canStore  ? "sealing"
                                                                                                             : !wanted.canSeal ? "long-term storage"
                                                                                                                               : "sealing and long-term storage")},
                       [repo, path, wanted] { return addPath(repo, path, wanted); }});
    }
    return out;
}

Expected<std::optional<Work>> gatewayWork(const SetupAnswers& answers) {
    const fs::path folder = params::parameterFolder(answers.parameterFolder.empty() ? fs::path() : plainStoragePath(answers.parameterFolder));
    std::vector<params::Gateway> wanted;
    for (const std::string& one : answers.gateways) {
        auto gateway = params::parseGateway(one);
        if (!gateway) return std::move(gateway).error();
        wanted.push_back(std::move(*gateway));
    }
    const auto kept = params::keptGateways(folder);
    const auto isSame = [](const params::Gateway& a, const params::Gateway& b) { return a.address == b.address; };
    if (kept && std::equal(kept->begin(), kept->end(), wanted.begin(), wanted.end(), isSame)) return std::optional<Work>();
    return std::optional<Work>({{Kind::ChooseGateways, folder.string(), "choose the gateways of the parameters in " + folder.string()},
                                [folder, wanted] { return params::keepGateways(folder, wanted); }});
}

Expected<std::optional<Work>> loginWork(const SetupAnswers& answers) {
    if (answers.startAtLogin == startsAtLogin()) return std::optional<Work>();
    const std::string path = loginStartFile().string();
    return std::optional<Work>({{answers.startAtLogin ? Kind::StartAtLogin : Kind::NotAtLogin, path,
                                 answers.startAtLogin ? "have the window started at the login, by " + path : "no longer have the window started at the login: remove " + path},
                                [on = answers.startAtLogin] { return startAtLogin(on); }});
}

Expected<std::vector<Work>> workOf(const SetupAnswers& answers, const fs::path& repo) {
    LSW_TRY(checkMiner(answers, repo));
    if (!answers.role.empty())
        if (const auto role = setup::roleNamed(answers.role); !role) return role.error();
    auto out = storageWork(answers, repo);
    if (!out) return out;
    for (auto* make : {+[](const SetupAnswers& a, const fs::path&) { return connectionWork(a); }, +[](const SetupAnswers& a, const fs::path& r) { return settingsWork(a, r); },
                       +[](const SetupAnswers& a, const fs::path&) { return gatewayWork(a); }, +[](const SetupAnswers& a, const fs::path&) { return loginWork(a); }}) {
        auto work = make(answers, repo);
        if (!work) return std::move(work).error();
        if (*work) out->push_back(std::move(**work));
    }
    return out;
}

} // namespace

std::optional<protocol::Endpoint> minerOf(const SetupAnswers& answers, const fs::path& workerRepo) {
    if (answers.keepMiner) {
        const auto found = setup::findMiner(presentMiner(workerRepo));
        return found ? std::optional(found->api.endpoint) : std::nullopt;
    }
    const auto info = answers.connection.empty() ? setup::readRepoEndpoint(answers.minerRepo) : connectionOf(answers);
    return info ? std::optional(info->endpoint) : std::nullopt;
}

setup::DoctorQuestion doctorQuestion(const SetupAnswers& answers, const fs::path& workerRepo) {
    setup::DoctorQuestion out;
    if (answers.keepMiner) {
        out.miner = presentMiner(workerRepo);
    } else {
        out.miner.repoFlag = answers.minerRepo;
        out.miner.apiInfoFlag = answers.connection;
        out.miner.environment = environmentVariable;
        out.miner.home = plainStoragePath("~");
    }
    out.listen = answers.listen.empty() ? SetupAnswers().listen : answers.listen;
    out.advertise = answers.advertise;
    out.workerRepo = workerRepo;
    return out;
}

PresentSetup presentSetup(const fs::path& workerRepo) {
    PresentSetup out;
    const Configuration file = readConfiguration({configurationFile(workerRepo), {}, {}});
    out.isConfigured = file.isFileThere || !isFirstStart(workerRepo);
    SetupAnswers& answers = out.answers;
    if (file.isFileThere) {
        for (const auto& [key, field] : kTexts)
            if (field != &SetupAnswers::connection) answers.*field = file.at(key).text;
        answers.fetchParameters = file.at("fetch-parameters").text == "true";
        for (const auto& [key, value] : file.values) {
            const bool isAsked = std::any_of(std::begin(kTexts), std::end(kTexts), [&](const TextAnswer& one) { return key == one.key; }) || key == "fetch-parameters";
            if (!isAsked && value.origin.layer == Layer::File) answers.settings[key] = value.text;
        }
    } else if (out.isConfigured) {
        answers.role.clear();
    }
    answers.startAtLogin = startsAtLogin();
    if (const auto listed = storage::readStorageConfig(workerRepo))
        for (const std::string& text : *listed) {
            const auto metadata = storage::readPathMetadata(plainStoragePath(text));
            if (metadata && metadata->canSeal) answers.sealPaths.push_back(plainStoragePath(text).string());
            if (metadata && metadata->canStore) answers.storePaths.push_back(plainStoragePath(text).string());
        }
    if (const auto kept = params::keptGateways(params::parameterFolder(answers.parameterFolder.empty() ? fs::path() : plainStoragePath(answers.parameterFolder))))
        for (const params::Gateway& one : *kept) {
            const auto known = std::find_if(params::knownGateways().begin(), params::knownGateways().end(), [&](const params::Gateway& other) { return one.address == other.address; });
            answers.gateways.push_back(known == params::knownGateways().end() ? one.address : known->name);
        }
    out.proven = provenPurposes(readConfiguration({configurationFile(workerRepo), environmentVariable, {}}));
    if (!out.isConfigured) {
        // Nothing was said yet, but somebody may have given a connection.
        std::vector<std::string> notes;
        const auto kept = keptConnection(notes);
        if (!kept || !*kept) return out;
    }
    for (const char* name : {"MINER_API_INFO", "STORAGE_API_INFO", "LOTUS_MINER_PATH", "LOTUS_STORAGE_PATH"})
        if (out.minerVariable.empty() && !environmentVariable(name).empty()) out.minerVariable = name;
    const setup::MinerQuery query = presentMiner(workerRepo);
    if (const auto found = setup::findMiner(query)) out.miner = found->repo.empty() ? setup::addressText(found->api.endpoint) : found->repo.string();
    else if (found.error().code() != ErrorCode::NotConfigured) out.miner = query.repoSetting; // of a miner that does not run now
    if (!out.miner.empty()) {
        answers.keepMiner = true;
        answers.minerRepo.clear();
    }
    return out;
}

bool isFirstStart(const fs::path& workerRepo) {
    for (const char* name : {"MINER_API_INFO", "STORAGE_API_INFO", "LOTUS_MINER_PATH", "LOTUS_STORAGE_PATH"})
        if (!environmentVariable(name).empty()) return false;
    std::error_code failed;
    return !fs::exists(workerRepo / worker::kOwnFolder, failed);
}

std::string answersText(const SetupAnswers& answers) {
    std::string out;
    for (const auto& [key, field] : kTexts)
        if (field != &SetupAnswers::connection && (answers.*field) != (SetupAnswers().*field)) out += std::string(key) + " = " + setup::tomlValueText(answers.*field) + '\n';
    for (const auto& [key, field] : kLists)
        if (!(answers.*field).empty()) out += std::string(key) + " = " + setup::tomlValueText(answers.*field) + '\n';
    for (const auto& [key, field] : kSwitches)
        if (answers.*field) out += std::string(key) + " = true\n";
    for (const auto& [key, text] : answers.settings)
        if (const Setting* setting = settingNamed(key)) out += key + " = " + setup::tomlValueText(settingValue(*setting, text)) + '\n';
    return out;
}

std::string runCommand(const SetupAnswers& answers) {
    std::string out = "lotus-seal-worker run";
    if (!answers.role.empty()) out += " --role " + answers.role;
    for (const auto& [key, text] : answers.settings) out += " --" + key + '=' + text;
    return out;
}

std::string setupCommand(const SetupAnswers& answers) {
    SetupAnswers shown = answers;
    std::string out;
    if (!answers.connection.empty()) {
        out = "lotus-seal-worker token set\n";
        shown.keepMiner = true;
    }
    return out + "lotus-seal-worker setup --answers - <<'END'\n" + answersText(shown) + "END";
}

Expected<SetupAnswers> parseAnswers(std::string_view text) {
    const auto edit = setup::TomlEdit::parse(std::string(text));
    if (!edit) return edit.error();
    SetupAnswers out;
    for (const setup::TomlEntry& entry : edit->entries()) {
        const std::string key = setup::tomlPathText(entry.path), where = "line " + std::to_string(entry.line) + ": ";
        const auto asSwitch = std::find_if(std::begin(kSwitches), std::end(kSwitches), [&](const SwitchAnswer& one) { return key == one.key; });
        if (asSwitch != std::end(kSwitches)) {
            if (!entry.value || !std::holds_alternative<bool>(*entry.value)) return Error(ErrorCode::InvalidArgument, where + key + " must be true or false");
            out.*(asSwitch->field) = std::get<bool>(*entry.value);
            continue;
        }
        const auto asText = std::find_if(std::begin(kTexts), std::end(kTexts), [&](const TextAnswer& one) { return key == one.key; });
        const auto asList = std::find_if(std::begin(kLists), std::end(kLists), [&](const ListAnswer& one) { return key == one.key; });
        const Setting* setting = settingNamed(key);
        if (asText == std::end(kTexts) && asList == std::end(kLists) && setting) {
            auto value = settingText(*setting, entry);
            if (!value) return Error(ErrorCode::InvalidArgument, where + value.error().message());
            out.settings[key] = std::move(*value);
            continue;
        }
        if (asText == std::end(kTexts) && asList == std::end(kLists)) {
            std::string known;
            for (const TextAnswer& one : kTexts) known += std::string(one.key) + ", ";
            for (const ListAnswer& one : kLists) known += std::string(one.key) + ", ";
            for (const SwitchAnswer& one : kSwitches) known += std::string(one.key) + ", ";
            return Error(ErrorCode::InvalidArgument, where + "there is no answer \"" + key + "\"; there are " + known + "and the settings of `config show`");
        }
        const bool isText = asText != std::end(kTexts);
        if (isText && entry.value && std::holds_alternative<std::string>(*entry.value)) out.*(asText->field) = std::get<std::string>(*entry.value);
        else if (!isText && entry.value && std::holds_alternative<std::vector<std::string>>(*entry.value))
            out.*(asList->field) = std::get<std::vector<std::string>>(*entry.value);
        else return Error(ErrorCode::InvalidArgument, where + key + (isText ? " must be a text in quotes" : " must be a list of texts, as [\"a\", \"b\"]"));
    }
    return out;
}

Expected<std::vector<SetupStep>> plannedSetup(const SetupAnswers& answers, const fs::path& workerRepo) {
    const auto work = workOf(answers, workerRepo);
    if (!work) return work.error();
    std::vector<SetupStep> out;
    for (const Work& one : *work) out.push_back(one.step);
    return out;
}

Expected<std::vector<SetupStep>> carryOutSetup(const SetupAnswers& answers, const fs::path& workerRepo) {
    // What is wrong with the answers is said before a folder is made.
    if (auto planned = workOf(answers, workerRepo); !planned) return std::move(planned).error();
    const bool hasOwnPath = wantedPaths(answers, workerRepo).contains(workerRepo);
    const auto held = worker::WorkerRepo::open(workerRepo, !hasOwnPath);
    if (!held) return held.error();
    auto work = workOf(answers, workerRepo);
    if (!work) return std::move(work).error();
    std::vector<SetupStep> out;
    for (Work& one : *work) {
        if (auto done = one.run(); !done) return std::move(done).error().whileDoing("to " + one.step.text);
        out.push_back(one.step);
    }
    return out;
}

} // namespace lsw::common
