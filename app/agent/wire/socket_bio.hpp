#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

typedef struct bio_st BIO;

namespace pgpassage::app::agent {

struct FreeBio {
  void operator()(BIO* bio) const noexcept;
};
using Bio = std::unique_ptr<BIO, FreeBio>;

/// What OpenSSL reads from and writes to: the socket, which must be non-blocking and outlive it. OpenSSL's own would
/// raise SIGPIPE when the other end has gone. Null: no memory.
Bio socket_bio(boost::asio::ip::tcp::socket& socket);

}  // namespace pgpassage::app::agent
