// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/command_tree.h"

#include "common/exit_code.h"
#include "common/settings.h"

#include <algorithm>

namespace lsw::cli {
namespace {

/// A text as roff takes it: a hyphen stays a hyphen, a backslash one, and no line begins a request.
std::string roff(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') out += "\\e";
        else if (c == '-') out += "\\-";
        else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += std::string("\\&") + c;
        else out += c;
    }
    return out;
}

std::string optionText(const CommandOption& option) {
    std::string names;
    for (const std::string& name : option.names) names += (names.empty() ? "" : ", ") + std::string("\\fB") + roff(name) + "\\fR";
    if (option.takesValue && !option.isArgument) names += " \\fIVALUE\\fR";
    std::string about = option.about;
    const auto isNamed = [&about](const std::string& word) { return about.find(word) != std::string::npos; };
    if (!option.words.empty() && !std::ranges::all_of(option.words, isNamed)) {
        about += about.empty() ? "One of:" : "; one of:";
        for (const std::string& word : option.words) about += ' ' + word;
    }
    return ".TP\n" + names + "\n" + roff(about) + "\n";
}

void addCommand(const CommandTree& command, const std::string& path, std::string& out) {
    const std::string name = path.empty() ? command.name : path + ' ' + command.name;
    out += ".SS " + roff(name) + "\n" + roff(command.about) + ".\n";
    for (const CommandOption& option : command.options)
        if (std::ranges::find(option.names, "--help") == option.names.end()) out += optionText(option);
    for (const CommandTree& next : command.commands) addCommand(next, name, out);
}

} // namespace

std::string manualPage(const CommandTree& tree) {
    std::string title = tree.name;
    std::ranges::transform(title, title.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    std::string out = ".TH " + roff(title) + " 1 \"\" \"lotus\\-seal\\-worker " LSW_VERSION "\" \"User Commands\"\n.SH NAME\n" + roff(tree.name) +
                      " \\- takes the heavy sealing work off a Lotus storage miner\n.SH SYNOPSIS\n.B " + roff(tree.name) +
                      "\n[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIOPTIONS OF THE COMMAND\\fR]\n.SH DESCRIPTION\n"
                      "Speaks the protocol of lotus\\-worker to a lotus\\-miner and does the work that the miner gives: pieces, PreCommit 1 and 2, Commit 1 and 2, "
                      "finalizing, unsealing, updates and proofs of storage. Data go to standard output, talk to standard error. What reads takes \\fB\\-\\-json\\fR.\n"
                      ".SH OPTIONS\n";
    for (const CommandOption& option : tree.options) out += optionText(option);
    out += ".SH COMMANDS\n";
    for (const CommandTree& command : tree.commands) addCommand(command, "", out);
    out += ".SH ENVIRONMENT\nA variable wins over the configuration file, an option over both.\n";
    for (const common::Setting& setting : common::settings()) {
        std::string names;
        for (const std::string& name : setting.variables) names += (names.empty() ? "" : ", ") + std::string("\\fB") + roff(name) + "\\fR";
        if (!names.empty()) out += ".TP\n" + names + "\n" + roff(setting.key) + ": " + roff(setting.about) + "\n";
    }
    out += ".SH EXIT STATUS\n";
    for (const common::ExitCodeMeaning& one : common::exitCodeMeanings()) out += ".TP\n.B " + std::to_string(static_cast<int>(one.code)) + "\n" + roff(one.meaning) + "\n";
    out += ".TP\n.B 130\nended by a second Ctrl\\-C\n";
    out += ".SH FILES\n.TP\n\\fI~/.lotusworker/lotus\\-seal\\-worker/config.toml\\fR\nthe configuration; \\fB" + roff(tree.name) +
           " config path\\fR says where it is\n.SH SEE ALSO\n.BR lotus\\-seal\\-worker\\-gui (1)\n";
    return out;
}

} // namespace lsw::cli
