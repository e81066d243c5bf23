// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/command_tree.h"

#include <functional>

namespace lsw::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const char* between = " ") {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
    return out;
}

std::string identifier(std::string path) {
    for (char& c : path)
        if (c == ' ' || c == '-') c = '_';
    return path;
}

/// What says something at the place of a word: the first sentence, without what would end a quoted text.
std::string shortText(std::string text, const std::string& never) {
    if (const auto end = text.find(". "); end != std::string::npos) text.resize(end);
    std::erase_if(text, [&never](char c) { return never.find(c) != std::string::npos || static_cast<unsigned char>(c) < ' '; });
    return text;
}

/// Every command with its path from the program, the program itself first: "", "params", "params fetch".
void forEachCommand(const CommandTree& tree, const std::string& path, const std::function<void(const CommandTree&, const std::string&)>& visit) {
    visit(tree, path);
    for (const CommandTree& command : tree.commands) forEachCommand(command, path.empty() ? command.name : path + ' ' + command.name, visit);
}

std::string wordsAfter(const CommandTree& command) {
    std::vector<std::string> words;
    for (const CommandTree& next : command.commands) words.push_back(next.name);
    for (const CommandOption& option : command.options) {
        for (const std::string& name : option.names)
            if (name.starts_with('-')) words.push_back(name);
        if (option.isArgument) words.insert(words.end(), option.words.begin(), option.words.end());
    }
    return joined(words);
}

} // namespace

std::string bashCompletion(const CommandTree& tree) {
    std::string paths, words, values, withValue;
    forEachCommand(tree, "", [&](const CommandTree& command, const std::string& path) {
        const std::string label = "\"" + path + "\"";
        if (!path.empty()) paths += (paths.empty() ? "" : "|") + label;
        words += "        " + label + ") words=\"" + wordsAfter(command) + "\" ;;\n";
        for (const CommandOption& option : command.options)
            for (const std::string& name : option.names)
                if (name.starts_with('-') && option.takesValue) {
                    // An option of the program itself may stand behind any command.
                    const std::string before = path.empty() ? "*\"" + name + "\"" : "\"" + path + ' ' + name + "\"";
                    withValue += (withValue.empty() ? "" : "|") + before;
                    values += "        " + before + (option.words.empty() ? ") COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n"
                                                                          : ") COMPREPLY=($(compgen -W \"" + joined(option.words) + "\" -- \"$word\")); return ;;\n");
                }
    });
    const std::string function = "_" + identifier(tree.name);
    return "# Completion of " + tree.name + " for bash; made by: " + tree.name + " completion bash\n" + function + R"(() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path="" next words i
    for ((i = 1; i < COMP_CWORD; i++)); do
        next="${path:+$path }${COMP_WORDS[i]}"
        case $next in
        )" + paths + R"() path=$next ;;
        )" + withValue + R"() ((i++)) ;;
        esac
    done
    case "${path:+$path }$before" in
)" + values + R"(    esac
    case $path in
)" + words + R"(    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F )" + function + ' ' + tree.name + '\n';
}

std::string zshCompletion(const CommandTree& tree) {
    std::string functions;
    forEachCommand(tree, "", [&](const CommandTree& command, const std::string& path) {
        const std::string function = "_" + identifier(tree.name + (path.empty() ? "" : ' ' + path));
        std::string arguments, names;
        for (const CommandOption& option : command.options) {
            const std::string about = shortText(option.about, "[]:'\"\\`$");
            const std::string value = !option.takesValue ? "" : ":value:" + (option.words.empty() ? std::string("_files") : "(" + joined(option.words) + ")");
            for (const std::string& name : option.names)
                if (name.starts_with('-')) arguments += " \\\n        '" + name + (option.takesValue && name.starts_with("--") ? "=" : "") + "[" + about + "]" + value + "'";
            if (option.isArgument && command.commands.empty())
                arguments += " \\\n        '*:" + shortText(option.names.front(), "[]:'\"\\`$") + ":" + (option.words.empty() ? std::string("_files") : "(" + joined(option.words) + ")") + "'";
        }
        functions += function + "() {\n";
        if (command.commands.empty()) {
            functions += "    _arguments" + arguments + "\n}\n";
            return;
        }
        std::string cases;
        for (const CommandTree& next : command.commands) {
            names += "            '" + next.name + ":" + shortText(next.about, "[]:'\"\\`$") + "'\n";
            cases += "            " + next.name + ") _" + identifier(tree.name + ' ' + (path.empty() ? "" : path + ' ') + next.name) + " ;;\n";
        }
        functions += "    local curcontext=\"$curcontext\" state line\n    typeset -A opt_args\n    _arguments -C" + arguments +
                     " \\\n        '1:command:->command' \\\n        '*::argument:->argument'\n    case $state in\n    command)\n        local -a commands=(\n" + names +
                     "        )\n        _describe command commands ;;\n    argument)\n        case $line[1] in\n" + cases + "        esac ;;\n    esac\n}\n";
    });
    return "#compdef " + tree.name + "\n# Completion for zsh; made by: " + tree.name + " completion zsh\n" + functions + "_" + identifier(tree.name) + " \"$@\"\n";
}

std::string fishCompletion(const CommandTree& tree) {
    std::string out = "# Completion of " + tree.name + " for fish; made by: " + tree.name + " completion fish\ncomplete -c " + tree.name + " -f\n";
    forEachCommand(tree, "", [&](const CommandTree& command, const std::string& path) {
        std::string condition = path.empty() ? "__fish_use_subcommand" : "";
        std::string rest = path;
        while (!rest.empty()) {
            const auto space = rest.find(' ');
            condition += (condition.empty() ? "__fish_seen_subcommand_from " : "; and __fish_seen_subcommand_from ") + rest.substr(0, space);
            rest = space == std::string::npos ? "" : rest.substr(space + 1);
        }
        std::vector<std::string> names;
        for (const CommandTree& next : command.commands) names.push_back(next.name);
        const std::string before = path.empty() || names.empty() ? condition : condition + "; and not __fish_seen_subcommand_from " + joined(names);
        const std::string line = "complete -c " + tree.name + " -n '";
        for (const CommandTree& next : command.commands) out += line + before + "' -a " + next.name + " -d '" + shortText(next.about, "'\\") + "'\n";
        for (const CommandOption& option : command.options) {
            if (option.isArgument && !option.words.empty()) out += line + condition + "' -a '" + joined(option.words) + "'\n";
            std::string flags;
            for (const std::string& name : option.names)
                if (name.starts_with('-')) flags += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            if (flags.empty()) continue;
            const std::string value = !option.takesValue ? "" : option.words.empty() ? " -r -F" : " -x -a '" + joined(option.words) + "'";
            // The options of the program itself may stand behind any command.
            out += line + (path.empty() ? "true" : condition) + "'" + flags + value + " -d '" + shortText(option.about, "'\\") + "'\n";
        }
    });
    return out;
}

} // namespace lsw::cli
