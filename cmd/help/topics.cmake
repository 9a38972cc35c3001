# cmake -DMANDOC=… -DPAGE=… [-DSECTION=…] -DOUT=… -P topics.cmake: the text of a manual page, or of one of its
# sections, as a string literal of C++.
execute_process(COMMAND ${MANDOC} -T ascii -O width=78 -I os=popkeep ${PAGE}
    OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
# Bold and underlined letters are struck over.
string(ASCII 8 backspace)
string(REGEX REPLACE ".${backspace}" "" text "${text}")
# Without the running title and foot. ("^" would match anew behind each replacement.)
string(FIND "${text}" "\n" title)
string(SUBSTRING "${text}" ${title} -1 text)
string(REGEX REPLACE "\n[^\n]*\n$" "\n" text "${text}")
if(SECTION)
    string(REGEX MATCH "\n${SECTION}\n(( [^\n]*)?\n)*" text "${text}")
endif()
string(STRIP "${text}" text)
if(text STREQUAL "")
    message(FATAL_ERROR "nothing to print in ${PAGE}")
endif()
file(WRITE ${OUT} "R\"page(${text}\n)page\"\n")
