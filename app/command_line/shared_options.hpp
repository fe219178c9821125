#pragma once

#include <chrono>

#include "app/command_line/values.hpp"

/// Options that several commands have.
namespace pgpassage::app {

using Formats = std::vector<std::pair<std::string, Format>>;

/// `formats`: what the command takes; the root, which knows no command yet, takes all of them.
CLI::Option* add_format(CLI::App& app, const std::string& description, const Formats& shown, const Formats& taken,
                        Format& format);
extern const Formats report_takes, check_takes;

/// On the root and on every command, so that they may stand before or after it. A command that takes other formats has
/// an option of its own for them.
void add_common_options(CLI::App& app, CommonOptions& common);

CLI::Option* add_file(CLI::App& app, std::string& file);
CLI::Option* add_edition(CLI::App& app, std::string& edition);
/// --waivers and --no-waivers.
std::vector<CLI::Option*> add_waivers(CLI::App& app, WaiverChoice& waivers);
CLI::Option* add_live(CLI::App& app, bool& live);
CLI::Option* add_time_limit(CLI::App& app, std::function<void(std::chrono::milliseconds)> set);
/// What of a database is meant.
void add_filter(CLI::App& app, FilterOptions& filter);

CLI::Option* add_port(CLI::App& app, const std::string& description, std::optional<Port>& port);
void add_uris(CLI::App& app, std::string& source, std::string& target, std::vector<std::string>& databases);
/// How to reach agents; with `url`, also which one.
void add_agent_access(CLI::App& app, AgentAccess& agent, bool url);

/// `Limit`: milliseconds, or optional ones where it must be known whether it was given.
template <class Limit>
CLI::Option* add_time_limit(CLI::App& app, Limit& limit) {
  return add_time_limit(app, std::function<void(std::chrono::milliseconds)>{
                                 [&limit](std::chrono::milliseconds given) { limit = given; }});
}

}  // namespace pgpassage::app
