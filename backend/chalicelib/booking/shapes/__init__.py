"""What crosses the wire about clinics, times and visits. Labels are worded here, from the instant, never by the page."""

from chalicelib.booking.shapes.clinics import (
    CLINIC,
    CLINICS,
    SERVICES,
    ClinicList,
    ClinicView,
    ServiceList,
    clinic_list,
    clinic_view,
    service_list,
)
from chalicelib.booking.shapes.slots import SEARCH, SlotQuery, SlotSearch, slot_search
from chalicelib.booking.shapes.visits import (
    CANCELLED,
    CANCELLING,
    VISIT,
    VISITS,
    WANTED,
    AppointmentList,
    AppointmentView,
    BookingWanted,
    Cancelling,
    appointment_list,
    appointment_view,
)

__all__ = [
    "CANCELLED",
    "CANCELLING",
    "CLINIC",
    "CLINICS",
    "SEARCH",
    "SERVICES",
    "VISIT",
    "VISITS",
    "WANTED",
    "AppointmentList",
    "AppointmentView",
    "BookingWanted",
    "Cancelling",
    "ClinicList",
    "ClinicView",
    "ServiceList",
    "SlotQuery",
    "SlotSearch",
    "appointment_list",
    "appointment_view",
    "clinic_list",
    "clinic_view",
    "service_list",
    "slot_search",
]
