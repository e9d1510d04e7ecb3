"""What columns of tables ask of one another, beyond the contract of each: the rules of rules.csv, and of categories.

A row of rules.csv is one rule: what a cell of `column` in `table` must, with other cells of its row between braces, and
of which rows that is `broken`, an expression of `DataFrame.query` over the columns of the table. All are texts there
but `limit_low` and `limit_high`, which are numbers.
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
    known = [f"{name}.{code}" for name in ("reason", "caveat") for code in codes(name)]
    form_rows = tables["indicators"]["form_row"] if "indicators" in tables else ()
    names, wrong = {"known": known, "form_rows": form_rows}, []
    for table, column, must, broken in (rule.values() for rule in packaged("load/rules.csv")):
        rows = tables.get(table, pd.DataFrame())
        if len(rows):
            limits = {name: pd.to_numeric(rows[name]) for name in ("limit_low", "limit_high") if name in rows}
            found = rows.assign(**limits).query(broken, engine="python", local_dict=names)
            for place in found.index.tolist():
                cell, told = f"{table}.csv, row {place + 2}, column {column}", must.format_map(rows.loc[place])
                wrong.append(f"{cell}: must {told}; found {rows[column][place]!r}")
    refuse(wrong, where=str(where), fix="correct the cells named")


def check_categories(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """No two categories of a row are known by one word; target_mapping.csv names those there are.

    Raises ReformError with every word and category that is wrong.
    """
    wrong, declared = [], set()
    said: dict[tuple[str, str], str] = {}
    for place, row in enumerate(records(tables["categories"]), start=2):
        indicator, category = row["indicator"], row["category"]
        declared.add((indicator, category))
        wrong += [
            f"categories.csv, row {place}, column words: {word!r} stands for {first} of {indicator} already"
            for word in map(str.casefold, distinct(*row["words"].split(";"), row["name_vi"]))
            for first in [said.setdefault((indicator, word), category)]
            if first != category
        ]
    wrong += [
        f"target_mapping.csv, row {place}, column level: {category!r} is no category of {row['indicator']}"
        for place, row in enumerate(records(tables["target_mapping"]), start=2)
        for category in filter(None, row["level"].split("+"))
        if (row["indicator"], category) not in declared
    ]
    refuse(wrong, where=str(folder), expected="rows of categories.csv", fix="correct the cells")
