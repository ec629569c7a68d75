"""Public keys: version, moment, order."""

from guatu.register.keys import uuid7, uuid7s


def test_uuid7_when_moment_given_then_key_carries_version_variant_and_moment() -> None:
    key = uuid7(1_742_270_400_000)
    assert (key.version, key.variant, key.int >> 80) == (
        7,
        "specified in RFC 4122",
        1_742_270_400_000,
    )


def test_uuid7s_when_of_one_moment_then_all_differ_and_rise() -> None:
    keys = uuid7s(1000, 1_742_270_400_000)
    assert keys == sorted(set(keys))
    assert len(keys) == 1000
    assert {key.int >> 80 for key in keys} == {1_742_270_400_000}
