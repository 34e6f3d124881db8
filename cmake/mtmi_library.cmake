# libmtmi: one shared library of all modules but the command line, which exports MTMI_API alone, and
# what find_package(mtmi) needs. Call after the last mtmi_module().
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

function(mtmi_library)
  get_property(modules GLOBAL PROPERTY MTMI_MODULES)
  list(REMOVE_ITEM modules mtmi_cli)

  # The modules' objects, not their archives: nothing inside refers to the API, so a linker that picks from
  # archives would leave it out. The archives are linked only for the libraries that they bring along.
  add_library(mtmi_shared SHARED)
  add_library(mtmi::mtmi ALIAS mtmi_shared)
  foreach(module IN LISTS modules)
    target_sources(mtmi_shared PRIVATE $<TARGET_OBJECTS:${module}>)
  endforeach()
  target_link_libraries(mtmi_shared PRIVATE ${modules} mtmi::options)
  set_target_properties(mtmi_shared PROPERTIES
    OUTPUT_NAME mtmi EXPORT_NAME mtmi LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    LIBRARY_OUTPUT_DIRECTORY ${mtmi_BINARY_DIR}/lib
    LINK_DEPENDS ${mtmi_SOURCE_DIR}/cmake/libmtmi.map)
  target_compile_features(mtmi_shared INTERFACE cxx_std_20)
  target_include_directories(mtmi_shared INTERFACE
    $<BUILD_INTERFACE:${mtmi_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_options(mtmi_shared PRIVATE -Wl,--version-script=${mtmi_SOURCE_DIR}/cmake/libmtmi.map)
  if(NOT MTMI_SANITIZE)  # a sanitizer's symbols come from the program
    target_link_options(mtmi_shared PRIVATE -Wl,--no-undefined)
  endif()

  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/mtmi)
  write_basic_package_version_file(mtmiConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(TARGETS mtmi_shared EXPORT mtmi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT mtmi NAMESPACE mtmi:: FILE mtmiConfig.cmake DESTINATION ${package_dir})
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/mtmiConfigVersion.cmake DESTINATION ${package_dir})
  install(DIRECTORY ${mtmi_SOURCE_DIR}/include/mtmi DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h)
  install(DIRECTORY ${mtmi_SOURCE_DIR}/targets DESTINATION ${CMAKE_INSTALL_DATADIR}/mtmi
    FILES_MATCHING PATTERN *.toml)
endfunction()
