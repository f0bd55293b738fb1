// Answers between the page and FHIR (QuestionnaireResponse.item). A question is an element [data-q] under its link id; where it stands
// below a group that repeats, once in each row. What is typed stays in the page even while it is not asked; answering.js leaves it out.
import {$, $$, show} from '../shell/dom.js';
import {decide} from './rules.js';

const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;
let made = 0;

export const placeOf = (root, id) => $(`[data-q="${CSS.escape(id)}"]`, root);
export const rowsOf = place => $$(':scope > .rows-of > .row', place);
// The inputs of a question itself, not of what is asked below it.
export const inputsOf = place => $$('input, select, textarea', place).filter(each => each.closest('[data-q]') === place);
export const marks = place => inputsOf(place).filter(({type}) => type === 'radio' || type === 'checkbox');
export const list = place => inputsOf(place).find(each => each.matches('select:not(.is-unit)'));
export const other = place => inputsOf(place).find(each => 'other' in each.dataset);
// Whether somebody answers in words of their own.
export const isOwn = ({options = []}, place) => Boolean(other(place)) && (list(place) ? list(place).selectedIndex > options.length : marks(place).at(-1).checked);
export const part = (place, name) => inputsOf(place).find(each => each.dataset.part === name);
export const isChosen = ({options, type}) => Boolean(options) || type === 'choice' || type === 'open-choice';

const coded = ({kind = 'Coding', value = ''}) => {
  if (kind !== 'Coding') return {[`value${kind}`]: value};
  const at = value.lastIndexOf('|');
  return {valueCoding: {...(at > 0 && {system: value.slice(0, at)}), code: value.slice(at + 1)}};
};
export const isOption = (option, answer) => {
  const {valueCoding: coding, ...plain} = answer;
  if ((option.kind ?? 'Coding') === 'Coding') return Boolean(coding) && `${coding.system ?? ''}|${coding.code ?? ''}` === option.value;
  return plain[`value${option.kind}`] === option.value;
};

const chosen = (item, place) => {
  const options = item.options ?? [], select = list(place);
  const numbers = select ? [select.selectedIndex - 1] : marks(place).flatMap(({checked}, n) => (checked ? [n] : []));
  const text = other(place)?.value.trim();
  return numbers.filter(n => n >= 0).flatMap(n => (n < options.length ? [coded(options[n])] : text ? [{valueString: text}] : []));
};

const numbered = (item, place) => {
  const text = inputsOf(place)[0].value.trim().replace(/\s/g, '');
  if (!text) return [];
  const value = NUMBER.test(text) ? Number(text.replace(',', '.')) : NaN;
  if (Number.isNaN(value) || (item.type === 'integer' && !Number.isInteger(value))) return 'number';
  if (item.type !== 'quantity') return [{[item.type === 'integer' ? 'valueInteger' : 'valueDecimal']: value}];
  const code = $('.is-unit', place)?.value ?? item.units?.[0];
  return [{valueQuantity: {value, ...(code && {unit: code, code})}}];
};

// How far from UTC the clinic's clocks are then: "-05:00".
const offsetAt = (day, time) => {
  const zone = {timeZone: $('#form').dataset.zone, timeZoneName: 'longOffset'};
  const name = new Intl.DateTimeFormat('en-US', zone).formatToParts(new Date(`${day}T${time}Z`)).find(each => each.type === 'timeZoneName').value;
  return name.slice(3) || '+00:00';
};

const dated = (item, place) => {
  const [year, month, day] = ['year', 'month', 'day'].map(name => part(place, name).value.trim());
  const time = part(place, 'time')?.value;
  if (!year && !month && !day && !time) return [];
  if (!/^\d{4}$/.test(year) || !/^\d\d?$/.test(month) || !/^\d\d?$/.test(day)) return 'date';
  const date = [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-');
  if (Number.isNaN(Date.parse(date))) return 'date';
  if (item.type === 'date') return [{valueDate: date}];
  return [{valueDateTime: time ? `${date}T${time}:00${offsetAt(date, `${time}:00`)}` : date}];
};

// What a question's controls say, as answers; a word for what is wrong where they cannot be read.
export const answersOf = (item, place) => {
  if (item.type === 'attachment') return (place.files ?? []).map(id => ({valueAttachment: {url: `DocumentReference/${id}`}}));
  if (item.type === 'boolean') {
    const [yes, no] = marks(place);
    return yes.checked ? [{valueBoolean: true}] : no?.checked ? [{valueBoolean: false}] : [];
  }
  if (isChosen(item)) return chosen(item, place);
  if (['integer', 'decimal', 'quantity'].includes(item.type)) return numbered(item, place);
  if (item.type === 'date' || item.type === 'dateTime') return dated(item, place);
  const text = inputsOf(place)[0].value.trim();
  if (item.type === 'time') return text ? [{valueTime: text.length === 5 ? `${text}:00` : text}] : [];
  return text ? [{[item.type === 'url' ? 'valueUri' : 'valueString']: text}] : [];
};

const readOne = (item, root) => {
  const place = placeOf(root, item.linkId), {linkId} = item;
  if (!place || item.type === 'display' || place.matches('.given')) return [];
  if (item.type === 'group') {
    if (item.repeats) return rowsOf(place).map(row => ({linkId, item: read(item.items ?? [], row)}));
    const below = read(item.items ?? [], place);
    return below.length ? [{linkId, item: below}] : [];
  }
  const found = answersOf(item, place), answer = Array.isArray(found) ? found : [];
  place.unread = answer !== found ? found : isOwn(item, place) && !other(place).value.trim() ? 'own' : '';
  const below = answer.length && item.items ? read(item.items, place) : [];
  if (below.length) answer[0].item = below;
  return answer.length ? [{linkId, answer}] : [];
};

// All that stands in the page.
export const read = (items, root) => items.flatMap(item => readOne(item, root));

// Another row of a group, ready to be filled.
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
  for (const place of [...(root.matches('.q') ? [root] : []), ...$$('.q', root)]) {
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
  if (item.type === 'group' && item.repeats) {
    const grew = on && Boolean(item.minOccurs) && !rowsOf(place).length;
    if (grew) addRow(place);
    const rows = rowsOf(place), most = item.maxOccurs ?? 0;
    rows.forEach((row, n) => {
      settle(inside, row, `${path}[${n}]/`, decisions);
      $('.nth', row).textContent = rows.length > 1 ? n + 1 : '';
      $('[data-remove] .visually-hidden', row).textContent = `: ${$('.row-name', row).textContent.trim()}`;
      show($(':scope > [data-remove]', row), rows.length > (item.minOccurs ?? 0));
    });
    show($(':scope > [data-add]', place), !most || rows.length < most);
    return grew;
  }
  if (other(place)) show(other(place).parentElement, isOwn(item, place));
  const grew = settle(inside, place, `${path}${item.repeats ? '[0]' : ''}/`, decisions);
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
