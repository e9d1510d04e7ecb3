"""datapackage.json: what an independent reader of the standard makes of the shipped folders."""

import json
import shutil

import frictionless
import pytest

from reformlib.load import contracts, datapackage

FOLDERS = ("", "targets", "forms/phu-luc-7", "reports/tra-vinh-2020")

DESCRIBED = ("report.yml", "form.yml", "assumptions.yml", "checks.yml")


@pytest.mark.parametrize("name", FOLDERS)
def test_frictionless_finds_a_shipped_folder_valid(repo, name):
    folder = repo / "data" / name
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "message"])
    assert {task.name for task in report.tasks} == {
        path.stem for path in folder.iterdir() if path.suffix == ".csv" or path.name in DESCRIBED
    }


@pytest.mark.parametrize("name", FOLDERS)
def test_a_shipped_folder_is_valid_under_version_2_too(repo, name):
    # frictionless 5.21 asks the package for its version; the published JSON schema of 2.0 (in dplib-py 1.1.0), which
    # would bring ten packages with it, finds the same files valid
    version = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}
    folder = repo / "data" / name
    package = frictionless.Package.from_descriptor(version | datapackage.describe(folder), basepath=str(folder))
    report = package.validate()
    assert report.valid, report.flatten(["name", "message"])
    fields = [field for resource in package.resources if resource.tabular for field in resource.schema.fields]
    assert fields and all(field.type in ("string", "integer", "number", "year", "date", "boolean") for field in fields)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_shipped_folder_is_described_as_it_is(repo, name):
    folder = repo / "data" / name
    assert json.loads((folder / "datapackage.json").read_text(encoding="utf-8")) == datapackage.describe(folder)


@pytest.mark.parametrize(
    ("row", "column", "error"),
    [
        ("first_row,nowhere,,observed,a,b,1,units,,,q,", "section", "foreign-key"),
        ("first_row,I.1,7,observed,a,b,1,units,,,q,", "domain", "constraint-error"),
        ("first_row,I.1,,guess,a,b,1,units,,,q,", "kind", "constraint-error"),
        ("first_row,I.1,,observed,a,b,1,units,,,,", "quote", "constraint-error"),
    ],
)
def test_frictionless_finds_what_the_contract_forbids(repo, tmp_path, row, column, error):
    folder = shutil.copytree(repo / "data" / "reports" / "tra-vinh-2020", tmp_path / "copy")
    with (folder / "facts.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    datapackage.write(folder)
    report = frictionless.validate(str(folder / "datapackage.json"))
    ((kind, message),) = report.flatten(["type", "message"])
    assert kind == error and f'"{column}"' in message


def test_types_keys_and_references_are_said_in_the_terms_of_the_standard():
    schema = contracts.table_schema(contracts.FORM["target_mapping.csv"], contracts.FORM)
    assert schema["foreignKeys"] == [
        {"fields": "indicator", "reference": {"resource": "indicators", "fields": "indicator"}}
    ]
    rows = contracts.table_schema(contracts.FORM["indicators.csv"], contracts.FORM)
    assert {field["name"]: field["type"] for field in rows["fields"]}["form_row"] == "string"
    facts = contracts.table_schema(contracts.REPORT["facts.csv"], contracts.REPORT)
    assert facts["primaryKey"] == "fact"
    # units_of_measure.csv lies in another folder: the standard knows no key to another package
    assert [key["fields"] for key in facts["foreignKeys"]] == ["section"]
