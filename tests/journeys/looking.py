"""What a page must be for everybody's eyes and hands, asked of the page itself. Each answer is a list of faults."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# WCAG 1.4.12: a page must bear these without losing anything.
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }"
APPLY = "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }"
NAME = "const name = e => `<${e.tagName.toLowerCase()} id=${e.id} class=${e.className.baseVal ?? e.className}> ${e.textContent.trim().slice(0, 40)}`;"

TOO_WIDE = f"""() => {{
  {NAME}
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const scrolls = e => e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
  return [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > room + 1 && !scrolls(e.parentElement)).map(name);
}}"""

# Text that leaves the box which cuts it off, or the box whose ground or border it stands on.
CLIPPED = f"""() => {{
  {NAME}
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  const boxed = style => parseFloat(style.borderTopWidth) > 0 || (style.backgroundColor !== 'rgba(0, 0, 0, 0)');
  while (walker.nextNode()) {{
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || !parent.checkVisibility() || parent.closest('.visually-hidden, .on-wide, .skip-link, template, dialog:not([open])')) continue;
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    for (let e = parent; e && e !== document.body; e = e.parentElement) {{
      const style = getComputedStyle(e), box = e.getBoundingClientRect();
      if (style.display === 'inline' || style.display === 'contents') continue;
      const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY), cuts = style.overflowX !== 'visible';
      if (scrolls) break;
      const outside = text.left < box.left - 1 || text.right > box.right + 1 || text.top < box.top - 1 || text.bottom > box.bottom + 1;
      if ((cuts || boxed(style)) && outside) {{ found.push(name(parent)); break; }}
      if (boxed(style)) break;
    }}
  }}
  return found;
}}"""

# WCAG 2.5.8: 24 by 24 pixels, links in running text aside.
TOO_SMALL = f"""() => {{
  {NAME}
  const spread = e => getComputedStyle(e, '::after').position === 'absolute' && getComputedStyle(e, '::after').content !== 'none';
  const target = e => (e.matches('input[type=radio], input[type=checkbox]') ? e.closest('label') : spread(e) ? e.offsetParent : e);
  const running = e => e.matches('a') && getComputedStyle(e).display === 'inline' && e.parentElement.textContent.trim() !== e.textContent.trim();
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(e => e.checkVisibility() && !e.matches('.skip-link') && !running(e))
    .map(e => [e, target(e).getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([e, box]) => `${{Math.round(box.width)}}x${{Math.round(box.height)}} ${{name(e)}}`);
}}"""

# With the system's own colours: what can be pressed or filled in has an outline, and what is chosen looks chosen.
UNMARKED = f"""() => {{
  {NAME}
  const bordered = e => ['Top', 'Bottom'].every(side => parseFloat(getComputedStyle(e)[`border${{side}}Width`]) >= 1);
  const plain = [...document.querySelectorAll('.button, .input, .round-button, .pick, .slot > span, .day:not(.is-closed) > span:not(.skeleton)')]
    .filter(e => e.checkVisibility() && !bordered(e) && !e.matches('.skeleton'));
  const chosen = [...document.querySelectorAll('input:checked + span')]
    .filter(e => e.checkVisibility() && getComputedStyle(e).outlineStyle === 'none');
  return [...plain, ...chosen].map(name);
}}"""

MOVING = "() => document.getAnimations().filter(a => a.playState === 'running').map(a => a.animationName ?? a.transitionProperty)"


def axe(page: Page, *rules: str) -> list[str]:
    """What axe finds; only by these rules if any are named. Not in frames: a mail is looked at as a page of its own."""
    options: dict[str, Any] = {"resultTypes": ["violations"], "iframes": False} | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [f"{violation['id']}: {node['html'][:120]} {node['failureSummary']}" for violation in found for node in violation["nodes"]]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return list(page.evaluate(TOO_WIDE))


def clipped(page: Page) -> list[str]:
    """Text that is cut off, or hangs out of its box."""
    return list(page.evaluate(CLIPPED))


def too_small(page: Page) -> list[str]:
    """Controls that are hard to hit."""
    return list(page.evaluate(TOO_SMALL))


def unmarked(page: Page) -> list[str]:
    """With forced colours: controls that look like text, choices that look like the rest."""
    return list(page.evaluate(UNMARKED))


def moving(page: Page) -> list[str]:
    """What moves."""
    return list(page.evaluate(MOVING))


def space_out(page: Page, css: str = SPACING) -> None:
    """The reader's own spacing; an empty text takes it away again."""
    page.evaluate(APPLY, css)
