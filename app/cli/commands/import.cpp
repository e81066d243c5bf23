// SPDX-License-Identifier: MIT OR Apache-2.0
// config import: the settings of an existing lotus-worker, shown first, written on request.
#include "cli/commands/command.h"
#include "cli/output.h"
#include "common/lotus_import.h"
#include "common/storage_path.h"
#include "common/token_store.h"
#include "common/worker_client.h"
#include "setup/edited_file.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace lsw::cli {
namespace {

struct ImportOptions {
    std::vector<std::string> sources;
    bool yes = false, json = false;
};

void showItems(const char* title, const std::vector<common::ImportedItem>& items) {
    if (items.empty()) return;
    print(std::string(title) + '\n');
    std::size_t width = 0;
    for (const common::ImportedItem& item : items) width = std::max(width, item.name.size());
    for (const common::ImportedItem& item : items)
        print("  " + item.name + std::string(width - item.name.size() + 2, ' ') + item.about + "  (" + item.where + ")\n");
}

boost::json::array jsonOf(const std::vector<common::ImportedItem>& items) {
    boost::json::array out;
    for (const common::ImportedItem& item : items) out.push_back({{"name", item.name}, {"where", item.where}, {"about", item.about}});
    return out;
}

/// The connection first: without it the settings would be those of a worker that has no miner.
Expected<void> write(const common::LotusImport& import, setup::EditedFile& file, const std::string& text) {
    if (import.miner) LSW_TRY(common::keepConnection(*import.miner));
    return text == file.text() ? Expected<void>() : file.replace(text);
}

common::ExitCode import(const GlobalOptions& global, const ImportOptions& options) {
    common::ImportRequest request;
    for (const std::string& source : options.sources) request.sources.push_back(common::plainStoragePath(source));
    request.repo = common::workerRepo(global.workerRepo);
    request.home = common::plainStoragePath("~");
    auto found = common::readLotusWorker(request);
    if (!found) return fail(found.error(), options.json);
    common::ConfigurationSources sources{common::configurationFile(found->repo), common::environmentVariable, {}};
    auto file = setup::EditedFile::read(sources.file);
    if (!file) return fail(file.error(), options.json);
    // A folder that the file names would come before the connection that is kept.
    if (found->miner && !common::readConfiguration({sources.file, {}, {}}).at("miner-repo").text.empty()) found->changes.push_back({"miner-repo", ""});
    const auto text = common::changedConfiguration(file->text(), found->changes);
    if (!text) return fail(text.error(), options.json);
    // As the worker will read it: by itself, without what this shell has set.
    const auto sound = common::soundConfiguration({sources.file, {}, {}, *text});
    if (!sound) return fail(Error(sound.error()).whileDoing("nothing was written, because the result would be wrong"), options.json);
    const bool isSame = *text == file->text();
    if (options.yes)
        if (const auto written = write(*found, *file, *text); !written) return fail(written.error(), options.json);
    if (options.json) {
        boost::json::object changes;
        for (const common::ConfigurationChange& one : found->changes) changes[one.key] = one.text;
        printJson({{"schema", 1}, {"ok", true}, {"file", file->path().string()}, {"written", options.yes}, {"settings", std::move(changes)},
                   {"taken", jsonOf(found->taken)}, {"not_needed", jsonOf(found->notNeeded)}, {"unknown", jsonOf(found->unknown)}});
        return common::ExitCode::Success;
    }
    showItems("Taken:", found->taken);
    showItems("Not needed:", found->notNeeded);
    showItems("Unknown, and left out:", found->unknown);
    print((isSame ? "Nothing changes in " : "Changes in ") + file->path().string() + (isSame ? ".\n" : ":\n"));
    for (const common::ConfigurationChange& one : found->changes)
        if (!isSame) print("  " + one.key + " = " + one.text + '\n');
    if (found->miner) {
        const auto place = common::tokenPlaces().keychain == common::KeychainState::Ready ? common::TokenPlace::Keychain : common::TokenPlace::File;
        say("The connection to the miner" + std::string(options.yes ? " is kept with its token in " : " and its token go into ") + common::sentenceOf(place) + '.');
    }
    if (options.yes) say("Written. See it with: lotus-seal-worker config show --origin; stop the lotus-worker before you start this one in its folder.");
    else say("Nothing is written yet: give --yes for that.");
    return common::ExitCode::Success;
}

} // namespace

void addImportCommand(CLI::App& group, const GlobalOptions& global, Action& action) {
    auto options = std::make_shared<ImportOptions>();
    CLI::App* command = group.add_subcommand("import", "Take over what an existing lotus-worker was told; shows it, and writes it with --yes");
    command->add_option("SOURCE", options->sources, "Its systemd unit, its file of variables, its folder (default: what is found here)");
    command->add_flag("--yes", options->yes, "Write it");
    command->add_flag("--json", options->json, "As JSON (schema 1)");
    command->callback([options, &global, &action] { action = [options, &global] { return import(global, *options); }; });
}

} // namespace lsw::cli
