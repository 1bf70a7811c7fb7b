"""What every other package leans on: time, randomness, secrets, mail addresses, limits, flows.

Standard library only. Time and randomness are always arguments, so that a lesson, a test and a
pilot run the same code with a fixed, a seeded or the machine's own source.
"""
