"""The certification authority: prepare, record, sign.

`authority.CertificationAuthority` checks an order and builds the bytes (`prepare`, no effect), then
records them, signs exactly them and records the result (`issue`). `policy_module` says who may ask
for what; `hierarchy` makes an offline root and an online issuing CA; `ports` is what it all needs.
"""
