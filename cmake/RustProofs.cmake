# SPDX-License-Identifier: MIT OR Apache-2.0
# The official proofs crate as a static library, in two flavours:
#   lsw_rust_optimised  x86-64 with ADX, SHA and AVX2: labelling is five times faster than in the plain one
#   lsw_rust_plain      any processor
# LSW_PROVERS says which are built: auto (the one this processor runs), optimised, plain, both (packages).
# Cargo's own folders are in the user's cache, so that a second checkout does not build the crate again.
set(LSW_PROVERS auto CACHE STRING "Which builds of the official crate: auto, optimised, plain, both")
set_property(CACHE LSW_PROVERS PROPERTY STRINGS auto optimised plain both)

find_program(LSW_CARGO cargo HINTS $ENV{CARGO_HOME}/bin $ENV{HOME}/.cargo/bin)
if(NOT LSW_CARGO)
  message(FATAL_ERROR "LSW_OFFICIAL_PROOFS needs cargo 1.87 or newer: install it (Debian: cargo-web rustc-web), or configure with "
                      "-DLSW_OFFICIAL_PROOFS=OFF for a build that cannot seal")
endif()
execute_process(COMMAND ${LSW_CARGO} --version OUTPUT_VARIABLE cargo_says OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE cargo_result)
if(NOT cargo_result EQUAL 0 OR NOT cargo_says MATCHES "cargo ([0-9]+\\.[0-9]+\\.[0-9]+)")
  message(FATAL_ERROR "${LSW_CARGO} does not say its version: ${cargo_says}")
endif()
set(cargo_version ${CMAKE_MATCH_1})
# The crates say 1.85 themselves, but use what the standard library has since 1.87 (is_multiple_of).
if(cargo_version VERSION_LESS 1.87)
  message(FATAL_ERROR "${LSW_CARGO} is ${cargo_version}; the official proofs crate needs cargo 1.87 or newer (Debian: cargo-web rustc-web)")
endif()
# rustc of the same toolchain: a second one on PATH must not be picked up by a cargo of the distribution.
get_filename_component(cargo_folder ${LSW_CARGO} DIRECTORY)
get_filename_component(cargo_name ${LSW_CARGO} NAME)
string(REPLACE cargo rustc rustc_name ${cargo_name}) # Ubuntu: cargo-1.89, rustc-1.89
find_program(LSW_RUSTC ${rustc_name} HINTS ${cargo_folder} NO_DEFAULT_PATH)
find_program(LSW_RUSTC rustc)

set(rust_target ${CMAKE_SYSTEM_PROCESSOR}-unknown-linux-gnu)

if(LSW_PROVERS STREQUAL "auto")
  set(provers optimised)
  if(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64" OR NOT EXISTS /proc/cpuinfo)
    set(provers plain)
  else()
    file(STRINGS /proc/cpuinfo processor_flags REGEX "^flags" LIMIT_COUNT 1)
    foreach(flag IN ITEMS adx sha_ni avx avx2 sse2 sse4_1 sse4_2)
      if(NOT " ${processor_flags} " MATCHES "[ \t]${flag}[ \t]")
        set(provers plain)
      endif()
    endforeach()
  endif()
elseif(LSW_PROVERS STREQUAL "both")
  set(provers optimised plain)
elseif(LSW_PROVERS STREQUAL "optimised" OR LSW_PROVERS STREQUAL "plain")
  set(provers ${LSW_PROVERS})
else()
  message(FATAL_ERROR "LSW_PROVERS is auto, optimised, plain or both, not ${LSW_PROVERS}")
endif()
message(STATUS "Official proofs crate: ${provers}, by cargo ${cargo_version}")

if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(LSW_CACHE_FOLDER $ENV{XDG_CACHE_HOME}/lotus-seal-worker)
else()
  set(LSW_CACHE_FOLDER $ENV{HOME}/.cache/lotus-seal-worker)
endif()

find_library(LSW_HWLOC hwloc)
if(NOT LSW_HWLOC)
  message(FATAL_ERROR "hwloc is missing (Debian: libhwloc-dev): the official crate binds its labelling threads with it")
endif()

function(lsw_add_rust_proofs flavour)
  cmake_parse_arguments(R "" "" "ENVIRONMENT" ${ARGN})
  set(folder ${LSW_CACHE_FOLDER}/cargo-${flavour})
  set(library ${CMAKE_BINARY_DIR}/rust/liblsw_rust_${flavour}.a)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/rust)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/proofs/rust/src/*.rs)
  # Under a lock from cargo's start to the copy: another checkout may build another version of our part into the same folder.
  add_custom_command(OUTPUT ${library}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS --unset=CARGO_BUILD_TARGET --unset=CARGO_ENCODED_RUSTFLAGS
            CARGO_TARGET_DIR=${folder} RUSTC=${LSW_RUSTC} ${R_ENVIRONMENT}
            flock ${folder}/lotus-seal-worker.lock
            sh -c "\"$1\" build --release --locked --target \"$2\" --manifest-path \"$3\" && cp -f \"$4\" \"$5\""
            build ${LSW_CARGO} ${rust_target} ${PROJECT_SOURCE_DIR}/core/proofs/rust/Cargo.toml
            ${folder}/${rust_target}/release/liblsw_rust_proofs.a ${library}
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/core/proofs/rust/Cargo.toml ${PROJECT_SOURCE_DIR}/core/proofs/rust/Cargo.lock
    COMMENT "Official proofs crate (${flavour}): the first build takes 5 to 9 minutes on two cores, later ones seconds"
    USES_TERMINAL VERBATIM)
  add_custom_target(lsw_rust_${flavour}_build DEPENDS ${library})
  add_library(lsw_rust_${flavour} STATIC IMPORTED GLOBAL)
  set_target_properties(lsw_rust_${flavour} PROPERTIES IMPORTED_LOCATION ${library})
  target_link_libraries(lsw_rust_${flavour} INTERFACE ${LSW_HWLOC} ${CMAKE_DL_LIBS} m Threads::Threads)
  add_dependencies(lsw_rust_${flavour} lsw_rust_${flavour}_build)
endfunction()

if("optimised" IN_LIST provers)
  lsw_add_rust_proofs(optimised ENVIRONMENT "RUSTFLAGS=-C target-feature=+adx,+sha,+sse2,+avx2,+avx,+sse4.2,+sse4.1")
endif()
if("plain" IN_LIST provers)
  lsw_add_rust_proofs(plain ENVIRONMENT BLST_PORTABLE=1)
endif()
# The flavour of this machine's own tests.
list(GET provers 0 first_prover)
set_property(GLOBAL PROPERTY LSW_RUST_FOR_TESTS lsw_rust_${first_prover})
