"""Every decision of the protocol that could be taken otherwise. Each was: variants.py turns them one by one."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    # Append
    write_intent: bool = True           # prepared rows before the bytes
    sync_content: bool = True           # fdatasync before COMMIT
    sync_before_commit: bool = True     # and not behind it
    sync_folder: bool = True            # the name needs the folder's own sync
    sync_folder_of_found_file: bool = True  # also if a run that died made the file
    read_back: bool = True              # a device may write something else
    retry_failed_sync: bool = False     # the second one succeeds and proves nothing
    truncate_after_failed_append: bool = True
    truncate_after_failed_commit: bool = False  # the COMMIT may have happened
    look_before_commit: bool = True     # another program may have been at the mbox since the append
    close_open_tail: bool = True        # a torn foreign message needs an empty line before ours
    # Reconcile
    check_edges: bool = True            # equal size is not equal content
    verify_prepared: bool = True        # by digest, not by place
    rewrite_adopted: bool = True        # the bytes read may be clean but not durable
    read_back_adopted: bool = True
    cut_torn: bool = True
    cut_only_our_own: bool = True       # no other program's postmark in the piece, nothing behind it
    part_from_torn: bool = True         # another's message right behind our torn piece becomes one of its own
    set_torn_aside: bool = True
    sync_the_cut: bool = True           # else a cut piece rises again when its rows are gone
    look_afresh: bool = True            # sync, drop the cache, then scan: unclaimed bytes may become grounds
    zeroes_end_a_message: bool = True   # else the message before a zeroed append is not known again
    torn_postmark_ends_a_message: bool = True  # the same, where the cut lies in its first bytes
    shorter_is_missing: bool = True     # rows behind the end are fetched again
    rebuild_lost_ledger: bool = True
    checkpoint_inherited_log: bool = True  # nothing is built upon a log whose sync may have failed
    # Session
    whole_messages_only: bool = True    # no dot, no message
    reconcile_before_delete: bool = True
    delete_after_commit: bool = True
    quit_after_failure: bool = False
    claim_one_to_one: bool = True       # twins stay two

    # Not ours to decide: some file systems keep the cache whatever POSIX_FADV_DONTNEED says. What follows an
    # outsider's deed needs the advice to be taken; the protocol alone must do without.
    device_obeys_advice: bool = True
