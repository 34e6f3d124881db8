# mtmi_module(<name> SOURCES ... [TESTS ...] [PUBLIC_DEPS ...] [PRIVATE_DEPS ...] [TEST_DEPS ...])
# Makes the static library mtmi_<name> with the alias mtmi::<name>, and one test program
# mtmi_<name>_test from the *_test.cpp files that stand beside the sources.
function(mtmi_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;TESTS;PUBLIC_DEPS;PRIVATE_DEPS;TEST_DEPS")
  string(REPLACE "/" "_" target mtmi_${name})
  string(REPLACE "/" "::" alias mtmi::${name})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(${alias} ALIAS ${target})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${mtmi_SOURCE_DIR}/src> $<BUILD_INTERFACE:${mtmi_SOURCE_DIR}/include>)
  target_link_libraries(${target} PUBLIC ${arg_PUBLIC_DEPS} PRIVATE ${arg_PRIVATE_DEPS} mtmi::options)
  set_property(GLOBAL APPEND PROPERTY MTMI_MODULES ${target})
  if(MTMI_BUILD_TESTS AND arg_TESTS)
    add_executable(${target}_test ${arg_TESTS})
    target_link_libraries(${target}_test PRIVATE
      ${alias} ${arg_TEST_DEPS} mtmi::options GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${target}_test TEST_PREFIX "${name}/" PROPERTIES LABELS unit)
  endif()
endfunction()
