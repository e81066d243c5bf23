// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lsw::cli {

/// One option or argument of a command, as completions and the manual need it.
struct CommandOption {
    std::vector<std::string> names;  ///< "--size", "-v"; of an argument its one name, "FILE"
    bool isArgument = false;         ///< told by its place
    bool takesValue = false;
    std::vector<std::string> words;  ///< the values that there are; empty: any
    std::string about;
};

/// A command with what may follow it.
struct CommandTree {
    std::string name, about;
    std::vector<CommandOption> options; ///< arguments too, in their order
    std::vector<CommandTree> commands;
};

/// What the command line understands, without what is accepted for lotus-worker's sake alone.
CommandTree commandTree(const CLI::App& app);

/// A script that completes commands, options and their values at the prompt of a shell.
std::string bashCompletion(const CommandTree& tree);
std::string zshCompletion(const CommandTree& tree);
std::string fishCompletion(const CommandTree& tree);
/// A page for man(1), section 1.
std::string manualPage(const CommandTree& tree);

} // namespace lsw::cli
