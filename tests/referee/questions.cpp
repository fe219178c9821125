#include "tests/referee/questions.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <fmt/format.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>
#include <thread>

#include "tests/lab/plan.hpp"
#include "tests/lab/process.hpp"

namespace pgpassage::referee {
namespace {

std::vector<in_addr> servers_of(const std::string& place) {
  std::vector<in_addr> servers;
  std::istringstream text{lab::read_file(fmt::format("{}/resolv/{}", lab::inside, place)).value_or("")};
  for (std::string word, address; text >> word;)
    if (word == "nameserver" && text >> address) inet_pton(AF_INET, address.c_str(), &servers.emplace_back());
  return servers;
}

std::vector<std::string> addresses_in(const unsigned char* reply, int length) {
  std::vector<std::string> result;
  ns_msg message;
  if (ns_initparse(reply, length, &message) != 0) return result;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0 || ns_rr_type(record) != ns_t_a) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    result.emplace_back(inet_ntop(AF_INET, ns_rr_rdata(record), text.data(), text.size()));
  }
  std::ranges::sort(result);
  return result;
}

std::vector<std::string> ask_here(const std::vector<in_addr>& servers, const std::string& name) {
  struct __res_state state {};
  if (res_ninit(&state) != 0) return {};
  state.nscount = 0;
  for (const in_addr& server : servers) {
    if (state.nscount == MAXNS) break;
    sockaddr_in& address = state.nsaddr_list[state.nscount++];
    address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(NS_DEFAULTPORT);
    address.sin_addr = server;
  }
  state.retrans = 2;
  state.retry = 2;
  std::array<unsigned char, 4096> reply{};
  const int length = res_nquery(&state, name.c_str(), ns_c_in, ns_t_a, reply.data(), reply.size());
  res_nclose(&state);
  return length > 0 ? addresses_in(reply.data(), length) : std::vector<std::string>{};
}

}  // namespace

std::vector<std::vector<std::string>> ask(const std::vector<Question>& questions) {
  std::vector<std::vector<std::string>> answers(questions.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < questions.size(); ++i)
    threads.emplace_back([&, i] {
      // The network namespace is the thread's own.
      static_cast<void>(lab::in_place(questions[i].place, [&]() -> Result<void> {
        const std::vector<in_addr> servers = servers_of(questions[i].place);
        for (int tries = questions[i].expected ? 3 : 1; tries > 0 && answers[i].empty(); --tries)
          answers[i] = ask_here(servers, questions[i].name);
        return {};
      }));
    });
  for (std::thread& thread : threads) thread.join();
  return answers;
}

}  // namespace pgpassage::referee
