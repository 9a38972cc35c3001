"""Power cuts, replayed: every change of the archive is recorded from the real program's system calls, in one
order with what it said to the server; from each prefix the states are built that a disk may hold."""
