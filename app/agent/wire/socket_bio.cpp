#include "app/agent/wire/socket_bio.hpp"

#include <openssl/bio.h>
#include <sys/socket.h>

#include <cerrno>

namespace pgpassage::app::agent {
namespace {

using Socket = boost::asio::ip::tcp::socket;

struct FreeMethod {
  void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};

int descriptor_of(BIO* bio) { return static_cast<Socket*>(BIO_get_data(bio))->native_handle(); }

bool later() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto sent = send(descriptor_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && later()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int read(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto received = recv(descriptor_of(bio), bytes, static_cast<std::size_t>(size), 0);
  if (received < 0 && later()) BIO_set_retry_read(bio);
  return static_cast<int>(received);
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* method() {
  static const std::unique_ptr<BIO_METHOD, FreeMethod> made = [] {
    std::unique_ptr<BIO_METHOD, FreeMethod> fresh{BIO_meth_new(BIO_TYPE_SOURCE_SINK, "socket of pgpassage")};
    if (!fresh) return fresh;
    BIO_meth_set_write(fresh.get(), write);
    BIO_meth_set_read(fresh.get(), read);
    BIO_meth_set_ctrl(fresh.get(), control);
    return fresh;
  }();
  return made.get();
}

}  // namespace

void FreeBio::operator()(BIO* bio) const noexcept { BIO_free(bio); }

Bio socket_bio(Socket& socket) {
  Bio bio{method() == nullptr ? nullptr : BIO_new(method())};
  if (!bio) return bio;
  BIO_set_data(bio.get(), &socket);
  BIO_set_init(bio.get(), 1);
  return bio;
}

}  // namespace pgpassage::app::agent
