"""Our own words around the answers of a form, in the languages of the portal; the form brings its own."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.clinics.records import Words
from chalicelib.kit import text

WORDS: Mapping[str, Words] = {
    "yes": {"en": "Yes", "es": "Sí"},
    "no": {"en": "No", "es": "No"},
    "page-of": {"en": "{}, page {}", "es": "{}, página {}"},
    "banded": {"en": "{}: {} of {}, {}", "es": "{}: {} de {}, {}"},
    "call-patient": {"en": "The patient", "es": "Paciente"},
    "flag-then": {"en": "Answered {}", "es": "Respondido: {}"},
    "flag-gone": {"en": "Answered {}, and otherwise since", "es": "Respondido: {}; después, de otro modo"},
    "flag-seen": {"en": "Answered {}, seen {}", "es": "Respondido: {}; visto: {}"},
    "flag-seen-by": {"en": "Answered {}, seen {} by {}", "es": "Respondido: {}; visto: {} por {}"},
    "handed-in": {"en": "Handed in {}, version {} of the form", "es": "Entregado: {}, versión {} del formulario"},
    "begun": {"en": "Begun, and last changed {}", "es": "Empezado; último cambio: {}"},
    "signed-on": {"en": "{} · words in {}", "es": "{} · palabras en {}"},
    "number": {"en": "Number {}", "es": "Número {}"},
    "no-number": {"en": "No telephone number of the patient is known", "es": "No se conoce el teléfono del paciente"},
    "emergency": {"en": "In an emergency: {}", "es": "En una emergencia: {}"},
    "may-talk": {"en": "may be told of the patient’s health", "es": "puede recibir información de salud"},
    "may-not-talk": {"en": "may not be told of the patient’s health", "es": "no puede recibir información de salud"},
    "file": {"en": "A file, number {}", "es": "Un archivo, número {}"},
    "words": {"en": "the words", "es": "las palabras"},
    "page-title": {"en": "the title of the page", "es": "el título de la página"},
    "title": {"en": "the title of the form", "es": "el título del formulario"},
    "description": {"en": "what it is for", "es": "para qué sirve"},
    "one-answer": {"en": "1 answer", "es": "1 respuesta"},
    "some-answers": {"en": "{} answers", "es": "{} respuestas"},
    "no-words": {"en": "Not in {}: {}.", "es": "No está en {}: {}."},
    "no-language": {"en": "Nothing of this form is in {}.", "es": "Nada de este formulario está en {}."},
    "every-visit": {"en": "every visit", "es": "todas las visitas"},
    "asked-at": {"en": "Asked at: {}; {}.", "es": "Se pide en: {}; {}."},
    "asked-once": {"en": "once is enough", "es": "con una vez basta"},
    "asked-again": {"en": "again after {} days", "es": "de nuevo a los {} días"},
    "asked-after": {"en": "Only of patients who have filled in {} before.", "es": "Solo a pacientes que ya llenaron {}."},
    "asked-nowhere": {
        "en": "Not asked at any visit yet. For that, “{}” must stand among the clinic’s forms in app.json; who runs the portal can add it.",
        "es": "Todavía no se pide en ninguna visita. Para eso, «{}» debe estar entre los formularios de la clínica en app.json; "
        "puede agregarlo quien administra el portal.",
    },
    "place": {"en": "Place", "es": "Lugar"},
    "question": {"en": "Question", "es": "Pregunta"},
    "answer": {"en": "Answer", "es": "Respuesta"},
    "unanswered": {"en": "No answer", "es": "Sin respuesta"},
    "version": {"en": "Version {}", "es": "Versión {}"},
    "patient": {"en": "Patient: {}", "es": "Paciente: {}"},
    "born": {"en": "Date of birth: {}", "es": "Fecha de nacimiento: {}"},
    "edition": {"en": "Handed in on {}, edition {}", "es": "Entregado el {}, edición {}"},
    "draft": {"en": "A draft of {}: not handed in yet", "es": "Un borrador del {}: todavía no se entregó"},
    "answers": {"en": "Answers", "es": "Respuestas"},
    "scores": {"en": "Scores", "es": "Puntuaciones"},
    "score": {"en": "{}: {} of {}", "es": "{}: {} de {}"},
    "unfinished": {"en": "not all of it was answered", "es": "no se respondió todo"},
    "signatures": {"en": "Signatures", "es": "Firmas"},
    "typed": {"en": "{} signed by typing their name", "es": "{} firmó escribiendo su nombre"},
    "drawn": {"en": "{} signed by drawing their name", "es": "{} firmó dibujando su nombre"},
    "drawing": {"en": "The name as {} drew it", "es": "El nombre tal como lo dibujó {}"},
    "when": {"en": "When: {}", "es": "Cuándo: {}"},
    "language": {"en": "Language of the words that were signed: {}", "es": "Idioma de las palabras que se firmaron: {}"},
    "form": {"en": "Form: {}", "es": "Formulario: {}"},
    "sha256": {"en": "SHA-256 of the words that were signed: {}", "es": "SHA-256 de las palabras que se firmaron: {}"},
    "identity": {"en": "Identity: {}", "es": "Identidad: {}"},
    "unproved": {"en": "not checked", "es": "no comprobada"},
    "code": {"en": "signed in with a code sent to their e-mail address", "es": "entró con un código enviado a su correo electrónico"},
    "passkey": {"en": "signed in with a passkey", "es": "entró con una llave de acceso"},
    "totp": {"en": "signed in with an authenticator app's code", "es": "entró con el código de una aplicación de autenticación"},
    "kiosk": {"en": "checked by staff at the clinic", "es": "comprobada por el personal en la clínica"},
    "withdrawn": {"en": "Withdrawn on {}", "es": "Retirada el {}"},
    "lacking": {
        "en": "Some letters are not in this copy's font and stand here by their numbers in Unicode, as in [U+4E2D].",
        "es": "Algunas letras no están en la fuente de esta copia y aparecen aquí con su número de Unicode, como en [U+4E2D].",
    },
    "foot": {"en": "{} · page {} of {}", "es": "{} · página {} de {}"},
    "english": {"en": "English", "es": "inglés"},
    "spanish": {"en": "Spanish", "es": "español"},
    "minimal": {"en": "minimal", "es": "mínima"},
    "mild": {"en": "mild", "es": "leve"},
    "moderate": {"en": "moderate", "es": "moderada"},
    "moderately-severe": {"en": "moderately severe", "es": "moderadamente grave"},
    "severe": {"en": "severe", "es": "grave"},
    "low": {"en": "low", "es": "baja"},
    "positive-for-women": {"en": "positive for women", "es": "positiva en mujeres"},
    "positive": {"en": "positive", "es": "positiva"},
}
FLAGS: Mapping[str, Words] = {
    "suicidal-thoughts": {"en": "Thoughts of death or of hurting themselves", "es": "Pensamientos de muerte o de hacerse daño"},
    "severe-breathing": {"en": "Trouble breathing", "es": "Dificultad para respirar"},
    "unsafe-at-home": {"en": "Not safe at home", "es": "No se siente a salvo en casa"},
    "urgent-symptoms": {"en": "Symptoms that cannot wait", "es": "Síntomas que no pueden esperar"},
}
TONGUES = {"en": "english", "es": "spanish"}
NAMES = {"phq-9": "PHQ-9", "gad-7": "GAD-7", "audit-c": "AUDIT-C"}  # what clinicians call the instruments


def say(word: str, tag: str) -> str:
    """Words of ours in the reader's language."""
    return text.words(WORDS[word], tag)


def flag(code: str, tag: str) -> str:
    """What an answer that cannot wait may mean; by its code where we have no words for it."""
    return text.words(FLAGS.get(code, {"en": code}), tag)


def language(primary: str, tag: str) -> str:
    """What a language is called; its own tag where we have no name for it."""
    name = TONGUES.get(primary)
    return say(name, tag) if name else primary


def tongue(spoken: str, tag: str) -> str:
    """What a language is called; by its tag where we have no name for it."""
    name = TONGUES.get(spoken.split("-")[0])
    return f"{say(name, tag)} ({spoken})" if name else spoken


def identity(methods: tuple[str, ...], tag: str) -> str:
    """How it was checked who somebody is, by the methods of their session."""
    return ", ".join(say(each, tag) if each in WORDS else each for each in methods) or say("unproved", tag)
