// The one place where Asio's functions are compiled; see pgpassage_asio in the top CMakeLists.txt.
#include <boost/asio/impl/src.hpp>
