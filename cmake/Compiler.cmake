# How everything is compiled and linked: warnings, hardening, sanitizers, what makes a build short.
include(CheckCXXCompilerFlag)
include(CheckLinkerFlag)

# Designated initialisers leave what has a default to its default. -Wconversion is about values that are cut or rounded; GCC leaves
# what only changes its sign out of it, clang is told to.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13 AND CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict)  # GCC 12 sees ghosts in variants and strings once it inlines
endif()
if(WERROR)
  add_compile_options(-Werror)
endif()

# Links in a fraction of bfd's time.
check_linker_flag(CXX -fuse-ld=lld HAVE_LLD)
if(HAVE_LLD)
  add_link_options(-fuse-ld=lld)
endif()

# The programs read what strangers send. A fault there shall end the program rather than be of use to them: checks of lengths in
# libc (_FORTIFY_SOURCE) and of indices in libstdc++, canaries, stacks that can't be jumped over, jumps and returns only to
# where the code says (CET, or BTI and PAC on arm64), addresses that nobody knows (PIE), tables that are read-only (full RELRO).
# Nothing of where it was built gets into it (what names a file of the source names it as it is in the tree).
if(HARDEN)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=${CMAKE_BINARY_DIR}/=)
endif()
if(HARDEN AND NOT SANITIZE)  # the sanitizers look at all that themselves
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3> -fstack-protector-strong)
  foreach(flag -fstack-clash-protection -fcf-protection -mbranch-protection=standard)
    string(MAKE_C_IDENTIFIER "HAVE_${flag}" have)
    set(CMAKE_REQUIRED_FLAGS -Werror)
    check_cxx_compiler_flag(${flag} ${have})
    unset(CMAKE_REQUIRED_FLAGS)
    if(${have})
      add_compile_options(${flag})
    endif()
  endforeach()
  add_compile_options(-fPIE)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()

if(SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options(-fno-sanitize=function)  # clang 14 can't lay it out beside coroutines
  endif()
  add_link_options(-fsanitize=address,undefined)
elseif(SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)  # Asio's fences, which GCC's TSan doesn't model and says so
  endif()
  add_link_options(-fsanitize=thread)
endif()

# Where a preset asks for it (CMAKE_UNITY_BUILD), up to 24 sources of a folder are compiled as one, and what most of them include
# is read once, before all (common/precompiled). Twice as many sources in one cost little more than
# half of them: what they share, templates above all, is most of the work. `.ci/lint --alone` looks at each file by itself: it has
# to include what it uses.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 24)
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")  # for ccache
elseif(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-subobject-linkage)  # it takes an included .cpp for a header
  add_compile_options(-fpch-preprocess)        # for ccache
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(--param=ggc-min-heapsize=1000000)  # kB: up to 1 GB it doesn't look for garbage, which takes a tenth of its time
endif()
