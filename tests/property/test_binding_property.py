"""What is said of one place or one report shows on no report of another body."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reformlib.load.form import completed
from reformlib.load.report import Report, load_report
from reformlib.measure.gaps import CAVEATS, REASONS, gaps
from reformlib.present import pages
from reformlib.present.page import Page
from reformlib.project.series import BASES, each_series

PLACES = ["Nghệ An", "Thành phố Huế", "Thanh Hóa", "Cao Bằng", "Bình Nguyên"]  # none of them ended; one is made up
UNITS = ["Sở Nội vụ", "Sở Thông tin và Truyền thông", "Bộ Tư pháp", "Ủy ban nhân dân xã Yên Hòa"]


@cache
def reference() -> Report:
    return load_report("tra-vinh-2020")


@settings(max_examples=25)
@given(
    unit=st.sampled_from(UNITS),
    place=st.sampled_from(PLACES) | st.text("abcdeghiô ", min_size=1, max_size=12).filter(str.strip),
    level=st.sampled_from(["ministry", "province", "district", "commune"]),
)
@example("Sở Nội vụ", "Nghệ An", "province")
@example("Bộ Tư pháp", "Hà Nội", "ministry")
def test_another_body_sees_no_target_and_no_merger_of_tra_vinh(unit, place, level):
    report = reference()
    about = {"unit_vi": unit, "unit_en": unit, "place_vi": place, "place_en": place, "level": level}
    about |= dict.fromkeys(("successor_vi", "successor_en"), "") | {"exists_until": None}
    other = replace(report, meta=completed(report.meta.model_copy(update=about), report.catalogue))
    of_one_place = report.catalogue.targets[report.catalogue.targets["place"] != ""]
    assert len(of_one_place) and not set(of_one_place["id"]) & set(gaps(other)["target_id"])
    changes = {change.code for series in each_series(other, 2030) for change in series.changes}
    assert changes == set(report.catalogue.reclassifications["reclassification"])
    for language in ("vi", "en"):
        page = Page(other, language)
        said = [str(pages.projections.assumptions(page).markup)]
        said += page.words(";".join(changes), BASES, "basis")
        rows = gaps(other)
        for name, texts in (("reason", REASONS), ("caveat", CAVEATS)):
            said += page.words(";".join(set(";".join(rows[name]).split(";"))), texts, name)
        text = " ".join(said)
        assert not [word for word in ("Trà Vinh", "Vĩnh Long", "T104", "unit of its own") if word in text]
