"""What columns of tables ask of one another, beyond the contract of each: the rules of rules.csv, and of categories.

A row of rules.csv is one rule: what a cell of `column` in `table` must, and of which rows that is `broken`, an
expression of `DataFrame.query` over its columns; `limit_low` and `limit_high` are numbers, all others texts.
"""

from pathlib import Path

import pandas as pd

from reformlib.errors import refuse
from reformlib.load.codes import codes
from reformlib.load.rows import distinct, records
from reformlib.paths import packaged


def check_rules(where: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Hold tables as they were read, by name, against the rules of rules.csv; those of one that is not there wait.

    Raises ReformError naming file, row, column, rule and value of everything that is wrong.
    """
    known, wrong = [f"{name}.{code}" for name in ("reason", "caveat") for code in codes(name)], []
    for table, column, must, broken in (rule.values() for rule in packaged("load/rules.csv")):
        rows = tables.get(table, pd.DataFrame())
        if len(rows):
            limits = {name: pd.to_numeric(rows[name]) for name in ("limit_low", "limit_high") if name in rows}
            found = rows.assign(**limits).query(broken, engine="python", local_dict={"known": known})
            wrong += [
                f"{table}.csv, row {place + 2}, column {column}: must {must}; found {rows[column][place]!r}"
                for place in found.index.tolist()
            ]
    refuse(wrong, where=str(where), fix="correct the cells named")


def check_categories(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """A category is declared once, by words that no other of its row has; target_mapping.csv names declared ones.

    All categories of an indicator stand in rows of their own or none does, each in one that no other row has.
    """
    wrong, declared, taken = [], set(), set(tables["indicators"]["form_row"])
    in_rows: dict[str, bool] = {}
    said: dict[tuple[str, str], str] = {}
    for place, row in enumerate(records(tables["categories"]), start=2):
        where, number = f"categories.csv, row {place}", row["form_row"]
        indicator, category, in_row = row["indicator"], row["category"], f"{where}, column form_row"
        if (indicator, category) in declared:
            wrong.append(f"{where}: category {category} of {indicator} stands twice")
        if in_rows.setdefault(indicator, bool(number)) != bool(number):
            wrong.append(f"{in_row}: all categories of {indicator} have a row of their own, or none has")
        if number and number in taken:
            wrong.append(f"{in_row}: row {number} stands in the form twice")
        wrong += [
            f"{where}, column words: {word!r} stands for {first} of {indicator} already"
            for word in map(str.casefold, distinct(*row["words"].split(";"), row["name_vi"]))
            for first in [said.setdefault((indicator, word), category)]
            if first != category
        ]
        declared.add((indicator, category))
        taken.add(number)
    wrong += [
        f"target_mapping.csv, row {place}, column level: {category!r} is no category of {row['indicator']}"
        for place, row in enumerate(records(tables["target_mapping"]), start=2)
        for category in filter(None, row["level"].split("+"))
        if (row["indicator"], category) not in declared
    ]
    refuse(wrong, where=str(folder), expected="rows of categories.csv", fix="correct the cells")
