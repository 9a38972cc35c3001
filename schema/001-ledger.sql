-- The ledger of an archive: what was seen where. The mbox bytes are the truth about messages, this is the
-- truth about UIDs only. Everything in it but UIDs, receipts and refusals can be built again from the mboxes.

-- One maildrop, "user@host" at first contact unless the configuration names another identity.
CREATE TABLE account (
    id              INTEGER PRIMARY KEY,
    identity        TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,              -- stands for {account} in file names; fixed at first contact
    first_attempt   INTEGER NOT NULL,           -- all times: seconds since 1970, UTC
    last_attempt    INTEGER NOT NULL,
    last_success    INTEGER,
    last_exit       INTEGER,
    last_error      TEXT,
    last_told       INTEGER,                    -- when a passing trouble was last told to cron
    deleted_once    INTEGER NOT NULL DEFAULT 0, -- 1 once a person or the unattended policy has deleted here
    refused_at      INTEGER,                    -- when the server last turned the credential down
    refused_count   INTEGER NOT NULL DEFAULT 0,
    refused_mark    INTEGER,                    -- 16 bits of a salted hash: too few to guess it, enough to see a change
    refused_salt    BLOB
) STRICT;

-- The last listing of each account. A run that sees the same digest again need not look at its messages.
CREATE TABLE listing (
    account_id  INTEGER PRIMARY KEY REFERENCES account,
    digest      BLOB NOT NULL CHECK (length(digest) = 32),
    count       INTEGER NOT NULL,
    octets      INTEGER NOT NULL,
    taken_at    INTEGER NOT NULL,
    settled     INTEGER NOT NULL                -- 1: every message in it was found archived, by a trusted UID
) STRICT;

-- An mbox as it was when it was last reconciled or appended to.
CREATE TABLE mbox (
    id       INTEGER PRIMARY KEY,
    path     TEXT NOT NULL UNIQUE,              -- relative to the archive
    size     INTEGER NOT NULL CHECK (size >= 0),
    inode    INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    edges    BLOB NOT NULL                      -- SHA-256 over the first 4 KiB and the last 64 KiB of `size` bytes
) STRICT;

-- prepared: intent, the bytes may or may not stand. archived: bytes and UID (or a twin without UID).
-- unclaimed: bytes without an account. missing: an account's message whose bytes are gone.
CREATE TABLE message (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER REFERENCES account,
    uid         BLOB,                           -- verbatim; NULL: the server gave none
    list_size   INTEGER,                        -- what LIST said, advisory
    state       TEXT NOT NULL CHECK (state IN ('prepared', 'archived', 'unclaimed', 'missing')),
    proof       TEXT CHECK (proof IN ('content', 'header')), -- how the UID was tied to the bytes
    mbox_id     INTEGER NOT NULL REFERENCES mbox,
    start       INTEGER NOT NULL CHECK (start >= 0),          -- hints: digests decide
    length      INTEGER NOT NULL CHECK (length > 0),          -- postmark, quoted content, empty line
    postmark    TEXT,                           -- only while prepared: with it the exact bytes are known
    content     BLOB NOT NULL CHECK (length(content) = 32),   -- SHA-256 of the content: the identity
    header      BLOB NOT NULL CHECK (length(header) = 32),    -- of the header section without readers' fields
    stripped    BLOB CHECK (length(stripped) = 32),           -- of the content without readers' fields; NULL: as content
    size        INTEGER NOT NULL,               -- bytes of content
    lines       INTEGER NOT NULL,
    bare_lf     INTEGER NOT NULL,               -- line ends that came as LF alone; 0: the wire bytes can be regenerated
    edited      INTEGER NOT NULL DEFAULT 0,     -- 1: a mail reader changed its status fields since
    refetch     INTEGER NOT NULL DEFAULT 0, -- of a missing one, 1: fetch it again if it is listed
    replaces    INTEGER,                    -- while prepared: the missing row that this one makes good
    archived_at INTEGER NOT NULL,
    CHECK (account_id IS NOT NULL OR state IN ('unclaimed', 'prepared'))
) STRICT;
CREATE INDEX message_by_uid ON message (account_id, uid);
CREATE INDEX message_by_place ON message (mbox_id, start);
CREATE INDEX message_by_header ON message (header, size);
CREATE INDEX message_prepared ON message (mbox_id) WHERE state = 'prepared';
CREATE INDEX message_unclaimed ON message (state) WHERE state = 'unclaimed';

-- Messages that the server would not give out, or that broke a session.
CREATE TABLE refusal (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES account,
    uid         BLOB NOT NULL,
    list_size   INTEGER,
    kind        TEXT NOT NULL CHECK (kind IN ('refused', 'broke session')),
    said        TEXT NOT NULL,
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    count       INTEGER NOT NULL,
    told_at     INTEGER,
    UNIQUE (account_id, uid)
) STRICT;

-- A receipt for every DELE, written before it is sent.
CREATE TABLE deletion (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES account,
    message_id  INTEGER NOT NULL,               -- outlives the row it names
    uid         BLOB,
    content     BLOB NOT NULL,
    path        TEXT NOT NULL,                  -- the mbox that held it then
    asked_at    INTEGER NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome IN ('unknown', 'confirmed', 'refused', 'still listed')),
    quit_reply  TEXT
) STRICT;
CREATE INDEX deletion_by_message ON deletion (message_id);
CREATE INDEX deletion_by_account ON deletion (account_id, asked_at);

-- Who may hold a lock of ours: written before the first append of a run, so that a dotlock left by a run
-- that died can be told from another program's.
CREATE TABLE run (
    id          INTEGER PRIMARY KEY,
    pid         INTEGER NOT NULL,
    boot_id     TEXT NOT NULL,  -- and, in a second line, when in it the process began
    host        TEXT NOT NULL,
    started_at  INTEGER NOT NULL
) STRICT;

-- What was learned about servers.
CREATE TABLE host (
    place           TEXT PRIMARY KEY,           -- host:port
    lockstep_until  INTEGER,                    -- can't pipeline
    list_inexact    INTEGER NOT NULL DEFAULT 0  -- LIST's sizes aren't those of RETR
) STRICT;
