// Answers out of the page, as FHIR has them (QuestionnaireResponse.item). What is typed stays in the page even while it is not asked;
// answering.js leaves it out.
import {$, $$} from '../shell/dom.js';
import {inputsOf, isOwn, list, marks, other, placeOf, rowsOf} from './filling.js';

const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

export const part = (place, name) => inputsOf(place).find(each => each.dataset.part === name);
export const isChosen = ({options, type}) => Boolean(options) || type === 'choice' || type === 'open-choice';
// Where a question's answers stand, one by one: its rows where there may be several, else the question itself.
export const holdersOf = place => ($(':scope > .rows-of', place) ? rowsOf(place) : [place]);

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

const minutesAt = (zone, at) => {
  const name = new Intl.DateTimeFormat('en-US', {timeZone: zone, timeZoneName: 'longOffset'}).formatToParts(at).find(({type}) => type === 'timeZoneName').value;
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? ['', '+', 0, 0];
  return (60 * hours + +minutes) * (sign === '-' ? -1 : 1);
};

// How far from UTC the clinic's clocks are then: "-05:00". The first look takes the clock for UTC, and a change may lie in between.
const offsetAt = (day, time) => {
  const {zone} = $('#form').dataset, clock = Date.parse(`${day}T${time}Z`), two = number => String(number).padStart(2, '0');
  const minutes = minutesAt(zone, clock - 60_000 * minutesAt(zone, clock)), far = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(far / 60))}:${two(far % 60)}`;
};

// A day that there is: what there is not, or is typed half, is no answer.
const isDay = (year, month, day) => {
  const at = new Date(Date.UTC(year, month - 1, day));
  return /^[1-9]\d{3}$/.test(year) && /^\d\d?$/.test(month) && /^\d\d?$/.test(day) && at.getUTCMonth() === month - 1 && at.getUTCDate() === +day;
};

const dated = (item, place) => {
  const [year, month, day] = ['year', 'month', 'day'].map(name => part(place, name).value.trim()), clock = part(place, 'time'), time = clock?.value;
  if (clock?.validity.badInput) return 'date';
  if (!year && !month && !day && !time) return [];
  if (!isDay(year, month, day)) return 'date';
  const date = [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-');
  if (item.type === 'date') return [{valueDate: date}];
  return [{valueDateTime: time ? `${date}T${time.slice(0, 5)}:00${offsetAt(date, time)}` : date}];
};

const timed = input => {
  if (input.validity.badInput) return 'time';
  return input.value ? [{valueTime: input.value.length === 5 ? `${input.value}:00` : input.value}] : [];
};

const oneOf = (item, place) => {
  if (item.type === 'attachment') return (place.files ?? []).map(id => ({valueAttachment: {url: `DocumentReference/${id}`}}));
  if (item.type === 'boolean') {
    const [yes, no] = marks(place);
    return yes.checked ? [{valueBoolean: true}] : no?.checked || place.no ? [{valueBoolean: false}] : [];
  }
  if (isChosen(item)) return chosen(item, place);
  if (['integer', 'decimal', 'quantity'].includes(item.type)) return numbered(item, place);
  if (item.type === 'date' || item.type === 'dateTime') return dated(item, place);
  if (item.type === 'time') return timed(inputsOf(place)[0]);
  const text = inputsOf(place)[0].value.trim();
  return text ? [{[item.type === 'url' ? 'valueUri' : 'valueString']: text}] : [];
};

// What a question's controls say, as answers. What cannot be read is none of them: a word for what is wrong is left where it stands.
export const answersOf = (item, place) => holdersOf(place).flatMap(each => {
  const found = oneOf(item, each), isRead = Array.isArray(found);
  each.unread = !isRead ? found : isOwn(item, each) && !other(each).value.trim() ? 'own' : '';
  return isRead ? found : [];
});

const readOne = (item, root) => {
  const place = placeOf(root, item.linkId), {linkId} = item;
  if (!place || item.type === 'display' || place.matches('.given')) return [];
  if (item.type === 'group') {
    if (item.repeats) return rowsOf(place).map(row => ({linkId, item: read(item.items ?? [], row)}));
    const below = read(item.items ?? [], place);
    return below.length ? [{linkId, item: below}] : [];
  }
  const answer = answersOf(item, place), below = answer.length && item.items ? read(item.items, place) : [];
  if (below.length) answer[0].item = below;
  return answer.length ? [{linkId, answer}] : [];
};

// All that stands in the page.
export const read = (items, root) => items.flatMap(item => readOne(item, root));

// What was typed and cannot be read, by place, as [texts of each row]: a half date is no answer, and is not lost for it.
export const unread = form => Object.fromEntries($$('.q', form).filter(({path}) => path)
  .map(place => [place.path, holdersOf(place).filter(each => each.unread).map(each => inputsOf(each).map(({value}) => value))])
  .filter(([, texts]) => texts.length));
