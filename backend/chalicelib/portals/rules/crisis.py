"""Whom to call about what cannot wait, by ISO 3166 country and the code of a red flag; a country that is not here shows none.

988 is the Suicide and Crisis Lifeline of the United States and of Canada (calls and texts); 116 123 are the Samaritans in the United
Kingdom and Ireland. 1-800-799-7233 is the National Domestic Violence Hotline of the United States, 0808 2000 247 that of England.
Looked up in November 2026: mentalhealthcommission.ca (988), samaritans.org and the Irish press (116 123), refuge.org.uk (0808 2000 247).
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.portals.records import Line

SUICIDE, HOME = "suicidal-thoughts", "unsafe-at-home"
LINES: Mapping[str, Mapping[str, Line]] = {
    "US": {SUICIDE: Line(number="988", texts=True), HOME: Line(number="1-800-799-7233")},
    "CA": {SUICIDE: Line(number="988", texts=True)},
    "GB": {SUICIDE: Line(number="116 123"), HOME: Line(number="0808 2000 247")},
    "IE": {SUICIDE: Line(number="116 123")},
}
