"""The commit protocol as an executable specification.

Read in this order: disk and ledger (what a machine may forget), mbox (the smallest format that can tear),
rules (every decision that could be taken otherwise), run and reconcile (the protocol), invariants (what must
hold), histories (which faults, in which order). `tests/crash/run-model` runs it.
"""
