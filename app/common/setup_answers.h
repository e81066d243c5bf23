// SPDX-License-Identifier: MIT OR Apache-2.0
// What a person is asked before a worker can work, and what is done with the answers. The wizard and `setup` ask the same.
#pragma once

#include "setup/connection_doctor.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::common {

struct SetupAnswers {
    bool keepMiner = false;               ///< the miner stays the one that this worker has; else one of the next two says which it is
    std::string minerRepo;                ///< folder of a miner on this machine
    std::string connection;               ///< TOKEN:ADDRESS
    std::string listen = "0.0.0.0:3456";  ///< as `run` takes them
    std::string advertise;
    std::string role = "all";             ///< empty: none; the settings name the tasks one by one
    std::vector<std::string> sealPaths;   ///< none: those that there are, else the worker's own folder
    std::vector<std::string> storePaths;
    std::string parameterFolder;          ///< empty: where the official crate has it
    std::vector<std::string> gateways;    ///< none: automatic
    bool fetchParameters = false;         ///< whether a worker fetches what is missing, in the background
    bool startAtLogin = false;            ///< whether the window is started when its user logs in
    std::map<std::string, std::string> settings; ///< others of common/settings by their keys, as settingText() gives them

    bool operator==(const SetupAnswers&) const = default;
};

/// As a TOML text with one key a line, without a connection: what an unfinished wizard keeps.
std::string answersText(const SetupAnswers& answers);
/// From such a text; "connection" and every key of common/settings may be given there, too. A key that is not known, a value of another kind and answers that contradict each other are
/// InvalidArgument with the line.
Expected<SetupAnswers> parseAnswers(std::string_view text);

/// What somebody would type to start a worker with the work of these answers, and nothing else of them.
std::string runCommand(const SetupAnswers& answers);
/// What somebody would type in place of answering: `setup` with these answers, without a connection, whose token belongs into no command.
std::string setupCommand(const SetupAnswers& answers);

/// What is set up now, as answers that would change nothing.
struct PresentSetup {
    bool isConfigured = false;      ///< false: this worker was never told anything
    SetupAnswers answers;           ///< `keepMiner` when there is a miner to keep
    std::string miner;              ///< its address, without a token, or its folder; empty: none is known
    std::string minerVariable;      ///< the variable that names it, which comes before every answer; usually empty
    std::string proven;             ///< what the offered tasks prove, in the words of params::circuitsFor()
};
/// thread  any but the main one of a window: reads files, some of them on the disks of the storage paths, and the keychain
PresentSetup presentSetup(const std::filesystem::path& workerRepo);

/// Where the miner of the answers is; nothing when they name none or its folder has no address. Reads files, for a kept miner also the keychain.
std::optional<protocol::Endpoint> minerOf(const SetupAnswers& answers, const std::filesystem::path& workerRepo);
/// What the doctor is to look at for these answers, before any of them is written down. Reads a file.
setup::DoctorQuestion doctorQuestion(const SetupAnswers& answers, const std::filesystem::path& workerRepo);

/// Whether nothing tells yet what this worker is for: neither its own folder, nor a variable that names a miner.
bool isFirstStart(const std::filesystem::path& workerRepo);

/// What setting up does, in its order. Each is one sentence, for people.
struct SetupStep {
    enum class Kind {
        KeepConnection, ///< the token, where settings keep it
        WriteSettings,
        MakeStorage,
        ChooseGateways,
        StartAtLogin,
        NotAtLogin,
    };
    Kind kind{};
    std::string subject; ///< the file or folder; empty: the keychain of the system
    std::string text;    ///< English
};

/// Answers as steps, looked at and not done: what is there already is no step. InvalidArgument, NotFound, PermissionDenied for an answer that cannot be
/// carried out; nothing is changed.
/// thread  any but the main one of a window: reads files
Expected<std::vector<SetupStep>> plannedSetup(const SetupAnswers& answers, const std::filesystem::path& workerRepo);

/// Does it. What is done twice is the same as once. StorageUnavailable when a worker runs in the folder; the errors of each step name it, and what was
/// done before stays.
/// thread  any but the main one of a window
Expected<std::vector<SetupStep>> carryOutSetup(const SetupAnswers& answers, const std::filesystem::path& workerRepo);

} // namespace lsw::common
