# Conversations told packet by packet, and run through the tracker.
add_library(unit_scene STATIC scene.c)
target_link_libraries(unit_scene PUBLIC hangup_analyzers unit)

hangup_unit_test(settling hangup_analyzers)
hangup_unit_test(tcp_states hangup_analyzers)
hangup_unit_test(key hangup_analyzers)
hangup_unit_test(slab hangup_analyzers)
hangup_unit_test(table hangup_analyzers)
hangup_unit_test(tracker_reset_belief unit_scene)
hangup_unit_test(tracker_reset_kind unit_scene)
hangup_unit_test(tracker_reset_survived unit_scene)
hangup_unit_test(tracker_reuse unit_scene)
