"""What is allowed here, as values: algorithms with dates, quorums, lifetimes, escrow, mail.

A policy is read from `data/policy.toml` (or an organization's own file) into frozen dataclasses.
Nothing in this package acts; it only answers.
"""
