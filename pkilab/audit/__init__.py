"""Who did what, when, in a log whose tampering shows.

Events are leaves of a Merkle tree (RFC 9162 §2); a signed checkpoint commits to all of them, and
every client that keeps the newest checkpoint is a witness against cutting or rewriting the log.
"""
