#include "dns/resolver/channel.hpp"

#include <arpa/inet.h>
#include <sys/select.h>
#include <sys/socket.h>

#include <algorithm>
#include <random>

#include "netcheck/probe/async.hpp"

namespace pgpassage::dns {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// c-ares counts users of its library and has no lock for the first; a static's initialisation has one.
bool library_ready() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  return status == ARES_SUCCESS;
}

ares_addr_port_node node_of(const NameServer& server) {
  ares_addr_port_node node{};
  node.family = server.address.family() == IpAddress::Family::ipv4 ? AF_INET : AF_INET6;
  inet_pton(node.family, server.address.to_string().c_str(), &node.addr);
  node.udp_port = node.tcp_port = server.port;
  return node;
}

struct AresFree {
  void operator()(unsigned char* query) const noexcept { ares_free_string(query); }
};

// c-ares doubles its patience from try to try: three tries take seven times the first.
constexpr int tries = 3;
std::chrono::milliseconds first_attempt_of(Deadline deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Deadline::clock::now());
  return std::clamp(left / 7, std::chrono::milliseconds{1}, std::chrono::milliseconds{1500});
}

}  // namespace

Channel::Channel(asio::any_io_executor executor)
    : executor_{executor}, retry_{executor}, done_{executor}, questions_{Question{this, 0}, Question{this, 1}} {}

Channel::~Channel() {
  // Answers the open questions with ARES_EDESTRUCTION and closes every socket, each announced through watch().
  if (channel_ != nullptr) ares_destroy(channel_);
}

bool Channel::open(const NameServer& server, Transport transport) {
  if (!library_ready()) return false;
  char lookups[] = "b";  // DNS alone: no /etc/hosts
  ares_options options{};
  // NOCHECKRESP: without it SERVFAIL and REFUSED come back as "could not contact DNS servers", with no packet.
  options.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | (transport == Transport::tcp ? ARES_FLAG_USEVC : 0);
  options.timeout = static_cast<int>(first_attempt_.count());
  options.tries = tries;
  options.lookups = lookups;
  options.sock_state_cb = [](void* self, ares_socket_t socket, int read, int write) {
    static_cast<Channel*>(self)->watch(socket, read != 0, write != 0);
  };
  options.sock_state_cb_data = this;
  const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
  if (ares_init_options(&channel_, &options, mask) != ARES_SUCCESS) return false;
  const auto created = [](ares_socket_t, int type, void* self) {
    if (type == SOCK_STREAM) static_cast<Channel*>(self)->replies_.used_tcp = true;
    return ARES_SUCCESS;
  };
  ares_set_socket_callback(channel_, created, this);
  ares_addr_port_node node = node_of(server);
  return ares_set_servers_ports(channel_, &node) == ARES_SUCCESS;
}

asio::awaitable<Replies> Channel::ask(NameServer server, std::string name, Transport transport, Deadline deadline) {
  first_attempt_ = first_attempt_of(deadline);
  end_ = deadline;
  if (!open(server, transport)) {
    for (Reply& reply : replies_.of) reply = {true, ARES_ENOTINITIALIZED, {}};
    co_return replies_;
  }
  send(name);
  set_timer();
  // A question may be answered inside ares_query (no route to the server): then there is nothing to wait for.
  while (!complete() && Deadline::clock::now() < end_) {
    done_.expires_at(end_);
    co_await done_.async_wait(nothrow_awaitable);  // each answer ends the wait; the next one throws when canceled
  }
  co_return replies_;
}

void Channel::send(const std::string& name) {
  const auto callback = [](void* context, int status, int, unsigned char* packet, int length) {
    const auto* question = static_cast<const Question*>(context);
    question->channel->answered(question->index, status, packet, length);
  };
  constexpr std::array types{1, 28};                     // A, AAAA
  const unsigned id = std::random_device{}() & 0xFFFEU;  // not to be guessed by whoever wants to answer first
  for (std::size_t i = 0; i < types.size(); ++i) {
    unsigned char* query = nullptr;
    int length = 0;
    const int made =
        ares_create_query(name.c_str(), 1, types[i], static_cast<unsigned short>(id + i), 1, &query, &length, 0);
    const std::unique_ptr<unsigned char, AresFree> owned{query};
    if (made != ARES_SUCCESS) {
      replies_.of[i] = {true, made, {}};
      continue;
    }
    query[3] |= 0x20;  // AD
    ares_send(channel_, query, length, callback, &questions_[i]);
  }
}

void Channel::answered(std::size_t index, int status, const unsigned char* packet, int length) {
  Reply& reply = replies_.of[index];
  Reply& other = replies_.of[1 - index];
  if (reply.done) return;
  reply.done = true;
  reply.status = status;
  if (packet != nullptr && length > 0) reply.packet.assign(packet, packet + length);
  // One ICMP error arrives for one of two questions on the socket; the other would wait for nobody.
  if (status == ARES_ECONNREFUSED && !replies_.used_tcp && !other.done) other = {true, ARES_ECONNREFUSED, {}};
  if (!other.done) end_ = std::min(end_, Deadline::clock::now() + 3 * first_attempt_);
  done_.cancel();
}

void Channel::watch(ares_socket_t socket, bool read, bool write) {
  auto found = watches_.find(socket);
  if (!read && !write) {
    if (found == watches_.end()) return;
    if (found->second->descriptor.is_open()) found->second->descriptor.release();  // c-ares closes it next
    watches_.erase(found);
    return;
  }
  if (found == watches_.end()) {
    auto fresh = std::make_shared<Watch>(Watch{asio::posix::stream_descriptor{executor_}, socket});
    error_code error;
    fresh->descriptor.assign(socket, error);
    if (error) return;  // no epoll slot: the question runs into its timeout, and says so
    found = watches_.emplace(socket, std::move(fresh)).first;
  }
  found->second->want_read = read;
  found->second->want_write = write;
  wait(found->second);
}

void Channel::wait(const std::shared_ptr<Watch>& watch) {
  // Weak both: c-ares may close the socket, and the channel may be gone, while a wait is queued.
  const std::weak_ptr<Watch> weak_watch = watch;
  const std::weak_ptr<Channel> weak_channel = weak_from_this();
  const auto arm = [&](auto kind, bool Watch::*want, bool Watch::*waiting, bool readable) {
    if (!(*watch.*want) || *watch.*waiting) return;
    *watch.*waiting = true;
    const auto ready = [weak_watch, weak_channel, waiting, readable, socket = watch->socket](error_code error) {
      const auto channel = weak_channel.lock();
      if (error || !channel || weak_watch.expired()) return;
      *weak_watch.lock().*waiting = false;
      channel->process(readable ? socket : ARES_SOCKET_BAD, readable ? ARES_SOCKET_BAD : socket);
      if (const auto still = weak_watch.lock()) channel->wait(still);
    };
    watch->descriptor.async_wait(kind, ready);
  };
  arm(asio::posix::stream_descriptor::wait_read, &Watch::want_read, &Watch::reading, true);
  arm(asio::posix::stream_descriptor::wait_write, &Watch::want_write, &Watch::writing, false);
}

void Channel::process(ares_socket_t readable, ares_socket_t writable) {
  ares_process_fd(channel_, readable, writable);
  set_timer();
}

void Channel::set_timer() {
  timeval left{};
  if (ares_timeout(channel_, nullptr, &left) == nullptr) return void(retry_.cancel());  // no question is open
  retry_.expires_after(std::chrono::seconds{left.tv_sec} + std::chrono::microseconds{left.tv_usec});
  retry_.async_wait([weak = weak_from_this()](error_code error) {
    const auto channel = weak.lock();
    if (!error && channel) channel->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

std::vector<std::string> name_servers_in(const std::string& resolv_conf) {
  std::vector<std::string> servers;
  std::string path = resolv_conf;
  ares_options options{};
  options.resolvconf_path = path.data();
  ares_channel channel = nullptr;
  if (!library_ready() || ares_init_options(&channel, &options, ARES_OPT_RESOLVCONF) != ARES_SUCCESS) return servers;
  ares_addr_port_node* first = nullptr;
  if (ares_get_servers_ports(channel, &first) == ARES_SUCCESS) {
    for (const ares_addr_port_node* node = first; node != nullptr; node = node->next) {
      char text[INET6_ADDRSTRLEN] = {};
      if (inet_ntop(node->family, &node->addr, text, sizeof text) != nullptr) servers.emplace_back(text);
    }
    ares_free_data(first);
  }
  ares_destroy(channel);
  return servers;
}

}  // namespace pgpassage::dns
