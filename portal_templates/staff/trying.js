// Trying a draft: its questions as plain fields, and what the clinic would say of the answers. Comes when it is wanted.
import {$, $$, clone, fill, focusOn, knows, say, show, word} from '../shell/dom.js';
import {clear, onSubmit} from '../shell/form.js';
import {spoken} from './fhir_words.js';
import {work} from './frame.js';

const dialog = $('#trying'), form = $('#try-form');
const INPUTS = {integer: 'number', decimal: 'number', quantity: 'number', date: 'date', time: 'time', dateTime: 'datetime-local', url: 'url'};
let items, address, asked = 0;

const made = (tag, text = '', about = {}) => Object.assign(document.createElement(tag), {textContent: text}, about);

const select = options => {
  const list = made('select', '', {className: 'input'});
  list.append(made('option', word('nothing'), {value: ''}), ...options.map(([value, text]) => made('option', text, {value})));
  return list;
};
const named = option => spoken(option.text) || String(option.value).replace(/^.*\|/, '');
const boxes = item => {
  const list = made('div', '', {className: 'options'});
  list.append(...(item.options ?? []).map((option, n) => {
    const label = made('label', '', {className: 'option'});
    label.append(made('input', '', {type: 'checkbox', value: n, className: 'box'}), made('span', named(option)));
    return label;
  }));
  return list;
};

const isReckoned = item => item.hidden || item.readOnly || item.calculated;
const isChoice = item => item.type === 'choice' || item.type === 'open-choice';

const control = item => {
  if (item.type === 'boolean') return select([['true', word('yes')], ['false', word('no')]]);
  if (isChoice(item) && item.repeats) return boxes(item);
  if (isChoice(item)) return select((item.options ?? []).map((option, n) => [n, named(option)]));
  if (item.type === 'text') return made('textarea', '', {className: 'input', rows: 2});
  return made('input', '', {className: 'input', type: INPUTS[item.type] ?? 'text', step: item.type === 'integer' ? 1 : 'any'});
};

const drawQuestion = (item, path) => {
  const many = isChoice(item) && item.repeats, field = made(many ? 'fieldset' : 'div', '', {className: 'field'});
  const label = made(many ? 'legend' : 'label', spoken(item.text) || item.linkId), error = made('p', '', {className: 'field-error', hidden: true, id: `error-${asked}`});
  field.append(label, error);
  if (item.type === 'attachment') field.append(made('p', word('untried'), {className: 'hint'}));
  else {
    const input = control(item);
    input.id = `try-${asked}`;
    input.setAttribute('aria-describedby', error.id);
    if (!many) label.htmlFor = input.id;
    field.append(input);
  }
  asked += 1;
  if (item.items) field.append(drawAll(item.items, belowOf(item, path)));
  return field;
};

const belowOf = (item, path) => (item.repeats ? `${path}[0]/` : `${path}/`);

const drawOne = (item, path) => {
  let place;
  if (item.type === 'display') place = made('p', spoken(item.text), {className: 'dim'});
  else if (isReckoned(item)) place = made('p', '', {className: 'dim'});
  else if (item.type === 'group') {
    place = made('fieldset', '', {className: 'form group-tried'});
    place.append(made('legend', spoken(item.text)), drawAll(item.items ?? [], belowOf(item, path)));
  } else place = drawQuestion(item, path);
  place.dataset.path = path;
  return place;
};
const drawAll = (list, below) => {
  const all = made('div', '', {className: 'form'});
  all.append(...list.map(item => drawOne(item, `${below}${item.linkId}`)));
  return all;
};

const coded = value => {
  const [system, code] = value.split('|');
  return {...(system && {system}), code};
};
const ofOption = ({kind, value}) => ({[`value${kind ?? 'Coding'}`]: (kind ?? 'Coding') === 'Coding' ? coded(value) : value});
const KINDS = {decimal: 'Decimal', integer: 'Integer', date: 'Date', dateTime: 'DateTime', time: 'Time', url: 'Uri'};

const typed = (item, input) => {
  const text = input.value.trim();
  if (!text) return [];
  if (item.type === 'boolean') return [{valueBoolean: text === 'true'}];
  if (isChoice(item)) return [ofOption(item.options[text])];
  if (item.type === 'quantity') return [{valueQuantity: {value: Number(text), unit: item.unit ?? item.units?.[0] ?? ''}}];
  if (INPUTS[item.type] === 'number') return [{[`value${KINDS[item.type]}`]: Number(text)}];
  const value = item.type === 'time' ? `${text}:00`.slice(0, 8) : item.type === 'dateTime' ? new Date(text).toISOString() : text;
  return [{[`value${KINDS[item.type] ?? 'String'}`]: value}];
};
const answersOf = (item, place) => {
  if (item.type === 'attachment') return [];
  if (isChoice(item) && item.repeats) return $$(':scope > .options .box:checked', place).map(box => ofOption(item.options[box.value]));
  return typed(item, $(':scope > .input', place));
};

// The answers as FHIR has them, of what is asked.
const given = (list, root, above = '') => list.flatMap(item => {
  const path = `${above}${item.linkId}`, place = [...root.children].find(each => each.dataset.path === path);
  if (!place || place.hidden || item.type === 'display' || isReckoned(item)) return [];
  const below = $(':scope > .form', place), within = below && item.items ? given(item.items, below, belowOf(item, path)) : [];
  if (item.type === 'group') return within.length ? [{linkId: item.linkId, item: within}] : [];
  const answer = answersOf(item, place);
  if (answer.length && within.length) answer[0].item = within;
  return answer.length ? [{linkId: item.linkId, answer}] : [];
});

const placeOf = path => $$('[data-path]', form).find(each => each.dataset.path === path);
const sentence = code => word(knows(`code-${code}`) ? `code-${code}` : 'code-other');

const showDecision = ({path, enabled, value, complaints}, complete) => {
  const place = placeOf(path);
  if (!place) return;
  show(place, enabled && (value !== null || !place.matches('p:empty')));
  if (value !== null && place.matches('p')) place.textContent = `${path.replace(/^.*\//, '')}: ${value}`;
  const error = $(':scope > .field-error', place), wrong = complete && complaints.length > 0;
  if (!error) return;
  place.classList.toggle('is-wrong', wrong);
  error.textContent = wrong ? sentence(complaints[0]) : '';
  show(error, wrong);
  $(':scope > .input', place)?.setAttribute('aria-invalid', wrong);
};

const askedAt = path => $('label, legend', placeOf(path) ?? form)?.textContent ?? path;

const showOutcome = ({decisions, refused, scores, flags}) => {
  const wrong = decisions.filter(each => each.complaints.length), told = [word(wrong.length || refused.length ? 'wrong' : 'fine')];
  told.push(...wrong.map(({path, complaints}) => `${askedAt(path)} ${sentence(complaints[0])}`));
  told.push(...refused.map(({path}) => `${path}: ${sentence('')}`));
  told.push(...scores.map(score => word('score', score)), ...flags.map(flag => word('flag', flag)));
  $('#outcomes').replaceChildren(...told.map(text => made('li', text)));
  show($('#outcome'));
  focusOn($('#outcome'));
  say(told[0]);
};

// Asks until nothing more is hidden or shown: what is not asked any more is not sent either.
const look = async complete => {
  const told = await work(address, {send: {item: given(items, $('#questions > .form')), complete}});
  for (const each of told.decisions) showDecision(each, complete);
  return told;
};

let latest = 0;
const follow = async () => {
  const mine = latest += 1;
  const told = await work(address, {send: {item: given(items, $('#questions > .form')), complete: false}}).catch(() => null);
  if (mine === latest) for (const each of told?.decisions ?? []) showDecision(each, false);
};

export const open = async preview => {
  address = preview;
  asked = 0;
  clear(form);
  show($('#outcome'), false);
  const told = await work(address, {send: {item: [], complete: false}});
  items = told.form.items ?? [];
  $('#questions').replaceChildren(drawAll(items, ''));
  for (const each of told.decisions) showDecision(each, false);
  dialog.showModal();
  focusOn($('#trying-title'));
};

$('#questions').addEventListener('change', follow);
onSubmit(form, async () => {
  await look(false);
  showOutcome(await look(true));
});
$('#try-no').addEventListener('click', () => dialog.close());
