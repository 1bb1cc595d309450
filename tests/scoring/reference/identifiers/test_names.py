from scoring.reference.identifiers.names import aliases, forms, words


def test_names_are_compared_without_accents_punctuation_and_legal_form() -> None:
    assert words("The Estée Lauder Companies, Inc.") == ["estee", "lauder", "co", "inc"]
    assert words("Technip Energies N. V.") == ["technip", "energies", "nv"]
    assert words("Ørsted A/S") == ["orsted", "as"]
    assert forms("Merck & Co., Inc.") == ["merck co inc", "merck co", "merck"]
    assert forms("The") == ["the"]
    assert forms("...") == []
    assert aliases("PLS Group (formerly Pilbara Minerals)") == ["PLS Group", "Pilbara Minerals"]
