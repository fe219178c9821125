// The one place where Asio's TLS functions are compiled; see asio.cpp.
#include <boost/asio/ssl/impl/src.hpp>
