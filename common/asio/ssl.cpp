// Asio's TLS implementation unit. An object of its own: who has no TLS links none.
#include <boost/asio/ssl/impl/src.hpp>
