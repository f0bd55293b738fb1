// The page's own markup: finding, cloning, filling and showing it. All words come from the page's "words" template.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export const clone = id => document.getElementById(id).content.firstElementChild.cloneNode(true);

// What an element says: `fill(card, {day: 'Tuesday'})` writes into every [data-text=day] of the card.
export const fill = (root, texts) => {
  for (const [name, text] of Object.entries(texts))
    for (const place of $$(`[data-text="${name}"]`, root)) place.textContent = text ?? '';
};

export const show = (element, on = true) => { element?.toggleAttribute('hidden', !on); };  // also an svg, which has no property of that name

const words = document.getElementById('words').content;

export const knows = name => $(`[data-word="${name}"]`, words) !== null;

// A sentence of the page with its {blanks} filled.
export const word = (name, blanks = {}) =>
  $(`[data-word="${name}"]`, words).textContent.trim().replace(/\{(\w+)\}/g, (_, blank) => blanks[blank] ?? '');

const plural = new Intl.PluralRules(document.documentElement.lang);

// `count('times', 9)`: "9 times", in the form this language has for 9.
export const count = (name, n) => {
  const form = `${name}-${plural.select(n)}`;
  return word(knows(form) ? form : `${name}-other`, {n});
};

// Tells screen readers what changed, without moving the focus.
export const say = text => { $('#live').textContent = text; };

export const focusOn = element => {
  if (!element.hasAttribute('tabindex') && !element.matches('a, button, input, textarea')) element.tabIndex = -1;
  element.focus();
};

// The address carries the choice, so the way into the other language carries it too.
export const keepLanguageLinks = () => {
  for (const link of $$('[data-language]')) {
    link.search = location.search;
    link.hash = location.hash;
  }
};
keepLanguageLinks();
addEventListener('hashchange', keepLanguageLinks);

// Shows why an answer did not come; resolves when somebody asks to try again. Never more than one is open.
export const askToRetry = reason => new Promise(again => {
  const failure = $('#failure');
  fill(failure, {reason});
  show(failure);
  focusOn(failure);
  $('#retry').onclick = () => { show(failure, false); again(); };
});
