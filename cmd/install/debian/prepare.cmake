# Run by cpack between installing and packing: what Debian wants otherwise than other systems.
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr)
set(doc ${root}/share/doc/popkeep)
set(source ${CPACK_POPKEEP_SOURCE})

# The licence stands in the copyright file.
file(REMOVE ${doc}/LICENSE)
file(READ ${source}/LICENSE licence)
string(REGEX REPLACE "^[^\n]*\n\n[^\n]*\n\n" "" licence "${licence}")
string(REGEX REPLACE "\n\n" "\n.\n" licence "${licence}")
string(REGEX REPLACE "\n" "\n " licence "${licence}")
file(READ ${CMAKE_CURRENT_LIST_DIR}/copyright copyright)
string(STRIP "${copyright}\n ${licence}" copyright)
file(WRITE ${doc}/copyright "${copyright}\n")

# When this version was made: SOURCE_DATE_EPOCH, else the last commit's time.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
    set(epoch $ENV{SOURCE_DATE_EPOCH})
else()
    execute_process(COMMAND git -C ${source} log -1 --format=%ct OUTPUT_VARIABLE epoch
        OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    set(ENV{SOURCE_DATE_EPOCH} ${epoch})
endif()
execute_process(COMMAND date -u -R -d @${epoch} OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${doc}/changelog.Debian "popkeep (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) stable; urgency=medium

  * See changelog.gz for what is new.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
file(GLOB_RECURSE pages ${root}/share/man/*.[1-9])
execute_process(COMMAND gzip -9n ${doc}/changelog ${doc}/changelog.Debian ${pages} COMMAND_ERROR_IS_FATAL ANY)

# Nobody filed a bug at Debian that asks for popkeep.
file(WRITE ${root}/share/lintian/overrides/popkeep "popkeep: initial-upload-closes-no-bugs\n")

# The same bytes from the same source.
file(GLOB_RECURSE all LIST_DIRECTORIES true ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*)
execute_process(COMMAND touch -h -d @${epoch} ${CPACK_TEMPORARY_INSTALL_DIRECTORY} ${all} COMMAND_ERROR_IS_FATAL ANY)
