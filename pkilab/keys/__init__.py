"""Key pairs, and what each is for.

A `SigningKey` is made by its owner and never leaves; a `DecryptionKey` may be archived. They are
different types, so that escrow of a signing key does not even pass the type checker.
"""
