"""The protocols that we did not take, and which sentence condemns each."""
from .rules import Rules

REJECTED = {
    "adopts without rewriting": dict(rewrite_adopted=False, device_obeys_advice=False),
    "adopts without reading back": dict(read_back_adopted=False),
    "adopts by place, not by digest": dict(verify_prepared=False, rewrite_adopted=False,
                                           read_back_adopted=False),
    "truncates after a failed COMMIT": dict(truncate_after_failed_commit=True),
    "commits without looking again": dict(look_before_commit=False),
    "decides by file size alone": dict(check_edges=False),
    "no sync of the mbox": dict(sync_content=False),
    "commit before sync": dict(sync_before_commit=False),
    "no sync of the folder": dict(sync_folder=False),
    "syncs the folder only for a file that this run made": dict(sync_folder_of_found_file=False),
    "retries a failed sync": dict(retry_failed_sync=True, device_obeys_advice=False),
    "no read-back": dict(read_back=False),
    "no prepared rows": dict(write_intent=False),
    "leaves a torn tail": dict(cut_torn=False),
    "cuts what another program appended": dict(cut_only_our_own=False),
    "leaves another's message in our torn line": dict(part_from_torn=False),
    "does not set aside what it cuts": dict(set_torn_aside=False),
    "does not sync the cut": dict(sync_the_cut=False, look_afresh=False),
    "scans what the cache shows": dict(look_afresh=False),
    "counts zeroes to the message before": dict(zeroes_end_a_message=False),
    "counts a torn postmark to the message before": dict(torn_postmark_ends_a_message=False),
    "does not close another's open tail": dict(close_open_tail=False),
    "shorter mbox is not missing mail": dict(shorter_is_missing=False),
    "empty ledger taken for an empty archive": dict(rebuild_lost_ledger=False),
    "builds upon an inherited log": dict(checkpoint_inherited_log=False),
    "records a message without its dot": dict(whole_messages_only=False),
    "DELE without reconcile": dict(reconcile_before_delete=False),
    "DELE before commit": dict(delete_after_commit=False),
    "QUIT after a local failure": dict(quit_after_failure=True),
    "one claim for twins": dict(claim_one_to_one=False),
}


def rejected():
    for name, changes in REJECTED.items():
        yield name, Rules(**changes)
