// The questions of a form in its page. Each is an element [data-q] under its link id; where it stands below a group that repeats, once in
// each row, and one with several answers has a row for each. reading.js and writing.js go between them and FHIR.
import {$, $$, show} from '../shell/dom.js';
import {decide} from './rules.js';

let made = 0;

// The day in the clinic.
export const today = () => new Date().toLocaleDateString('sv-SE', {timeZone: $('#form').dataset.zone});

export const placeOf = (root, id) => $(`[data-q="${CSS.escape(id)}"]`, root);
export const rowsOf = place => $$(':scope > .rows-of > .row', place);
// The inputs of a question itself (or of one row of it), not of what is asked below it.
export const inputsOf = place => $$('input, select, textarea', place).filter(each => each.closest('[data-q]') === place.closest('[data-q]'));
export const marks = place => inputsOf(place).filter(({type}) => type === 'radio' || type === 'checkbox');
export const list = place => inputsOf(place).find(each => each.matches('select:not(.is-unit)'));
export const other = place => inputsOf(place).find(each => 'other' in each.dataset);
// Whether somebody answers in words of their own.
export const isOwn = ({options = []}, place) => Boolean(other(place)) && (list(place) ? list(place).selectedIndex > options.length : marks(place).at(-1).checked);

// Another row of a group or a question, ready to be filled.
export const addRow = place => {
  const row = $(':scope > template', place).content.firstElementChild.cloneNode(true);
  $(':scope > .rows-of', place).append(row);
  wire(row);
  return row;
};

// Gives controls what the markup leaves out: ids, names, and what is said of them.
export const wire = root => {
  for (const name of [...(root.matches('.row') ? [root] : []), ...$$('.row', root)].map(row => $('.row-name', row))) {
    name.id = `a${made += 1}`;
    name.parentElement.setAttribute('aria-labelledby', name.id);
  }
  for (const place of [root, ...$$('.q, .row', root)].filter(each => each.matches('.q, .q > .rows-of > .row'))) {
    const name = `a${made += 1}`, hint = $(':scope > .hint', place);
    if (hint) hint.id = `${name}-hint`;
    inputsOf(place).forEach((input, n) => {
      input.id = `${name}-${n}`;
      if (input.type === 'radio') input.name = name;
      const label = input.previousElementSibling?.matches('label') ? input.previousElementSibling : n ? null : $(':scope > label', place);
      if (label) label.htmlFor = input.id;
    });
    if (hint && place.matches('fieldset')) place.setAttribute('aria-describedby', hint.id);
    else if (hint) inputsOf(place)[0].setAttribute('aria-describedby', hint.id);
  }
};

const settleOne = (item, place, path, decisions) => {
  const decided = decisions.get(path), on = Boolean(decided?.enabled), inside = item.items ?? [];
  place.path = path;
  place.item = item;
  show(place, on);
  if (place.matches('.given')) fillGiven(place, decided?.value);
  let grew = false;
  if ($(':scope > template', place)) {
    const group = item.type === 'group', {minOccurs: few = 0, maxOccurs: most = 0} = item;
    while (on && rowsOf(place).length < (group ? Math.min(few, 1) : few || 1)) grew = Boolean(addRow(place));
    const rows = rowsOf(place);
    rows.forEach((row, n) => {
      Object.assign(row, {item, path: `${path}[${n}]`});
      if (group) settle(inside, row, `${row.path}/`, decisions);
      $('.nth', row).textContent = rows.length > 1 ? n + 1 : '';
      $(':scope > [data-remove] .visually-hidden', row).textContent = `: ${$('.row-name', row).textContent.trim()}`;
      show($(':scope > [data-remove]', row), rows.length > (group ? few : few || 1));
    });
    show($(':scope > [data-add]', place), !most || rows.length < most);
    if (group) return grew;
  }
  if (other(place)) show(other(place).parentElement, isOwn(item, place));
  grew = settle(inside, place, `${path}${item.repeats ? '[0]' : ''}/`, decisions) || grew;
  if (item.type === 'group') show(place, on && inside.some(({linkId}) => placeOf(place, linkId)?.hidden === false));
  return grew;
};

const fillGiven = (place, value) => {
  $('output', place).textContent = typeof value === 'number' ? value.toLocaleString(document.documentElement.lang) : value ?? '';
  show(place, value != null && !place.hidden);
};

// Shows what is asked and hides what is not; whether a row has come by it, of which nothing is decided yet.
export const settle = (items, root, path, decisions) => items.map(item => {
  const place = placeOf(root, item.linkId);
  return Boolean(place) && settleOne(item, place, path + item.linkId, decisions);
}).includes(true);

// What is decided of everything, by path.
export const decided = (items, given, today, complete) => new Map(decide(items, given, today, complete).map(each => [each.path, each]));
