#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace roamdesk {

// `co_await socket.async_read_some(buffer, awaited)` gives {error, result}: an error is something that happens, not an
// exception.
inline constexpr auto awaited = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace roamdesk
