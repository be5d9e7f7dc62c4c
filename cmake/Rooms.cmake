# One static library for each folder, which sees the headers of the folders that it names and of those that these see: nothing
# else can be included. `build/<preset>/include/<library>/` holds links to a folder's own headers under their path in the
# tree, and whoever links the library looks for `#include "…"` there.
#
# A PURE folder computes (no sockets, files, clocks, threads); it may depend on pure folders only, and configuring fails where it
# doesn't. What a pure folder's own code may say is tests/arch's business.

# What pure folders may link beside pure folders: libraries that compute.
set(ROAMDESK_PURE_LIBRARIES Boost::headers fmt::fmt OpenSSL::Crypto PkgConfig::SOFIA ${SPANDSP} ${CTEMPLATE} pugixml::pugixml)

# The headers in the current folder (not below it, but in what FOLDERS names) to those who link `target`, a library or a program.
function(roamdesk_headers target)
  cmake_parse_arguments(ARG "" "SCOPE" "FOLDERS" ${ARGN})
  set(view ${CMAKE_BINARY_DIR}/include/${target})
  file(REMOVE_RECURSE ${view})
  foreach(folder . ${ARG_FOLDERS})
    file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.hpp)
    foreach(header ${headers})
      cmake_path(NORMAL_PATH header)
      file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${header})
      cmake_path(GET path PARENT_PATH parent)
      file(MAKE_DIRECTORY ${view}/${parent})
      file(CREATE_LINK ${header} ${view}/${path} SYMBOLIC)
    endforeach()
  endforeach()
  target_compile_options(${target} ${ARG_SCOPE} "SHELL:-iquote ${view}")
endfunction()

# Every .cpp of the folder (main.cpp aside) belongs to its library. Sources are globbed so that adding a file to a folder is all that
# it takes; CONFIGURE_DEPENDS re-checks at each build.
function(roamdesk_library name)
  cmake_parse_arguments(ARG "PURE" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(${name} ${scope} ${ARG_DEPS})
  roamdesk_headers(${name} SCOPE ${scope})
  if(sources)
    roamdesk_precompiled(${name} precompiled)
  endif()
  if(ARG_PURE)
    set_property(GLOBAL APPEND PROPERTY ROAMDESK_PURE ${name})
    get_property(pure GLOBAL PROPERTY ROAMDESK_PURE)
    foreach(dependency ${ARG_DEPS})
      if(NOT dependency IN_LIST pure AND NOT dependency IN_LIST ROAMDESK_PURE_LIBRARIES)
        message(FATAL_ERROR "${name} is pure, and ${dependency} isn't, or comes after it")
      endif()
    endforeach()
  endif()
endfunction()

# Tests, fuzzers and benchmarks look behind every door.
function(roamdesk_sees_everything target)
  target_compile_options(${target} PRIVATE "SHELL:-iquote ${CMAKE_SOURCE_DIR}")
endfunction()
