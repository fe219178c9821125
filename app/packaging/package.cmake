# What a package holds: the binary, its man pages, shell completions, the JSON Schema of the topology file, the agent's unit
# and its API, and examples.
# Completions and schema are printed by the binary itself, so they cannot be out of step with it.
include(GNUInstallDirs)

set(generated ${CMAKE_CURRENT_BINARY_DIR}/packaging)
file(MAKE_DIRECTORY ${generated})
function(pgpassage_printed file)
  add_custom_command(OUTPUT ${generated}/${file} DEPENDS pgpassage VERBATIM
    COMMAND pgpassage --output ${generated}/${file} ${ARGN})
endfunction()
pgpassage_printed(pgpassage.bash completion bash)
pgpassage_printed(_pgpassage completion zsh)
pgpassage_printed(pgpassage.fish completion fish)
pgpassage_printed(topology.schema.json schema)
foreach(page pgpassage.1 pgpassage-rules.7)
  add_custom_command(OUTPUT ${generated}/${page}.gz DEPENDS ${PROJECT_SOURCE_DIR}/app/packaging/${page} VERBATIM
    COMMAND sh -c "gzip -9n <\"$1\" >\"$2\"" sh ${PROJECT_SOURCE_DIR}/app/packaging/${page} ${generated}/${page}.gz)
endforeach()
add_custom_target(packaging ALL DEPENDS ${generated}/pgpassage.bash ${generated}/_pgpassage ${generated}/pgpassage.fish
  ${generated}/topology.schema.json ${generated}/pgpassage.1.gz ${generated}/pgpassage-rules.7.gz)

install(TARGETS pgpassage)
install(FILES ${generated}/pgpassage.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${generated}/pgpassage-rules.7.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man7)
install(FILES ${generated}/pgpassage.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME pgpassage)
install(FILES ${generated}/_pgpassage DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${generated}/pgpassage.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${generated}/topology.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/pgpassage)
install(FILES app/packaging/pgpassage-agent.service DESTINATION lib/systemd/system)
install(FILES app/packaging/pgpassage-agent.sysusers DESTINATION lib/sysusers.d RENAME pgpassage-agent.conf)
install(FILES app/packaging/pgpassage-agent.default DESTINATION /etc/default RENAME pgpassage-agent)
install(FILES app/agent/openapi.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/pgpassage)
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY topology-examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples FILES_MATCHING PATTERN "*.yaml")

set(CPACK_PACKAGE_NAME pgpassage)
set(CPACK_PACKAGE_VENDOR pgpassage)
set(CPACK_PACKAGE_CONTACT "pgpassage maintainers <maintainers@pgpassage.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS postgresql-client)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/app/packaging/postinst
  ${PROJECT_SOURCE_DIR}/app/packaging/prerm ${PROJECT_SOURCE_DIR}/app/packaging/conffiles)
include(CPack)
