// Boost.JSON's one implementation unit.
#include <boost/json/src.hpp>
