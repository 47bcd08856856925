"""Small extracts in the format of Health Canada's Drug Product Database, made for the tests."""

import zipfile
from pathlib import Path

HEADERS = {
    "drug": (
        "DRUG_CODE,PRODUCT_CATEGORIZATION,CLASS,DRUG_IDENTIFICATION_NUMBER,BRAND_NAME,DESCRIPTOR,PEDIATRIC_FLAG,"
        "ACCESSION_NUMBER,NUMBER_OF_AIS,LAST_UPDATE_DATE,AI_GROUP_NO,CLASS_F,BRAND_NAME_F,DESCRIPTOR_F"
    ),
    "form": "DRUG_CODE,PHARM_FORM_CODE,PHARMACEUTICAL_FORM,PHARMACEUTICAL_FORM_F",
    "ingred": (
        "DRUG_CODE,ACTIVE_INGREDIENT_CODE,INGREDIENT,INGREDIENT_SUPPLIED_IND,STRENGTH,STRENGTH_UNIT,STRENGTH_TYPE,"
        "DOSAGE_VALUE,BASE,DOSAGE_UNIT,NOTES,INGREDIENT_F,STRENGTH_UNIT_F,STRENGTH_TYPE_F,DOSAGE_UNIT_F"
    ),
    "route": "DRUG_CODE,ROUTE_OF_ADMINISTRATION_CODE,ROUTE_OF_ADMINISTRATION,ROUTE_OF_ADMINISTRATION_F",
    "schedule": "DRUG_CODE,SCHEDULE,SCHEDULE_F",
}


class DpdFiles:
    """An extract in memory: products are added, changed, removed, then written as a folder or a zip file."""

    def __init__(self, suffix=""):
        self.suffix = suffix
        self.tables = {name: [] for name in ("drug", "ingred", "form", "route", "schedule", "ther", "status", "comp")}

    def add(self, code, din, name, ingredients, **more):
        """Add a product. ``ingredients``: (code, English, French, strength, unit) each."""
        tables = self.tables
        updated, kind = more.get("updated", "15-JAN-2026"), more.get("kind", "Human")
        known = [code, "", kind, din, name, "", "N", "1", str(len(ingredients)), updated]
        tables["drug"].append([*known, "1", "Humain", more.get("name_fr", ""), ""])
        for number, english, french, strength, unit in ingredients:
            known = [code, number, english, "I", strength, unit, "", "", "N", "", "", french]
            tables["ingred"].append([*known, unit, "", ""])
        form, form_fr = more.get("form", ("TABLET", "Comprimé"))
        tables["form"].append([code, "85", form, form_fr])
        tables["route"].append([code, "56", *more.get("route", ("ORAL", "Orale"))])
        tables["schedule"].append([code, more.get("schedule", "Prescription"), ""])
        tables["ther"].append([code, more.get("atc", "J01CA04"), more.get("atc_name", "AMOXICILLIN"), ""])
        status = more.get("status", "MARKETED")
        tables["status"].append([code, "Y", status, "01-JAN-2020", "", "", ""])
        owner = [code, "X", "1", more.get("company", "MAISON INC"), "DIN OWNER", "Y", "Y", "Y", "N", "", "1 RUE"]
        tables["comp"].append([*owner, "MONTREAL", "QUEBEC", "CANADA", "H1H 1H1", "", "QUÉBEC", "CANADA"])
        return self

    def remove(self, code):
        """Remove a product from every table."""
        for name, rows in self.tables.items():
            self.tables[name] = [row for row in rows if row[0] != code]
        return self

    def text(self, table, header=False):
        lines = [",".join('"' + value.replace('"', '""') + '"' for value in row) for row in self.tables[table]]
        if header and table in HEADERS:
            lines.insert(0, HEADERS[table])
        return "\n".join(lines) + "\n"

    def write(self, folder, header=False, without=()):  # pylint: disable=method-required-super
        """Write the tables into ``folder`` and return it as text."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for table in self.tables:
            if table not in without:
                Path(folder, f"{table}{self.suffix}.txt").write_text(self.text(table, header), encoding="utf-8")
        return str(folder)

    def zip(self, path, without=()):
        """Write the tables as one zip file and return its bytes."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in self.tables:
                if table not in without:
                    archive.writestr(f"{table}{self.suffix}.txt", self.text(table))
        return Path(path).read_bytes()


def sample():
    """Return an extract of five human products and one for animals."""
    files = DpdFiles()
    amoxicillin = ("1", "AMOXICILLIN (AMOXICILLIN TRIHYDRATE)", "Amoxicilline (Amoxicilline trihydratée)", "500", "MG")
    files.add("100", "00000100", "NOVAMOXIN", [amoxicillin], form=("CAPSULE", "Capsule"))
    files.add(
        "101",
        "00000101",
        "CLAVULIN-400",
        [
            ("1", "AMOXICILLIN (AMOXICILLIN TRIHYDRATE)", "Amoxicilline (Amoxicilline trihydratée)", "400", "MG"),
            ("2", "CLAVULANIC ACID (CLAVULANATE POTASSIUM)", "Acide clavulanique", "57", "MG"),
        ],
        atc="J01CR02",
        atc_name="AMOXICILLIN AND BETA-LACTAMASE INHIBITOR",
    )
    files.add(
        "102",
        "00000102",
        "MS CONTIN",
        [("3", "MORPHINE SULFATE", "Sulfate de morphine", "15", "MG")],
        form=("TABLET (EXTENDED-RELEASE)", "Comprimé (à libération prolongée)"),
        schedule="Narcotic (CDSA I)",
        atc="N02AA01",
        atc_name="MORPHINE",
    )
    files.add(
        "103",
        "00000103",
        "DROPS OF THE EYE",
        [("4", "TIMOLOL (TIMOLOL MALEATE)", "Timolol (Maléate de timolol)", "0.5", "%")],
        name_fr="GOUTTES POUR L'ŒIL",
        form=("SOLUTION", "Solution"),
        route=("OPHTHALMIC", "Ophtalmique"),
    )
    files.add("104", "00000104", "VITAMIN D", [("5", "VITAMIN D", "Vitamine D", "1000", "UNIT")], schedule="OTC")
    files.add("900", "00000900", "DOG PILL", [("6", "PYRANTEL", "Pyrantel", "1", "MG")], kind="Veterinary")
    return files
