add_library(report_case STATIC report_case.c)
target_link_libraries(report_case PUBLIC hangup_options hangup_report)

foreach(test app_errors community_id conn_state escape explain json ladder ndjson order paragraph sentence text timestamp
        waiting)
  hangup_unit_test(report_${test} report_case)
endforeach()
# What the writer writes must be what another reader reads.
add_test(NAME unit.report_json_is_json
         COMMAND ${HANGUP_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/report_json_is_json.py
                 $<TARGET_FILE:test_report_json>)
# The documents name what the lists name.
add_test(NAME unit.report_documents
         COMMAND ${HANGUP_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/report_documents.py ${PROJECT_SOURCE_DIR})
