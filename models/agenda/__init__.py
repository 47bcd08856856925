from . import medical_room
from . import medical_appointment_type
from . import calendar_event
from . import calendar_attendee
