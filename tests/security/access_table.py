"""Who may do what on which model: the table of the design, row by row.

Letters: r read, w write, c create, u unlink. A role that is not named has nothing. Each model has a sample record (see
``test_access_table``); where the answer depends on the record, a second sample with its own row stands under the model.
"""

ROLES = (
    "reception",
    "assistant",
    "practitioner",
    "billing",
    "manager",
    "privacy",
    "employee",
    "admin",
    "portal",
    "portal_other",
    "public",
)

CARE = {"assistant": "rwcu", "practitioner": "rwcu"}
CONFIGURATION = {"reception": "r", "assistant": "r", "practitioner": "r", "manager": "rwcu"}

#: ``{(model, sample): {role: operations}}``
ACCESS = {
    # patient
    ("medical.specialty", "any"): {**CONFIGURATION, "billing": "r", "privacy": "r"},
    ("medical.licence.type", "any"): {**CONFIGURATION, "billing": "r", "privacy": "r"},
    ("medical.practitioner", "any"): {**CONFIGURATION, "billing": "r", "privacy": "r"},
    ("medical.patient", "any"): {"reception": "rwc", "assistant": "rwc", "practitioner": "rwc", "privacy": "r"},
    ("medical.patient.relation", "any"): {
        "reception": "rwcu",
        "assistant": "rwcu",
        "practitioner": "rwcu",
        "privacy": "r",
    },
    ("res.partner", "patient"): {
        "reception": "rwcu",
        "assistant": "rwcu",
        "practitioner": "rwcu",
        "billing": "r",
        "privacy": "r",
        "portal": "r",
    },
    # agenda
    ("medical.room", "any"): CONFIGURATION,
    ("medical.appointment.type", "any"): CONFIGURATION,
    ("calendar.event", "appointment"): {
        "reception": "rwcu",
        "assistant": "rwcu",
        "practitioner": "rwcu",
        "portal": "r",
    },
    # consultation
    ("medical.text.macro", "shared"): {"assistant": "r", "practitioner": "r", "manager": "rwcu"},
    # The form of a specialty is made in the note itself, by the practitioner who needs it.
    ("medical.consultation.type", "any"): {**CONFIGURATION, "practitioner": "rw"},
    ("medical.consultation", "draft"): CARE,
    ("medical.consultation.addendum", "draft"): {"assistant": "r", "practitioner": "rwcu"},
    # record
    ("medical.measurement.type", "any"): {"assistant": "r", "practitioner": "r", "manager": "rwcu"},
    ("medical.measurement.range", "any"): {"assistant": "r", "practitioner": "r", "manager": "rwcu"},
    ("medical.measurement", "any"): CARE,
    ("medical.growth.reference", "any"): {"assistant": "r", "practitioner": "r", "manager": "r"},
    ("medical.condition", "any"): CARE,
    ("medical.allergy", "any"): CARE,
    ("medical.chart.statement", "any"): CARE,
    ("medical.chart.change", "any"): {"assistant": "r", "practitioner": "r"},
    ("medical.treatment", "any"): CARE,
    ("medical.vaccine", "any"): {"assistant": "r", "practitioner": "r", "manager": "rwcu"},
    ("medical.vaccine.dose", "any"): {"assistant": "r", "practitioner": "r", "manager": "rwcu"},
    ("medical.immunization", "any"): CARE,
    ("medical.prevention.rule", "any"): {"assistant": "r", "practitioner": "r", "manager": "rwcu"},
    ("medical.prevention", "any"): CARE,
    ("medical.document.template", "any"): {"assistant": "r", "practitioner": "r", "manager": "rwcu"},
    ("medical.document", "any"): CARE,
    ("medical.document.step", "any"): {"assistant": "r", "practitioner": "r"},
    # prescription
    ("medical.substance", "any"): {"reception": "r", "assistant": "r", "practitioner": "r", "manager": "r"},
    ("medical.drug", "any"): {"reception": "r", "assistant": "r", "practitioner": "r", "manager": "r"},
    ("medical.drug.substance", "any"): {"reception": "r", "assistant": "r", "practitioner": "r", "manager": "r"},
    ("medical.drug.package", "any"): {"reception": "r", "assistant": "r", "practitioner": "r", "manager": "r"},
    ("medical.generic.group", "any"): {"reception": "r", "assistant": "r", "practitioner": "r", "manager": "r"},
    ("medical.dosage.frequency", "any"): CONFIGURATION,
    ("medical.prescription", "draft"): CARE,
    ("medical.prescription", "signed"): {"reception": "r", **CARE, "portal": "r"},
    ("medical.prescription.line", "draft"): CARE,
    ("medical.prescription.line", "signed"): {"reception": "r", **CARE, "portal": "r"},
    ("medical.interaction", "any"): {"assistant": "r", "practitioner": "r", "manager": "r"},
    ("medical.interaction.term", "any"): {"assistant": "r", "practitioner": "r", "manager": "r"},
    ("medical.prescription.alert", "any"): {"assistant": "r", "practitioner": "rw"},
    ("medical.safety.rule", "any"): {"assistant": "r", "practitioner": "rwc", "manager": "rwcu"},
    ("medical.cross.sensitivity", "any"): {"assistant": "r", "practitioner": "rwc", "manager": "rwcu"},
    ("medical.prescription.print", "any"): {"reception": "r", "assistant": "r", "practitioner": "r"},
    ("medical.prescription.template", "shared"): {**CARE, "manager": "r"},
    ("medical.prescription.template.line", "shared"): {**CARE, "manager": "r"},
    # billing
    ("medical.act", "any"): {
        "reception": "rwcu",
        "assistant": "rwcu",
        "practitioner": "rwcu",
        "billing": "rwc",
        "manager": "r",
    },
    ("medical.coverage", "any"): {
        "reception": "rwcu",
        "assistant": "rwcu",
        "practitioner": "rwcu",
        "billing": "rwcu",
        "manager": "r",
    },
    # privacy
    ("medical.access.log", "any"): {"privacy": "r"},
    ("medical.access.log", "own"): {"privacy": "r", "practitioner": "r"},
    ("medical.access.log", "own record"): {"privacy": "r", "portal": "r"},
    ("medical.access.seal", "any"): {"privacy": "r"},
    # catalogue
    ("medical.register", "any"): {"reception": "r", "assistant": "r", "practitioner": "r", "manager": "r"},
    ("medical.register.refusal", "any"): {"manager": "r"},
    ("medical.code.system", "any"): {"assistant": "r", "practitioner": "r", "manager": "r"},
    ("medical.code", "any"): {"assistant": "r", "practitioner": "r", "manager": "r"},
}

#: Samples that are nobody's in particular: official catalogues, and configuration without a practice.
SHARED_BY_ALL_PRACTICES = {
    ("medical.access.seal", "any"),
    ("medical.safety.rule", "any"),
    ("medical.cross.sensitivity", "any"),
    ("medical.specialty", "any"),
    ("medical.licence.type", "any"),
    ("medical.appointment.type", "any"),
    ("medical.consultation.type", "any"),
    ("medical.measurement.type", "any"),
    ("medical.measurement.range", "any"),
    ("medical.growth.reference", "any"),
    ("medical.substance", "any"),
    ("medical.drug", "any"),
    ("medical.drug.substance", "any"),
    ("medical.drug.package", "any"),
    ("medical.generic.group", "any"),
    ("medical.dosage.frequency", "any"),
    ("medical.register", "any"),
    ("medical.register.refusal", "any"),
    ("medical.code.system", "any"),
    ("medical.code", "any"),
    ("medical.interaction", "any"),
    ("medical.interaction.term", "any"),
    ("medical.vaccine", "any"),
    ("medical.vaccine.dose", "any"),
    ("medical.prevention.rule", "any"),
    ("medical.document.template", "any"),
}
