#include <fmt/format.h>

#include "scenarios/verdict/facts.hpp"

namespace pgpassage::scenarios {

void judge_reminders(Findings& findings, const Case& checked) {
  const Server& source = checked.source;
  const Server& role = checked.crossing();
  const Subnet* subnet = find_subnet(checked.topology, role.virtual_network, role.subnet);
  const std::string prefix = subnet && !subnet->prefixes.empty() ? subnet->prefixes.front().to_string() : role.name;
  judge(findings, checked, rules::source_access_list, Outcome::not_described,
        {source.name,
         "The file does not describe pg_hba.conf and listen_addresses; the validation of a migration tests them",
         {},
         source.location,
         {{"server", source.name},
          {"user", source.user.empty() ? "the migration's user" : source.user},
          {"source", prefix}}});
  if (checked.runtime)
    judge(findings, checked, rules::runtime_server_cleanup, Outcome::not_described,
          {checked.runtime->name,
           fmt::format("Once the data is verified, {} is no longer needed", checked.runtime->name),
           {},
           checked.runtime->location,
           {{"server", checked.runtime->name}}});
  judge(findings, checked, rules::entra_roles_on_target, Outcome::not_described,
        {checked.target.name, "The file does not describe roles: those of Microsoft Entra ID are created by hand"});
  judge(findings, checked, rules::automatic_connection_2023, Outcome::not_described,
        {source.name,
         "One page of 2023 asks for no networking step here, another for the virtual network rule that is checked"});
  judge(findings, checked, rules::live_login, Outcome::not_described,
        {checked.topology.migration->name,
         "A check opens no session: the logins are tested by the validation of a migration"});
  for (const ReadingNote& note : checked.topology.notes)
    judge(findings, checked, rules::unusual_but_allowed, Outcome::broken,
          {note.subject, note.message, {}, note.location});
}

}  // namespace pgpassage::scenarios
