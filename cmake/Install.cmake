# `cmake --install`: programs, what they read at run time, units and their users, and what a person reads.
include(GNUInstallDirs)
install(TARGETS pbx-core sbc)
# pbx-core looks in ../share/roamdesk from the folder that it stands in (platform/share_directory). So it does in the build tree:
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/config ${CMAKE_BINARY_DIR}/share/roamdesk SYMBOLIC)
install(DIRECTORY config/models config/templates config/prompts config/trunks DESTINATION ${CMAKE_INSTALL_DATADIR}/roamdesk
        FILES_MATCHING PATTERN "*.yaml" PATTERN "*.tpl" PATTERN "*.wav")
install(DIRECTORY config/systemd/ DESTINATION lib/systemd/system FILES_MATCHING PATTERN "*.service" PATTERN "*.path")
install(PROGRAMS config/debian/sbc-update config/debian/sbc-reboot DESTINATION lib/roamdesk)
install(DIRECTORY config/sysusers/ DESTINATION lib/sysusers.d FILES_MATCHING PATTERN "*.conf")
install(DIRECTORY docs/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
install(FILES config/pbx-core.yaml config/sbc.yaml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES README.md CHANGELOG.md SECURITY.md LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN man EXCLUDE)
