// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/command_tree.h"

#include "common/settings.h"

#include <CLI/CLI.hpp>

#include <sstream>

namespace lsw::cli {
namespace {

/// CLI11 describes a closed list of values as "TEXT:{a,b}".
std::vector<std::string> wordsOf(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const auto begin = type.find('{'), end = type.find('}');
    std::vector<std::string> words;
    if (begin != std::string::npos && end != std::string::npos && begin < end) {
        std::stringstream list(type.substr(begin + 1, end - begin - 1));
        for (std::string word; std::getline(list, word, ',');) words.push_back(word);
    } else if (!option.get_lnames().empty()) {
        if (const common::Setting* setting = common::settingNamed(option.get_lnames().front()); setting && setting->kind == common::SettingKind::Word)
            for (const std::string& word : setting->words)
                if (!word.empty()) words.push_back(word);
    }
    return words;
}

CommandOption optionOf(const CLI::Option& option) {
    CommandOption out;
    out.isArgument = option.get_positional();
    out.takesValue = option.get_items_expected_max() > 0;
    out.words = wordsOf(option);
    out.about = option.get_description();
    for (const std::string& name : option.get_snames()) out.names.push_back('-' + name);
    for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
    if (out.isArgument && out.names.empty()) out.names = {option.get_name(true)};
    return out;
}

} // namespace

CommandTree commandTree(const CLI::App& app) {
    CommandTree tree{app.get_name(), app.get_description(), {}, {}};
    for (const CLI::Option* option : app.get_options())
        if (!option->get_group().empty()) tree.options.push_back(optionOf(*option));
    for (const CLI::App* command : app.get_subcommands(nullptr))
        if (!command->get_group().empty()) tree.commands.push_back(commandTree(*command));
    return tree;
}

} // namespace lsw::cli
