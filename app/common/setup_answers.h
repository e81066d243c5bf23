// SPDX-License-Identifier: MIT OR Apache-2.0
// What a person is asked before a worker can work, and what is done with the answers. The wizard and `setup` ask the same.
#pragma once

#include "setup/connection_doctor.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::common {

struct SetupAnswers {
    std::string minerRepo;                ///< folder of a miner on this machine; empty: `connection`
    std::string connection;               ///< TOKEN:ADDRESS; empty: `minerRepo`
    std::string listen = "0.0.0.0:3456";  ///< as `run` takes them
    std::string advertise;
    std::string role = "all";
    std::vector<std::string> sealPaths;   ///< none: the worker's own folder
    std::vector<std::string> storePaths;
    std::string parameterFolder;          ///< empty: where the official crate has it
    std::vector<std::string> gateways;    ///< none: automatic
    bool fetchParameters = false;         ///< whether a worker fetches what is missing, in the background

    bool operator==(const SetupAnswers&) const = default;
};

/// As a TOML text with one key a line, without the token: what an unfinished wizard keeps.
std::string answersText(const SetupAnswers& answers);
/// From such a text; "connection" may be given there, too. A key that is not known, a value of another kind and answers that contradict each other are
/// InvalidArgument with the line.
Expected<SetupAnswers> parseAnswers(std::string_view text);

/// Where the miner of the answers is; nothing when they name none or its folder has no address. Reads files.
std::optional<protocol::Endpoint> minerOf(const SetupAnswers& answers);
/// What the doctor is to look at for these answers, before any of them is written down.
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
