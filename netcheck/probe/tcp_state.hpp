#pragma once

#include <chrono>
#include <optional>

/// What the kernel knows about an open TCP connection.
namespace pgpassage::netcheck {

struct TcpState {
  std::chrono::microseconds round_trip{0};  ///< smoothed
  int path_mtu = 0;                         ///< bytes, as far as the kernel has learned
  unsigned long segments_sent = 0;          ///< with data
  unsigned long segments_received = 0;      ///< with data
  unsigned long resent = 0;                 ///< since the connection began
  unsigned long unacknowledged = 0;         ///< sent, and waiting now
  unsigned long out_of_order = 0;           ///< received while an earlier one was missing
};

/// Absent when `descriptor` is no TCP socket. Source: Linux include/uapi/linux/tcp.h, TCP_INFO.
std::optional<TcpState> tcp_state_of(int descriptor);

}  // namespace pgpassage::netcheck
