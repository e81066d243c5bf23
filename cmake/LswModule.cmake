# SPDX-License-Identifier: MIT OR Apache-2.0
include(${CMAKE_CURRENT_LIST_DIR}/arrows.cmake)

find_program(LSW_CCACHE ccache)
if(LSW_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${LSW_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${LSW_CCACHE})
endif()

# Compiler settings of our own code; third-party sources do not get them.
add_library(lsw_settings INTERFACE)
target_compile_options(lsw_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
                                              -Wnon-virtual-dtor -Woverloaded-virtual)
# g++ 12 sees overlaps in std::string that are none (GCC bug 105651).
target_compile_options(lsw_settings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
# Optimising, it takes the unused half of a variant or an optional for something uninitialised that is read.
target_compile_options(lsw_settings INTERFACE $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-maybe-uninitialized>)
if(LSW_WARNINGS_AS_ERRORS)
  target_compile_options(lsw_settings INTERFACE -Werror)
endif()
# Line numbers are enough for a report; full debug information would double the time of linking.
set(LSW_TEST_ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8")
if(LSW_SANITIZE)
  target_compile_options(lsw_settings INTERFACE -fsanitize=${LSW_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
  add_link_options(-fsanitize=${LSW_SANITIZE})
  if(LSW_SANITIZE MATCHES "thread")
    # g++ says of every std::atomic_thread_fence that this sanitizer does not know it; Boost has some.
    target_compile_options(lsw_settings INTERFACE -Wno-tsan)
    list(APPEND LSW_TEST_ENVIRONMENT "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp:second_deadlock_stack=1:die_after_fork=0:history_size=7")
  else()
    list(APPEND LSW_TEST_ENVIRONMENT "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1"
         "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0" "UBSAN_OPTIONS=print_stacktrace=1")
  endif()
endif()
if(LSW_FUZZ)
  # -O1 keeps a line for each frame; the fuzzer's own main comes with each target.
  # As in what is released: Boost.Beast 1.81 asserts that behind the last chunk of a body two bytes are there, and goes on rightly when they are not.
  target_compile_definitions(lsw_settings INTERFACE BOOST_DISABLE_ASSERTS)
  target_compile_options(lsw_settings INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1)
  add_link_options(-fsanitize=address,undefined)
endif()
target_compile_definitions(lsw_settings INTERFACE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH
                                                  QT_STRICT_ITERATORS QT_USE_QSTRINGBUILDER
                                                  LSW_VERSION="${PROJECT_VERSION}")

# lsw_add_module(name [QT] SEES a b SOURCES … LIBRARIES …)
#
# A static library lsw_<name> made of the sources of this folder. SEES lists the modules it includes; an arrow that
# cmake/arrows.cmake does not allow ends the configuration.
function(lsw_add_module name)
  cmake_parse_arguments(M "QT" "" "SEES;SOURCES;LIBRARIES" ${ARGN})
  foreach(seen IN LISTS M_SEES)
    if(NOT seen IN_LIST LSW_ARROWS_${name})
      message(FATAL_ERROR "module ${name} may not see ${seen}: see cmake/arrows.cmake and core/README.md")
    endif()
  endforeach()
  add_library(lsw_${name} STATIC ${M_SOURCES})
  target_include_directories(lsw_${name} PUBLIC ${PROJECT_SOURCE_DIR}/core ${PROJECT_SOURCE_DIR}/app)
  target_link_libraries(lsw_${name} PRIVATE lsw_settings)
  foreach(seen IN LISTS M_SEES)
    target_link_libraries(lsw_${name} PUBLIC lsw_${seen})
  endforeach()
  target_link_libraries(lsw_${name} PUBLIC ${M_LIBRARIES})
  if(M_QT)
    set_target_properties(lsw_${name} PROPERTIES AUTOMOC ON)
  endif()
endfunction()

# lsw_add_test(name LABELS fast [SEES …] [LIBRARIES …] [SOURCES …] [TIMEOUT seconds] [CONFIGURATIONS large])
#
# A Qt Test program tst_<name> from tst_<name>.cpp of this folder, run by ctest under the labels.
function(lsw_add_test name)
  cmake_parse_arguments(T "" "TIMEOUT;CONFIGURATIONS" "LABELS;SEES;LIBRARIES;SOURCES" ${ARGN})
  add_executable(tst_${name} tst_${name}.cpp ${T_SOURCES})
  set_target_properties(tst_${name} PROPERTIES AUTOMOC ON)
  target_include_directories(tst_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(tst_${name} PRIVATE lsw_settings lsw_test_paths Qt6::Test ${T_LIBRARIES})
  foreach(seen IN LISTS T_SEES)
    target_link_libraries(tst_${name} PRIVATE lsw_${seen})
  endforeach()
  if(TARGET lsw_tsan_qt)
    target_link_libraries(tst_${name} PRIVATE lsw_tsan_qt)
  endif()
  # With configurations: only by ctest -C.
  add_test(NAME ${name} COMMAND tst_${name} CONFIGURATIONS ${T_CONFIGURATIONS})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 120)
  endif()
  # Qt Test would end one function after five minutes, whatever ctest allows.
  math(EXPR function_timeout "${T_TIMEOUT} * 1000")
  set_tests_properties(${name} PROPERTIES LABELS "${T_LABELS}" TIMEOUT ${T_TIMEOUT}
                       ENVIRONMENT "${LSW_TEST_ENVIRONMENT};QTEST_FUNCTION_TIMEOUT=${function_timeout}" SKIP_RETURN_CODE 77)
  # Fast tests run beside each other; the others take every core, or watch what a whole program does to the machine.
  if(NOT "fast" IN_LIST T_LABELS)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
  endif()
endfunction()
