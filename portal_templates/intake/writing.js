// Answers put into the page: those of a draft that goes on, those offered from before, those of another device.
import {$, $$} from '../shell/dom.js';
import {addRow, inputsOf, list, marks, other, placeOf, rowsOf} from './filling.js';
import {answersOf, isChosen, isOption, part} from './reading.js';

const putParts = (place, texts) => { for (const [name, text] of Object.entries(texts)) if (part(place, name)) part(place, name).value = text ?? ''; };

const choose = (item, place, answers) => {
  const options = item.options ?? [], own = answers.find(answer => !options.some(option => isOption(option, answer)));
  const taken = options.map(option => answers.some(answer => isOption(option, answer)));
  if (list(place)) list(place).selectedIndex = taken.indexOf(true) + 1 || (own && other(place) ? options.length + 1 : 0);
  marks(place).forEach((mark, n) => { mark.checked = taken[n] ?? Boolean(own); });
  if (other(place)) other(place).value = own?.valueString ?? '';
};

const put = (item, place, answers) => {
  const [first = {}] = answers;
  if (item.type === 'attachment') place.files = answers.map(({valueAttachment: {url}}) => url.split('/').pop());
  else if (item.type === 'boolean') {
    marks(place).forEach((mark, n) => { mark.checked = first.valueBoolean === (n === 0); });
    place.no = marks(place).length === 1 && first.valueBoolean === false;   // a box that is not ticked may be a No, or no answer
  }
  else if (isChosen(item)) choose(item, place, answers);
  else if (item.type === 'quantity') {
    inputsOf(place)[0].value = first.valueQuantity?.value ?? '';
    if (first.valueQuantity && $('.is-unit', place)) $('.is-unit', place).value = first.valueQuantity.code ?? first.valueQuantity.unit;
  } else if (item.type === 'date' || item.type === 'dateTime') {
    const [date = '', time = ''] = (first.valueDate ?? first.valueDateTime ?? '').split('T'), [year, month, day] = date.split('-');
    putParts(place, {year, month, day, time: time.slice(0, 5)});
  } else inputsOf(place)[0].value = Object.values(first).find(each => typeof each !== 'object') ?? '';
};

// As many rows as are wanted. Those that are there stay, and with them the focus: the row in which somebody is does not go.
const fit = (place, wanted) => {
  for (let n = rowsOf(place).length; n < wanted; n += 1) addRow(place);
  for (const row of rowsOf(place).slice(wanted)) if (!row.contains(document.activeElement)) row.remove();
  return rowsOf(place);
};

const putAll = (item, place, answers) => {
  if (!$(':scope > .rows-of', place)) return put(item, place, answers);
  fit(place, answers.length).forEach((row, n) => put(item, row, answers.slice(n, n + 1)));
};

const writeOne = (item, root, given) => {
  const place = placeOf(root, item.linkId), found = given.filter(each => each.linkId === item.linkId);
  if (!place || item.type === 'display' || place.matches('.given')) return;
  if (item.type === 'group' && item.repeats) fit(place, found.length).forEach((row, n) => write(item.items ?? [], row, found[n]?.item ?? []));
  else if (item.type === 'group') write(item.items ?? [], place, found[0]?.item ?? []);
  else {
    const answers = found[0]?.answer ?? [];
    putAll(item, place, answers);
    write(item.items ?? [], place, answers[0]?.item ?? []);
  }
};

// Puts answers into the page; what is not among them is emptied.
export const write = (items, root, given) => { for (const item of items) writeOne(item, root, given); };

// What could not be read, put back as it was typed: where there is no answer now, or in rows after those that there are.
export const retype = (form, typed) => {
  for (const place of $$('.q', form)) {
    const texts = typed[place.path] ?? [], there = place.item ? answersOf(place.item, place).length : 0, several = $(':scope > .rows-of', place);
    if (!texts.length || (there && !several)) continue;
    const holders = several ? fit(place, there + texts.length).slice(there) : [place];
    holders.forEach((row, n) => inputsOf(row).forEach((input, at) => { input.value = texts[n]?.[at] ?? ''; }));
  }
};
