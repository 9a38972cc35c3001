# cmake -DIN=… -DOUT=… -P embed.cmake: a text file as a string literal of C++.
file(READ ${IN} text)
file(WRITE ${OUT} "R\"text(${text})text\"\n")
