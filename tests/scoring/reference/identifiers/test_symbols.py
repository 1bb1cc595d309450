from scoring.reference.identifiers.symbols import code_key


def test_code_keys() -> None:
    assert [code_key(c) for c in ("BRK/B", "brk b", "RR.", "ATCO-A", "8035", "..")] == [
        "BRK.B",
        "BRK.B",
        "RR",
        "ATCO.A",
        "8035",
        "",
    ]
