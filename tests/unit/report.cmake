add_library(report_case STATIC report_case.c incident_stage.c)
target_link_libraries(report_case PUBLIC hangup_options hangup_report)

foreach(test app_errors calls candidate community_id conn_state error_query escape explain json ladder ndjson order paragraph reach sentence svg
        text timestamp waiting)
  hangup_unit_test(report_${test} report_case)
endforeach()
foreach(test idle bound moment pattern)
  hangup_unit_test(incidents_${test} report_case)
endforeach()
# What the writer writes must be what another reader reads.
add_test(NAME unit.report_json_is_json
         COMMAND ${HANGUP_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/report_json_is_json.py
                 $<TARGET_FILE:test_report_json>)
# The documents name what the lists name.
add_test(NAME unit.report_documents
         COMMAND ${HANGUP_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/report_documents.py ${PROJECT_SOURCE_DIR})

hangup_unit_test(report_svg_time report_case)

# The pictures of connections as a page, to be looked at and to be tested.
add_executable(draw_pictures draw_pictures.c)
target_link_libraries(draw_pictures PRIVATE hangup_pipeline hangup_report)
if(NOT HANGUP_BUILTIN_RULES)
  target_compile_definitions(draw_pictures PRIVATE HANGUP_RULES_FOLDER="$<TARGET_FILE_DIR:hangup_rule_rst>")
endif()
add_test(NAME unit.report_svg_is_xml
         COMMAND ${HANGUP_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/report_svg_is_xml.py $<TARGET_FILE:draw_pictures>
                 ${PROJECT_SOURCE_DIR}/pcaps)
