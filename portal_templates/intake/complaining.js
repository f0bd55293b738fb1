// What is wrong on a page of a form: said above it, and in the same words beside each question.
import {here} from '../shell/api.js';
import {$, $$, clone, focusOn, knows, say, show, word} from '../shell/dom.js';
import {decided, inputsOf, other, rowsOf, today} from './filling.js';
import {answersOf, part} from './reading.js';

const BOUNDS = {'too-small': 'minValue', 'too-large': 'maxValue', 'too-long': 'maxLength', 'too-short': 'minLength', 'too-few': 'minOccurs', 'too-many': 'maxOccurs', decimals: 'maxDecimals'};
const DATED = {'too-small': 'early', 'too-large': 'late'};
const DAY = new Intl.DateTimeFormat(here.tag, {dateStyle: 'long', timeZone: 'UTC'});

// A date as people write it; anything else as it is.
const isDay = value => /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString().startsWith(value);
export const plain = value => (isDay(value) ? DAY.format(new Date(value)) : typeof value === 'number' ? value.toLocaleString(here.tag) : value);

// What a question is called.
export const nameOf = place => {
  const label = ($(':scope > :is(label, legend, .row-name)', place) ?? $('.lead', place.closest('[data-page]')) ?? $('h2', place.closest('[data-page]'))).cloneNode(true);
  for (const each of $$('.optional', label)) each.remove();
  return label.textContent.trim();
};

// Long questions are named by their beginning.
const shortOf = place => {
  const name = nameOf(place), cut = name.slice(0, 60);
  return cut === name ? name : `${cut.slice(0, cut.lastIndexOf(' '))} …`;
};

// What somebody can do about it, where the bare code does not say so.
const plainer = (place, code) => {
  const {item = {}} = place, year = part(place, 'year')?.value.trim();
  if (code === 'date' && /^\d{1,3}$/.test(year)) return 'year';
  if (code === 'pattern' && $(':scope > .hint', place)) return 'written';
  if (code !== 'required') return item.type?.startsWith('date') && DATED[code] ? DATED[code] : code;
  return item.consent && item.required ? 'consent' : place.matches('.signs') ? 'signature' : item.type === 'attachment' ? 'file' : code;
};

// What an answer is held against; of two days, or two years, the earlier one. A year is written without a comma.
const boundOf = ({item = {}}, code) => {
  const bound = item[BOUNDS[code]];
  if (code !== 'too-large' || !item.notAfter) return bound ?? '';
  const [last] = [bound ?? [], item.type === 'integer' ? today().slice(0, 4) : today()].flat().map(String).sort();
  return last;
};

// After a name that ends with a mark of its own there is no colon.
const joined = text => text.replace(/\.: /, ': ').replace(/([?!]): (.)/u, (_, mark, letter) => `${mark} ${letter.toLocaleUpperCase(here.tag)}`);

const wordsOf = ({place, code, detail, name: told}) => {
  const name = `wrong-${place ? plainer(place, code) : code}`, hint = place ? $(':scope > .hint', place)?.textContent.trim() : '';
  const blanks = {name: place ? shortOf(place) : told, hint, n: place ? plain(boundOf(place, code)) : ''};
  return joined(knows(name) ? word(name, blanks) : detail || word('wrong-other', blanks));
};

// What is wrong with single answers of a question that has several.
const wrongRows = place => (place.matches('.q') ? rowsOf(place) : []).flatMap(row => {
  const {item} = row, {linkId} = item, single = {...item, repeats: false, required: false, requiredWhen: null, minOccurs: 0, maxOccurs: 0, when: null, items: []};
  const answer = answersOf(item, row), [code] = row.unread ? [row.unread] : decided([single], [{linkId, answer}], today(), false).get(linkId).complaints;
  return code ? [{place: row, code}] : [];
});

// Of a form that was handed in: consents that may be a No because their signature was taken back, and that signature where no Yes is left
// that it covers (as the server's rules/submitting.py has it).
export const excused = page => {
  const last = new Map((page.view?.evidence ?? []).map(each => [each.path, each])), found = new Set();
  let since = [];
  for (const place of page.view?.status === 'in-progress' ? [] : $$('.q', page.form).filter(each => each.item && !each.closest('[hidden]:not([data-page], #form)'))) {
    const signs = place.matches('.signs'), signed = signs && inputsOf(place)[0].value.trim();
    if (place.item.consent) since.push(place);
    if (last.get(place.path)?.withdrawn && !signed) {
      for (const {path} of since) found.add(path);
      if (!since.some(each => answersOf(each.item, each)[0]?.valueBoolean)) found.add(place.path);
    }
    if (signed || last.has(place.path)) since = [];
  }
  return found;
};

// What is wrong with the questions of a page, in their order.
export const wrongOn = (page, id) => {
  const {decisions} = page.told(true), free = excused(page);
  return $$('.q, .several', page.sectionOf(id)).filter(place => place.path && !place.closest('[hidden]:not([data-page], #form)')).flatMap(place => {
    if (place.sending) return [{place, code: 'sending'}];
    const isFree = each => free.has(place.path) && each === (place.matches('.signs') ? 'required' : 'consent');
    const rows = wrongRows(place), [code] = place.unread ? [place.unread] : (decisions.get(place.path)?.complaints ?? []).filter(each => !isFree(each));
    return rows.length ? rows : code ? [{place, code}] : [];
  });
};

// A question that is being answered again is not called wrong meanwhile.
export const unmark = place => {
  if (!place?.classList.contains('is-wrong')) return;
  place.classList.remove('is-wrong');
  $(':scope > .field-error', place)?.remove();
  for (const input of inputsOf(place)) input.removeAttribute('aria-invalid');
};

export const clear = form => {
  $('.error-summary', form)?.remove();
  for (const place of $$('.is-wrong', form)) unmark(place);
};

const first = (place, code) => (code === 'own' && other(place)) || inputsOf(place).find(each => !each.hidden) || $('input, select, textarea, button:not([hidden])', place);

const mark = (place, text) => {
  const line = document.createElement('p'), before = $(':scope > :is(.hint, label, legend, .row-name)', place);
  line.className = 'field-error';
  line.textContent = text;
  line.id = `${place.path.replace(/\W/g, '-')}-error`;
  place.classList.add('is-wrong');
  if (before) (($(':scope > .hint', place) ?? before)).after(line); else place.prepend(line);
  for (const input of inputsOf(place)) {
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', [$(':scope > .hint', place)?.id, line.id].filter(Boolean).join(' '));
  }
};

// Says all of it: [{place, code, detail}]; what has no place in sight stands above alone, or leads to it (`go`). `later` goes on for now.
export const complain = (form, wrong, later) => {
  clear(form);
  const summary = clone('error-summary');
  for (const each of wrong) {
    const item = document.createElement('li'), text = wordsOf(each), {place, code, go} = each;
    if (place || go) {
      const link = document.createElement('a'), at = place && first(place, code);
      if (place) mark(place, text);
      link.href = `#${at?.id || 'main'}`;
      link.textContent = text;
      link.addEventListener('click', event => { event.preventDefault(); if (go) go(); else focusOn(at); });
      item.append(link);
    } else item.textContent = text;
    $('ul', summary).append(item);
  }
  if (later) {
    const button = clone('later');
    button.addEventListener('click', later);
    $('ul', summary).after(button);
  }
  $('.how-far', form).after(summary);
  summary.focus();
};
