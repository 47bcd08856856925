"""The catalogues of a practice: whole registers, 40,000 drugs, 100,000 codes, and what people type into a search."""

import random

from bare import in_batches, new_user
from calls import call

PRACTITIONER = "bench_physician"
DRUG_SEARCHES = (
    "amox 500 cap",
    "torva 20",
    "metfor 10 tab",
    "gelule prami 5",
    "ramip",
    "5 amlod",
    "comprime sartan 10",
    "omezol",
    "02000123",
    "zzzz",
)
BROAD_SEARCHES = ("a", "mg", "5", "tablet 10 mg", "comprime")
SYLLABLES = (
    "dia",
    "be",
    "te",
    "hyper",
    "ten",
    "sion",
    "ar",
    "thro",
    "se",
    "ne",
    "phri",
    "te",
    "der",
    "ma",
    "gas",
    "tri",
)
CODE_SEARCHES = ("diabe", "hyperten", "arthro gas", "A12.3", "derma", "B5", "tension 4", "nephri")


class Day:
    """What is measured: ``steps[key] = (login, method)``."""

    def __init__(self):
        self.steps = {
            "drugs": (PRACTITIONER, self.search_drugs),
            "broad_drugs": (PRACTITIONER, self.search_broad),
            "codes": (PRACTITIONER, self.search_codes),
        }

    def before(self, _step, _env, _run):
        """Nothing has to be made beforehand."""

    # Data

    def build_register(self, env, code, folder):
        """Load a register."""
        env["medical.register"].load_edition(code, folder)

    def build_copies(self, env, count):
        """Copy the drugs under other codes until there are ``count``, and make the one who searches."""
        fields = env["medical.drug"]._fields.values()
        columns = [field.name for field in fields if field.store and field.column_type and field.name != "id"]
        changed = {"register_kind": "'copy'", "register_code": "register_code || '-' || %(round)s"}
        changed["search_key"] = "search_key || ' ' || %(round)s"
        selected = ", ".join(changed.get(name, name) for name in columns)
        env.cr.execute("SELECT count(*) FROM medical_drug")
        missing, round_ = count - env.cr.fetchone()[0], 0
        while missing > 0:
            round_ += 1
            env.cr.execute(
                f"INSERT INTO medical_drug ({', '.join(columns)}) SELECT {selected} FROM medical_drug "
                "WHERE register_kind <> 'copy' LIMIT %(missing)s",
                {"round": str(round_), "missing": missing},
            )
            missing -= env.cr.rowcount
        new_user(env, PRACTITIONER, "medical_practice.group_practitioner")

    def build_codes(self, env, count):
        """Make a code system of the size of the great ones."""
        dice = random.Random(20260101)
        system = env["medical.code.system"].create({"name": "Bench", "code": "bench"})
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for numbers in in_batches(range(count), 5000):
            env["medical.code"].create(
                [
                    {
                        "system_id": system.id,
                        "code": f"{letters[number % 26]}{number // 26 // 10:03}.{number // 26 % 10}",
                        "display": " ".join("".join(dice.choices(SYLLABLES, k=4)).title() for _word in range(3)),
                    }
                    for number in numbers
                ]
            )
            env.flush_all()
            env.invalidate_all()

    # Steps

    def search_drugs(self, env, run, _given):
        return call(env, "medical.drug", "search_for_prescription", DRUG_SEARCHES[run % len(DRUG_SEARCHES)], limit=12)

    def search_broad(self, env, run, _given):
        return call(env, "medical.drug", "search_for_prescription", BROAD_SEARCHES[run % len(BROAD_SEARCHES)], limit=12)

    def search_codes(self, env, run, _given):
        text = CODE_SEARCHES[run % len(CODE_SEARCHES)]
        return call(env, "medical.code", "name_search", text, operator="ilike", limit=8)
