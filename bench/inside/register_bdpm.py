"""Writes a register in the format of the BDPM, of the size asked for: ``register_bdpm.py FOLDER COUNT``.

Made up, with the proportions of the real one: salts with their acting part, two packages, a condition of
prescription for most, generic groups of ten.
"""

import random
import sys
from pathlib import Path

from register import SYLLABLES

FORMS = ("comprimé pelliculé", "gélule", "solution injectable", "comprimé sécable", "crème", "suspension buvable")
HOUSES = ("BIOGARAN", "EG LABO", "SANDOZ", "TEVA SANTE", "ARROW GENERIQUES", "MYLAN SAS", "ZENTIVA FRANCE")


def write(folder, count):
    """Write the files of ``count`` specialties into ``folder``."""
    dice = random.Random(20260102)
    names = ["".join(dice.choices(SYLLABLES, k=dice.randint(3, 5))).upper() for _substance in range(max(count // 6, 1))]
    files = {name: [] for name in ("CIS", "CIS_COMPO", "CIS_CIP", "CIS_GENER", "CIS_CPD")}

    def add(file, *values):
        files[file].append("\t".join(map(str, values)))

    for number in range(count):
        cis, place = str(60_000_000 + number), dice.randrange(len(names))
        form, dose, house = dice.choice(FORMS), dice.choice((5, 10, 20, 50, 100, 500)), dice.choice(HOUSES)
        name = f"{names[place]} {house.split()[0]} {dose} mg, {form}"
        known = (cis, name, form, "orale", "Autorisation active", "Procédure nationale", "Commercialisée", "30/12/2016")
        add("CIS", *known, "", "", f" {house}", "Non")
        add("CIS_COMPO", cis, form, 1000 + place, f"CHLORHYDRATE DE {names[place]}", f"{dose},50 mg", "", "SA", 1, "")
        add("CIS_COMPO", cis, form, 9000 + place, names[place], f"{dose},00 mg", "", "FT", 1, "")
        for size in (30, 90):
            cip = f"34009{number:06}{size:02}"
            label = f"plaquette(s) PVC-Aluminium de {size} comprimé(s)"
            sold = ("Présentation active", "Déclaration de commercialisation", "16/03/2011", cip, "oui", "65%")
            add("CIS_CIP", cis, cip[5:12], label, *sold, "11,96", "12,98", "1,02", "")
        add("CIS_GENER", number // 10, f"{names[place]} {dose} mg", cis, 0 if number % 10 == 0 else 1, 1, "")
        if number % 3:
            add("CIS_CPD", cis, "liste I", "")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for file, lines in files.items():
        (folder / f"{file}_bdpm.txt").write_text("\r\n".join(lines) + "\r\n", encoding="cp1252", newline="")


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
