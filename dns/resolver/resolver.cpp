#include "dns/resolver/resolver.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "dns/resolver/channel.hpp"
#include "dns/resolver/packet.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::dns {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// Why the name cannot be asked for; empty when it can.
std::string fault_of(std::string_view name) {
  if (name.empty()) return "the name is empty";
  if (name.size() > 253) return fmt::format("the name has {} characters; 253 is the most", name.size());
  const auto odd = [](char c) { return c <= ' ' || c > '~' || c == '\\'; };
  if (std::any_of(name.begin(), name.end(), odd))
    return "the name has a character that no host name can have; an international name is asked for in its xn-- form";
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    if (end == begin) return "the name has an empty label";
    if (end - begin > 63)
      return fmt::format("the label {} has more than 63 characters", name.substr(begin, end - begin));
    begin = end + 1;
  }
  return {};
}

/// "10.0.0.4", "10.0.0.4:5353", "fd00::4", "[fd00::4]:5353".
std::optional<NameServer> name_server_of(std::string_view text) {
  if (const auto address = IpAddress::parse(text)) return NameServer{*address};
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::parse(host);
  Port port = 0;
  const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  if (!address || error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return NameServer{*address, port};
}

LookupStatus status_of(const PacketAnswer& answer) {
  switch (answer.rcode) {
    case 0: return answer.addresses.empty() ? LookupStatus::no_data : LookupStatus::answered;
    case 3: return LookupStatus::nx_domain;
    case 5: return LookupStatus::refused;
    default: return LookupStatus::server_failure;
  }
}

Lookup silence_of(const Reply& reply, bool used_tcp) {
  Lookup lookup;
  const bool late = !reply.done || reply.status == ARES_ETIMEOUT;
  lookup.status = late ? LookupStatus::timed_out : LookupStatus::unreachable;
  lookup.detail = late ? "no answer in time"
                  : reply.status == ARES_ECONNREFUSED
                      ? "could not be reached: nothing listens there, or there is no route"
                      : ares_strerror(reply.status);
  if (reply.status == ARES_EBADNAME) lookup = {.status = LookupStatus::malformed, .detail = "not a valid DNS name"};
  if (used_tcp) lookup.detail = "the answer over UDP was truncated, and TCP port 53 gave none: " + lookup.detail;
  return lookup;
}

Lookup lookup_of(const Reply& reply, const std::string& name, bool used_tcp) {
  if (reply.packet.empty()) return silence_of(reply, used_tcp);
  const auto answer = read_packet(reply.packet, name);
  if (!answer) return {.status = LookupStatus::malformed, .detail = answer.error().message};
  Lookup lookup{.status = status_of(*answer), .chain = answer->chain, .addresses = answer->addresses};
  lookup.ttl_seconds = answer->ttl_seconds;
  if (answer->rcode != 0) lookup.detail = rcode_name(answer->rcode);
  lookup.records = answer->records;
  lookup.authenticated = answer->authenticated;
  lookup.over_tcp = used_tcp;
  return lookup;
}

/// What the two questions say together. NXDOMAIN speaks about the name and so for both; an address found is found.
Lookup merged(Lookup a, Lookup aaaa) {
  using enum LookupStatus;
  const auto one_is = [&](LookupStatus status) { return a.status == status || aaaa.status == status; };
  const LookupStatus failure = a.status == no_data ? aaaa.status : a.status;
  Lookup both = a.chain.size() >= aaaa.chain.size() ? a : aaaa;
  both.status = one_is(answered) ? answered : one_is(nx_domain) ? nx_domain : failure;
  both.addresses = a.addresses;
  both.addresses.insert(both.addresses.end(), aaaa.addresses.begin(), aaaa.addresses.end());
  both.authenticated = a.authenticated && aaaa.authenticated;
  both.records = a.records;
  for (const DnsRecord& record : aaaa.records)  // the aliases are the same for both questions
    if (std::find(both.records.begin(), both.records.end(), record) == both.records.end())
      both.records.push_back(record);
  if (a.status == answered && aaaa.status == answered) both.ttl_seconds = std::min(a.ttl_seconds, aaaa.ttl_seconds);
  both.detail = a.detail;
  if (a.detail != aaaa.detail && !aaaa.detail.empty())
    both.detail += fmt::format("{}AAAA: {}", a.detail.empty() ? "" : "; ", aaaa.detail);
  return both;
}

bool settled(LookupStatus status) {
  return status == LookupStatus::answered || status == LookupStatus::nx_domain || status == LookupStatus::no_data;
}

asio::awaitable<Lookup> ask_by(NameServer server, std::string text, std::string name, Transport transport,
                               Deadline deadline) {
  const auto executor = co_await asio::this_coro::executor;
  const auto channel = std::make_shared<Channel>(executor);
  const Replies replies = co_await channel->ask(server, name, transport, deadline);
  Lookup lookup =
      merged(lookup_of(replies.of[0], name, replies.used_tcp), lookup_of(replies.of[1], name, replies.used_tcp));
  const bool spoke = !replies.of[0].packet.empty() || !replies.of[1].packet.empty();
  if (spoke) lookup.server = text;
  co_return lookup;
}

/// Where UDP stays silent for three quarters of the time, TCP is tried: a filter that knows only one of both is common,
/// and no resolver library tells it from a server that is gone.
asio::awaitable<Lookup> ask_one(NameServer server, std::string text, std::string name, Deadline deadline) {
  const auto now = Deadline::clock::now();
  Lookup over_udp = co_await ask_by(server, text, name, Transport::udp, now + (deadline - now) * 3 / 4);
  if (over_udp.status != LookupStatus::timed_out || !over_udp.server.empty()) co_return over_udp;
  Lookup over_tcp = co_await ask_by(server, text, name, Transport::tcp, deadline);
  if (over_tcp.server.empty()) co_return over_udp;
  over_tcp.udp_silent = true;
  over_tcp.detail += fmt::format("{}UDP port 53 gave no answer, TCP port 53 did", over_tcp.detail.empty() ? "" : "; ");
  co_return over_tcp;
}

/// Every server has an equal share of what is left, so that one dead server cannot eat up the deadline.
Deadline share_of(Deadline deadline, std::size_t servers_left) {
  const auto now = Deadline::clock::now();
  return now + (deadline - now) / static_cast<Deadline::rep>(servers_left);
}

/// The first server that knows decides; else the first that said anything; else the first.
asio::awaitable<Lookup> ask_in_order(std::string name, std::vector<std::string> servers, Deadline deadline) {
  Lookup best;
  std::vector<LameServer> lame;
  std::string tried;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const auto server = name_server_of(servers[i]);
    Lookup lookup{.status = LookupStatus::unreachable, .detail = "is not the address of a name server"};
    if (server) lookup = co_await ask_one(*server, servers[i], name, share_of(deadline, servers.size() - i));
    if (settled(lookup.status)) {
      lookup.lame = std::move(lame);
      co_return lookup;
    }
    lame.push_back({servers[i], lookup.status, lookup.detail});
    tried += fmt::format("{}{}: {}", tried.empty() ? "" : "; ", servers[i], lookup.detail);
    if (i == 0 || (best.server.empty() && !lookup.server.empty())) best = std::move(lookup);
  }
  best.lame = std::move(lame);
  best.detail = servers.empty() ? "no name server is configured" : tried;
  if (servers.empty()) best.status = LookupStatus::unreachable;
  co_return best;
}

}  // namespace

std::vector<std::string> system_name_servers() { return name_servers_in("/etc/resolv.conf"); }

asio::awaitable<Lookup> lookup(std::string name, std::vector<std::string> servers, Deadline deadline) {
  const auto started = Deadline::clock::now();
  const std::string asked = canonical_name(name);
  Lookup result{.name = name};
  if (const auto address = IpAddress::parse(name)) {
    result.status = LookupStatus::answered;
    result.addresses = {*address};
  } else if (const std::string fault = fault_of(asked); !fault.empty()) {
    result.status = LookupStatus::malformed;
    result.detail = fault;
  } else if (deadline <= started) {
    result.detail = "the time limit had passed before the name was asked";
  } else {
    if (servers.empty()) servers = system_name_servers();
    auto asking = ask_in_order(asked, std::move(servers), deadline);
    result = co_await on_own_strand(std::move(asking));
  }
  result.name = name;
  if (result.chain.empty()) result.chain = {asked};
  result.elapsed = std::chrono::duration_cast<milliseconds>(Deadline::clock::now() - started);
  co_return result;
}

}  // namespace pgpassage::dns
