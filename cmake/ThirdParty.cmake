# SPDX-License-Identifier: MIT OR Apache-2.0
# Boost.JSON compiled once: the prover then needs Boost's headers only.
file(WRITE ${CMAKE_BINARY_DIR}/generated/boost_json.cpp.in "#include <boost/json/src.hpp>\n")
configure_file(${CMAKE_BINARY_DIR}/generated/boost_json.cpp.in ${CMAKE_BINARY_DIR}/generated/boost_json.cpp COPYONLY)
add_library(lsw_boost_json STATIC ${CMAKE_BINARY_DIR}/generated/boost_json.cpp)
target_include_directories(lsw_boost_json SYSTEM PUBLIC ${Boost_INCLUDE_DIRS})

if(LSW_WORKER)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network DBus)
  find_package(Qt6Keychain REQUIRED)
  find_package(SQLite3 REQUIRED)
  find_package(CURL REQUIRED)
  find_package(LibArchive REQUIRED)
  find_package(CLI11 2.1 REQUIRED)
  find_path(LSW_TOML_HEADERS toml++/toml.h REQUIRED) # headers alone; Debian: libtomlplusplus-dev
  # LevelDB's own CMake files ask for the headers of snappy, which nobody needs here.
  find_path(LSW_LEVELDB_HEADERS leveldb/db.h REQUIRED)
  find_library(LSW_LEVELDB_LIBRARY leveldb REQUIRED)
  add_library(lsw_leveldb INTERFACE)
  target_include_directories(lsw_leveldb SYSTEM INTERFACE ${LSW_LEVELDB_HEADERS})
  target_link_libraries(lsw_leveldb INTERFACE ${LSW_LEVELDB_LIBRARY})
  if(LSW_GUI)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Widgets LinguistTools)
  endif()
endif()
if(LSW_TESTS)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Test)
endif()
