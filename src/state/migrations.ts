/** Every change of the schema, oldest first; PRAGMA user_version counts those that are done. Never edit one that was released. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE browser_sessions (
    id_hash TEXT PRIMARY KEY,
    data TEXT NOT NULL,
    person TEXT,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX browser_sessions_by_expiry ON browser_sessions (expires_at);

  CREATE TABLE claims (
    scope TEXT NOT NULL,
    id_hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (scope, id_hash)
  ) STRICT;
  CREATE INDEX claims_by_expiry ON claims (expires_at);

  CREATE TABLE sign_in_states (
    id_hash TEXT PRIMARY KEY,
    method TEXT,
    browser_hash TEXT NOT NULL,
    data TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sign_in_states_by_expiry ON sign_in_states (expires_at);

  CREATE TABLE attempts (
    key_hash TEXT PRIMARY KEY,
    points INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    blocks INTEGER NOT NULL DEFAULT 0,
    blocks_forgotten_at INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX attempts_by_expiry ON attempts (max(expires_at, blocks_forgotten_at));

  CREATE TABLE role_sessions (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    access_key_id TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    facts TEXT NOT NULL,
    sealed BLOB
  ) STRICT;
  CREATE INDEX role_sessions_by_person ON role_sessions (person, issued_at);
  CREATE INDEX role_sessions_by_expiry ON role_sessions (expires_at);
  CREATE INDEX role_sessions_sealed ON role_sessions (expires_at) WHERE sealed IS NOT NULL;

  CREATE TABLE audit_lines (
    instance TEXT NOT NULL,
    seq INTEGER NOT NULL,
    time TEXT NOT NULL,
    event TEXT NOT NULL,
    previous TEXT NOT NULL,
    mac TEXT NOT NULL,
    PRIMARY KEY (instance, seq)
  ) STRICT;

  CREATE TABLE health (
    id INTEGER PRIMARY KEY,
    filler BLOB NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE browser_sessions ADD COLUMN logout_key TEXT;
  CREATE INDEX browser_sessions_by_logout_key ON browser_sessions (logout_key) WHERE logout_key IS NOT NULL;
  `,
  `
  CREATE TABLE terminals (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    identity TEXT NOT NULL,
    facts TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    last_address TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    ended INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX terminals_by_person ON terminals (person, created_at);
  CREATE INDEX terminals_by_expiry ON terminals (expires_at);

  CREATE TABLE terminal_tokens (
    hash TEXT PRIMARY KEY,
    terminal TEXT NOT NULL,
    kind TEXT NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX terminal_tokens_by_expiry ON terminal_tokens (expires_at);

  CREATE TABLE terminal_codes (
    hash TEXT PRIMARY KEY,
    user_code_hash TEXT UNIQUE,
    terminal TEXT NOT NULL,
    facts TEXT NOT NULL,
    standing TEXT NOT NULL,
    identity TEXT,
    ends_at INTEGER,
    poll_seconds INTEGER NOT NULL DEFAULT 0,
    polled_at INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX terminal_codes_by_expiry ON terminal_codes (expires_at);
  `,
]
