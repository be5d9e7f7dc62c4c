#pragma once
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace roamdesk {

// What can happen is a result with the module's documented enum; `Result<T, E>` keeps E typed.
template <class T, class E = boost::system::error_code>
using Result = boost::system::result<T, E>;

}  // namespace roamdesk
