"""What a patient reads on the way to a visit, in both languages of the North."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Names of buttons, links and fields, and what is said when it is done."""

    book_a_visit: str
    service: str
    next_week: str
    continue_: str
    email: str
    send_code: str
    code: str
    given: str
    family: str
    birth: tuple[str, str, str]  # day, month, year
    note: str
    book: str
    booked: str
    calendar: str
    my_visits: str
    cancel: str
    why: str
    yes_cancel: str
    cancelled: str
    cancelled_tag: str
    mail_booked: str
    mail_cancelled: str
    mail_code: str


WORDS = {
    "en": Words(
        book_a_visit="Book a visit",
        service="Doctor visit",
        next_week="Next week",
        continue_="Continue",
        email="Email address",
        send_code="Send me a code",
        code="8-digit code",
        given="First name",
        family="Last name",
        birth=("Day", "Month", "Year"),
        note="Anything the clinic should know?",
        book="Book this visit",
        booked="Your visit is booked",
        calendar="Add to calendar",
        my_visits="My visits",
        cancel="Cancel this visit",
        why="Why are you cancelling?",
        yes_cancel="Yes, cancel it",
        cancelled="This visit is cancelled",
        cancelled_tag="Cancelled",
        mail_booked="Your visit at Harbour Family Clinic is booked",
        mail_cancelled="Your visit at Harbour Family Clinic is cancelled",
        mail_code="Your sign-in code for Harbour Family Clinic",
    ),
    "es": Words(
        book_a_visit="Reservar una cita",
        service="Consulta médica",
        next_week="Semana siguiente",
        continue_="Continuar",
        email="Correo electrónico",
        send_code="Enviarme un código",
        code="Código de 8 dígitos",
        given="Nombre",
        family="Apellidos",
        birth=("Día", "Mes", "Año"),
        note="¿Hay algo que la clínica deba saber?",
        book="Reservar esta cita",
        booked="Su cita está reservada",
        calendar="Añadir al calendario",
        my_visits="Mis citas",
        cancel="Cancelar esta cita",
        why="¿Por qué la cancela?",
        yes_cancel="Sí, cancelarla",
        cancelled="Esta cita está cancelada",
        cancelled_tag="Cancelada",
        mail_booked="Su cita en Harbour Family Clinic está reservada",
        mail_cancelled="Su cita en Harbour Family Clinic está cancelada",
        mail_code="Su código para entrar en Harbour Family Clinic",
    ),
}
