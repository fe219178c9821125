#include "app/man_page.hpp"

#include <fmt/format.h>

#include "app/roff.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
namespace {

std::string option_entry(const OptionDescription& option) {
  std::string left;
  for (const std::string& name : option.names)
    left += fmt::format("{}\\fB{}\\fR", left.empty() ? "" : ", ", roff(name));
  if (!option.value.empty() && option.names.front().starts_with('-'))
    left += fmt::format(" \\fI{}\\fR", roff(option.value));
  return fmt::format(".TP\n{}\n{}\n", left, roff(option.description));
}

std::string command_entry(const CommandDescription& command) {
  std::string text =
      fmt::format(".SS {}\n.B {}\n.PP\n{}.\n", roff(command.name), roff(usage_of(command)), roff(command.description));
  for (const OptionDescription& argument : command.positionals) text += option_entry(argument);
  for (const OptionDescription& option : command.options) text += option_entry(option);
  return text;
}

constexpr std::string_view closing = R"(.SH EXIT STATUS
.TP
0
ready, succeeded, identical
.TP
1
a check failed, the scenario is not supported, a migration failed, or data differ
.TP
2
the input or the command line is wrong; nothing was done
.TP
3
inconclusive: nothing failed, but something that matters could not be checked
.TP
4
canceled
.TP
5
internal error; the message says where to report it
.PP
\fBmigrate\fR accepts a migration, which uses its name, once both servers have let its users in and the source has the
databases. What is wrong before that (a name, a port, a password, pg_hba.conf) is 2, and nothing is recorded. What goes
wrong later is the migration's end: Failed or ValidationFailed, and 1.
.SH WAIVERS
\fB\-\-waivers\fR names a list, YAML or JSON, of what somebody accepts although it is not in order. Each entry has \fIrule\fR
(id or name), \fIsubject\fR (as the finding has it), \fIreason\fR, \fIowner\fR and \fIexpiry\fR (the last day, as
2025\-06\-30, UTC); all are required. A waived finding stays in every format, marked, with its owner and reason, and no longer
decides the verdict. What packets need (grade H in \fBpgpassage rules\fR) is never waived. A waiver that is malformed,
expired, refused or of no use is a warning of its own (WAV101 to WAV104); a text that is no list of waivers is wrong input.
.SH JSON OF TRACE
\fBtrace \-\-to\fR prints one element of \fIflows\fR as \fBcheck\fR does. \fBtrace \-\-name\fR prints one element of
\fInames\fR (\fIname\fR, \fIfrom\fR, \fIpredicted\fR, \fIobserved\fR) with \fIhops\fR: each has \fIname\fR, \fIat\fR,
\fIkind\fR (setting, way, platformRule, record, forwarder, zone, ruleset, publicDns, resolver), \fIdecision\fR (answer,
alias, forward, pass, none, deny, unknown), \fIby\fR, \fIline\fR, \fIcause\fR and \fIdetail\fR. It exits 0 when the name has an
address, 1 when it has none, 3 when the file does not say.
.SH JSON OF MIGRATIONS
\fBlist \-\-format json\fR prints \fImigrations\fR, newest first, each with \fIname\fR, \fIstate\fR, \fIsubstate\fR,
\fImigrationMode\fR, \fImigrationOption\fR, \fIsource\fR and \fItarget\fR (\fIhost\fR, \fIport\fR, \fIuser\fR, \fIname\fR,
\fItype\fR), \fIdatabases\fR, \fIdurationSeconds\fR, \fIstartTime\fR, \fIendTime\fR, \fInetworkChecked\fR, \fIpath\fR,
\fIscenario\fR, \fIedition\fR, \fIcancelRequested\fR and \fIerror\fR. \fBshow\fR and \fBreport NAME\fR print one such object, with \fIdatabases\fR
in detail, \fItables\fR, \fIvalidation\fR, \fIverification\fR, \fIverificationNotes\fR,
\fIlaterVerifications\fR (each \fBverify NAME\fR since, with \fItime\fR, \fIresult\fR, \fIitems\fR and \fInotes\fR), \fIremaining\fR, \fIevents\fR, \fItopology\fR and \fIranBy\fR.
.SH AGENTS
An agent is pgpassage on a host that stands for the place where a crossing starts; it serves an HTTPS API, described in
\fIopenapi.yaml\fR. \fBagent init\fR makes certificates and prints how to start the agent and how to reach it. The agent
reads certificates, revocation list and token again when they change. On SIGTERM it takes nothing new, gives running
migrations the drain time, and asks the rest to stop, which their records say.
.PP
\fBmigrate FILE\fR hands the migration to the agent of the file's host, unless this machine is that place itself, with
the passwords that libpq would find here, and follows it. The migration goes on without this process. Ctrl\-C in a
terminal asks whether to detach, to cancel or to go on; without a terminal SIGINT cancels. SIGTERM and SIGHUP detach:
exit code 3, since the outcome is not known. \fBcheck\fR, \fBprobe\fR and \fBreport\fR ask the agents of places where this
machine is not.
.SH ENVIRONMENT
.TP
.B PGPASSAGE_AGENT
URL of the agent that \fBlist\fR, \fBshow\fR, \fBcancel\fR and \fBmigrate FILE\fR ask, as \fB\-\-agent\fR
.TP
.B PGPASSAGE_AGENT_CERT, PGPASSAGE_AGENT_KEY, PGPASSAGE_AGENT_CA, PGPASSAGE_AGENT_TOKEN_FILE
files for talking to agents, as the options of like names; default \fIclient.crt\fR, \fIclient.key\fR, \fIca.crt\fR and
\fItoken\fR in \fI$XDG_CONFIG_HOME/pgpassage/agent\fR, then \fI~/.config/pgpassage/agent\fR
.TP
.B PGPASSAGE_HOME
directory of the migrations' state; default \fI$XDG_STATE_HOME/pgpassage\fR, then \fI~/.local/state/pgpassage\fR
.TP
.B PGPASSAGE_WAIVERS
file of waivers for \fBcheck\fR and \fBreport\fR, as \fB\-\-waivers\fR
.TP
.B NO_COLOR
when set and not empty, no colour unless \fB\-\-color always\fR
.TP
.B PGPASSAGE_PG_BINDIR
the one directory to take pg_dump and pg_restore from, instead of PATH and \fI/usr/lib/postgresql/*/bin\fR
.TP
.B PGPASSFILE
libpq's password file, which nobody but its owner may read (mode 0600). Passwords are never taken from the command line
)";

}  // namespace

std::string man_page(const CommandTree& tree) {
  std::string page = fmt::format(".TH PGPASSAGE 1 \"\" \"pgpassage {}\" \"User Commands\"\n", version);
  page += ".SH NAME\npgpassage \\- check a PostgreSQL migration's network, then make the crossing\n";
  page += ".SH SYNOPSIS\n.B pgpassage\n.I COMMAND\n[options]\n";
  page += fmt::format(".SH DESCRIPTION\n{}\n.SH COMMANDS\n", roff(tree.description));
  for (const CommandDescription& command : tree.commands) page += command_entry(command);
  page += ".SH OPTIONS OF EVERY COMMAND\n";
  for (const OptionDescription& option : tree.common_options) page += option_entry(option);
  page += closing;
  page += ".SH EXAMPLES\n.nf\n";
  for (const CommandDescription& command : tree.commands)
    for (const std::string& example : command.examples) page += roff(example) + "\n";
  return page + ".fi\n.SH SEE ALSO\n.BR pgpassage\\-rules (7)\n";
}

}  // namespace pgpassage::app
