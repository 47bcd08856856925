{
    "name": "Medical Practice: Podiatry",
    "version": "19.0.1.0.0",
    "summary": "Example of a specialty added to Medical Practice by another addon",
    "category": "Services/Medical Practice",
    "author": "Medical Practice contributors",
    "license": "LGPL-3",
    "depends": ["medical_practice"],
    "data": [
        "data/medical_consultation_type_data.xml",
        "report/medical_prescription_templates.xml",
        "views/medical_patient_views.xml",
    ],
}
