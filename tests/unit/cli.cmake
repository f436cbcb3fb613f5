hangup_unit_test(time_argument PkgConfig::GLIB)
target_sources(test_time_argument PRIVATE ${PROJECT_SOURCE_DIR}/cli/time_argument.c)

hangup_unit_test(size_argument PkgConfig::GLIB)
target_sources(test_size_argument PRIVATE ${PROJECT_SOURCE_DIR}/cli/size_argument.c)
