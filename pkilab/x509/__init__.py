"""Certificates and CRLs: what a profile grants, how the bytes are built, read and linted (RFC 5280).

`profiles` says what each kind of certificate contains; `certificate` and `crl` build exactly that
and read what others built; `lint` is the second look before a CA signs.
"""
