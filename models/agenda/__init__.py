from . import (
    calendar_attendee,
    calendar_event,
    calendar_event_flow,
    calendar_recurrence,
    medical_appointment_type,
    medical_practitioner,
    medical_room,
    resource_calendar_leaves,
    resource_resource,
)
