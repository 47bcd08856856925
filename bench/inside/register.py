"""Writes a register in the format of Health Canada's extract, of the size asked for: ``register.py FOLDER COUNT``.

Made up, with the proportions of the real one: products of one to four substances, several routes, long forms, two
languages, several status lines for each product.
"""

import random
import re
import sys
from pathlib import Path

FORMS = (
    ("TABLET", "Comprimé"),
    ("CAPSULE", "Capsule"),
    ("TABLET (EXTENDED-RELEASE)", "Comprimé (à libération prolongée)"),
    ("SOLUTION", "Solution"),
    ("CREAM", "Crème"),
    ("POWDER FOR SUSPENSION", "Poudre pour suspension"),
    ("SPRAY, METERED DOSE", "Vaporisateur (dose mesurée)"),
)
ROUTES = (("ORAL", "Orale"), ("TOPICAL", "Topique"), ("INTRAVENOUS", "Intraveineuse"), ("NASAL", "Nasale"))
SCHEDULES = ("Prescription",) * 14 + ("OTC",) * 4 + ("Narcotic (CDSA I)", "Targeted (CDSA IV)")
SYLLABLES = re.findall("..", "amlodipineramiprilsartanoxicilinmetforcefatrovastaomezolpantopra")
HOUSES = ("APOTEX INC", "PHARMASCIENCE INC", "TEVA CANADA LIMITED", "SANDOZ CANADA INC", "JAMP PHARMA CORPORATION")
STATES = (("Y", "MARKETED", "COMMERCIALISÉ"), ("N", "APPROVED", "APPROUVÉ"))


def write(folder, count):
    """Write the tables of ``count`` products into ``folder``."""
    dice = random.Random(20260101)
    names = ["".join(dice.choices(SYLLABLES, k=dice.randint(3, 5))).upper() for _substance in range(max(count // 5, 1))]
    substances = [(str(1000 + number), f"{name} ({name} HYDROCHLORIDE)") for number, name in enumerate(names)]
    tables = {}

    def add(table, *values):
        tables.setdefault(table, []).append(",".join(f'"{value}"' for value in values))

    for number in range(count):
        code, din = str(10_000 + number), f"{2_000_000 + number:08}"
        chosen = dice.sample(substances, dice.choices((1, 2, 3, 4), (78, 14, 5, 3))[0])
        house, form = dice.choice(HOUSES), dice.choice(FORMS)
        brand = f"{house.split()[0]}-{chosen[0][1].split()[0]} {dice.choice((5, 10, 20, 50, 100))}MG"
        add("drug", code, "", "Human", din, brand, "", "N", code, len(chosen), "15-JAN-2026", "1", "Humain", "", "")
        for substance, name in chosen:
            french = f"Chlorhydrate de {name.split()[0].lower()}"
            strength = dice.choice(("5", "10", ".5", "100", "2.50"))
            add("ingred", code, substance, name, "I", strength, "MG", "", "", "N", "", "", french, "MG", "", "")
        add("form", code, "85", *form)
        for route in dice.sample(ROUTES, dice.choices((1, 2), (95, 5))[0]):
            add("route", code, "56", *route)
        add("schedule", code, dice.choice(SCHEDULES), "")
        add("ther", code, f"{dice.choice('ACJNR')}0{dice.randint(1, 9)}AA{dice.randint(1, 60):02}", chosen[0][1], "")
        for current, status, french in STATES:
            add("status", code, current, status, "01-JAN-2020", french, "", "")
        address = ("1 RUE PRINCIPALE", "MONTREAL", "QUEBEC", "CANADA", "H1H 1H1", "", "QUÉBEC", "CANADA")
        add("comp", code, "X1", "1", house, "DIN OWNER", "Y", "Y", "Y", "N", "", *address)
        add("package", code, "", "", "", "", "100", "", "")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for table, lines in tables.items():
        (folder / f"{table}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
