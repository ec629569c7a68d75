"""The log's proof: events chained by SHA-256, daily heads signed with Ed25519, and checking both.

Whoever can write the database can write anything into it; what cannot be done is to do so
unnoticed. A chain shows a change in the middle, a head kept elsewhere shows a cut tail or a whole
rewrite, and replaying the events shows a row that was changed without one.
"""

from guatu.register.sealing.chain import seal
from guatu.register.sealing.sources import marked, renew
from guatu.register.sealing.verification import Fault, Verification, verify
from guatu.register.sealing.withdrawal import withdraw_many, withdraw_payload

__all__ = [
    "Fault",
    "Verification",
    "marked",
    "renew",
    "seal",
    "verify",
    "withdraw_many",
    "withdraw_payload",
]
