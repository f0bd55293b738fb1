"""What is wrong with an answer, in a sentence for whoever gave it; pages have the same sentences beside the field."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.clinics.records import Words
from chalicelib.kit import text

SENTENCES: dict[str, Words] = {
    "required": {"en": "Answer this question.", "es": "Conteste esta pregunta."},
    "too-few": {"en": "Give more answers here.", "es": "Dé más respuestas aquí."},
    "too-many": {"en": "Give fewer answers here.", "es": "Dé menos respuestas aquí."},
    "too-long": {"en": "Write less here.", "es": "Escriba menos aquí."},
    "too-short": {"en": "Write a little more here.", "es": "Escriba un poco más aquí."},
    "pattern": {"en": "Check how this is written.", "es": "Revise cómo está escrito."},
    "option": {"en": "Choose one of the answers.", "es": "Elija una de las respuestas."},
    "alone": {"en": "This answer does not go with the others.", "es": "Esta respuesta no va con las demás."},
    "unit": {"en": "Choose one of the units.", "es": "Elija una de las unidades."},
    "decimals": {"en": "Use fewer decimals.", "es": "Use menos decimales."},
    "too-small": {"en": "This is too small or too early.", "es": "Es muy poco o muy temprano."},
    "too-large": {"en": "This is too large or too late.", "es": "Es demasiado o muy tarde."},
    "date": {"en": "Give a real date or time.", "es": "Ponga una fecha u hora real."},
    "consent": {"en": "We cannot go on without your yes here.", "es": "No podemos seguir sin su sí aquí."},
    "not-asked": {"en": "This is not asked.", "es": "Esto no se pregunta."},
    "not-yours": {"en": "This is worked out for you.", "es": "Esto se calcula para usted."},
    "unknown": {"en": "The form has no such question.", "es": "El formulario no tiene esa pregunta."},
    "twice": {"en": "This is answered twice.", "es": "Esto está contestado dos veces."},
    "misplaced": {"en": "No answer belongs here.", "es": "Aquí no va ninguna respuesta."},
    "wrong-type": {"en": "This is not an answer to the question.", "es": "Esto no contesta la pregunta."},
    "unreadable": {"en": "We could not read this.", "es": "No pudimos leer esto."},
    "too-deep": {"en": "We could not read this.", "es": "No pudimos leer esto."},
    "no-file": {"en": "This file is not there. Please send it again.", "es": "Este archivo no está. Envíelo otra vez."},
    "wrong-file": {"en": "This is not the file that is asked for here.", "es": "Este no es el archivo que se pide aquí."},
    "file-under-way": {"en": "This file is still being checked.", "es": "Todavía estamos revisando este archivo."},
    "signature": {"en": "Sign here.", "es": "Firme aquí."},
    "returned": {
        "en": "The clinic asks for this again. Change it, or say that it stays.",
        "es": "La clínica pide esto otra vez. Cámbielo o diga que queda así.",
    },
}


def errors(found: Iterable[tuple[str, str]], language: str) -> list[dict[str, str]]:
    """Places and codes as a Problem names them, in the reader's language (BCP 47)."""
    return [{"field": path, "code": code, "detail": text.words(SENTENCES.get(code, {"en": code}), language)} for path, code in found]
