hangup_unit_test(time_argument PkgConfig::GLIB)
target_sources(test_time_argument PRIVATE ${PROJECT_SOURCE_DIR}/cli/time_argument.c)

hangup_unit_test(size_argument PkgConfig::GLIB)
target_sources(test_size_argument PRIVATE ${PROJECT_SOURCE_DIR}/cli/size_argument.c)

hangup_unit_test(progress_line hangup_rules_host)
target_sources(test_progress_line PRIVATE ${PROJECT_SOURCE_DIR}/cli/progress_line.c)

hangup_unit_test(live_clock PkgConfig::GLIB)
target_sources(test_live_clock PRIVATE ${PROJECT_SOURCE_DIR}/cli/live_clock.c)

hangup_unit_test(told_book report_case)
target_sources(test_told_book PRIVATE ${PROJECT_SOURCE_DIR}/cli/told_book.c)

hangup_unit_test(read_ahead hangup_pipeline)
