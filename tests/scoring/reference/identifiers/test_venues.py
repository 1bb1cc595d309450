from scoring.reference.identifiers import venues
from scoring.reference.releases.release import Release


def test_every_exchange_of_the_release_is_in_the_table(release: Release) -> None:
    assert set(release.columns("listings")["mic"]) <= set(venues.BY_MIC)


def test_words_of_several_exchanges() -> None:
    assert {"XTKS", "XTSE"} <= venues.PREFIXES["TSE"]
    assert {"XKRX", "XKOS"} <= venues.PREFIXES["KRX"]
    assert venues.SUFFIXES["T"] == {"XTKS", "XNGO", "XSAP"}
    assert venues.BLOOMBERG["NA"] == {"XAMS"}
    assert venues.countries(venues.PREFIXES["TSE"]) == "CA or JP"
