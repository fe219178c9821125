#include "netcheck/probe/tcp_state.hpp"

// Not <netinet/tcp.h>: glibc's tcp_info ends before the counts of segments.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace pgpassage::netcheck {

std::optional<TcpState> tcp_state_of(int descriptor) {
  tcp_info info{};  // an older kernel fills less of it; the rest stays zero
  socklen_t length = sizeof info;
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return std::nullopt;
  return TcpState{.round_trip = std::chrono::microseconds{info.tcpi_rtt},
                  .path_mtu = static_cast<int>(info.tcpi_pmtu),
                  .segments_sent = info.tcpi_data_segs_out,
                  .segments_received = info.tcpi_data_segs_in,
                  .resent = info.tcpi_total_retrans,
                  .unacknowledged = info.tcpi_unacked,
                  .out_of_order = info.tcpi_rcv_ooopack};
}

}  // namespace pgpassage::netcheck
