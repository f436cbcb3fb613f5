hangup_unit_test(time_argument PkgConfig::GLIB)
target_sources(test_time_argument PRIVATE ${PROJECT_SOURCE_DIR}/cli/time_argument.c)
